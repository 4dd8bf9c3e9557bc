/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/cut.h"

enum { SIZE = 4, LEAST_BOX = 8 }; /* bytes */
/* Of elements, with their marker bits: RFC 9559, 5.1. */
enum {
    SIMPLE_BLOCK = 0xa3,
    BLOCK_GROUP = 0xa0,
    CLUSTER = 0x1f43b675,
    EBML = 0x1a45dfa3,
    SEGMENT = 0x18538067
};

/* ISO/IEC 14496-12 and 23000-19. */
static bool is_of_fragment(uint32_t type)
{
    static const uint32_t types[] = {MKTAG('m', 'o', 'o', 'f'), MKTAG('m', 'd', 'a', 't'),
                                     MKTAG('s', 'i', 'd', 'x'), MKTAG('s', 't', 'y', 'p'),
                                     MKTAG('e', 'm', 's', 'g'), MKTAG('p', 'r', 'f', 't')};
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
        if (type == types[i])
            return true;
    return false;
}

/* A file is a row of boxes, each behind its size and type (ISO/IEC 14496-12, 4.2). */
bool bt_cut_mp4(AVIOContext *file)
{
    int64_t at = 0, bytes = avio_size(file);
    uint64_t size = LEAST_BOX;
    while (size >= LEAST_BOX && bytes - at >= LEAST_BOX && avio_seek(file, at, SEEK_SET) == at) {
        size = avio_rb32(file); /* 0: to the end */
        uint32_t type = avio_rl32(file);
        if (size == 1)
            size = avio_rb64(file);
        if (size > (uint64_t)(bytes - at))
            return is_of_fragment(type);
        at += (int64_t)size;
    }
    /* a size, at least, of which something is missing */
    return at < bytes && bytes - at >= SIZE && bytes - at < LEAST_BOX &&
           avio_seek(file, at, SEEK_SET) == at && avio_rb32(file) >= LEAST_BOX;
}

/* A number whose first bits tell its length (RFC 8794, 4); in an ID they stay. A size of ones only
 * is not told. */
static uint64_t read_number(AVIOContext *file, bool id, bool *unknown)
{
    unsigned first = (unsigned)avio_r8(file);
    uint64_t value = first, ones = 0x7f;
    for (unsigned marker = 0x80; marker && !(first & marker); marker >>= 1) {
        value = value << 8 | (unsigned)avio_r8(file);
        ones = ones << 7 | 0x7f;
    }
    *unknown = (value & ones) == ones;
    return id ? value : value & ones;
}

/* The segment comes behind the header, and may tell its size. */
static bool ends_inside_segment(AVIOContext *file)
{
    bool unknown;
    avio_seek(file, 0, SEEK_SET);
    read_number(file, true, &unknown);
    avio_skip(file, (int64_t)(read_number(file, false, &unknown) & INT32_MAX));
    uint64_t id = read_number(file, true, &unknown);
    uint64_t size = read_number(file, false, &unknown);
    return id == SEGMENT && !unknown && size > (uint64_t)(avio_size(file) - avio_tell(file));
}

/* A file is a tree of elements, each behind its ID and size. */
bool bt_cut_matroska(AVIOContext *file, int64_t from)
{
    if (ends_inside_segment(file))
        return true;
    int64_t at = from, bytes = avio_size(file);
    while (at < bytes && avio_seek(file, at, SEEK_SET) == at) {
        bool unknown;
        uint64_t id = read_number(file, true, &unknown);
        uint64_t size = read_number(file, false, &unknown);
        int64_t begin = avio_tell(file);
        bool opens = id == SEGMENT || id == CLUSTER;
        if (avio_feof(file) || (unknown && !opens))
            return false;
        if (!unknown && size > (uint64_t)(bytes - begin))
            return opens || id == SIMPLE_BLOCK || id == BLOCK_GROUP;
        at = opens ? begin : begin + (int64_t)size;
    }
    return false;
}
