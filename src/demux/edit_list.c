/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/edit_list.h"

enum { LEAST_BOX = 8, MOST_ENTRIES = 4096 };

/* What was met of one track: its number comes before its edit list, or behind. */
struct track {
    uint32_t id;
    bool edits;
};

struct search {
    AVIOContext *file;
    struct track track;
    uint32_t wanted;
    bool found;
};

/*
 * elst: version 8, flags 24, n 32, then n of
 *   duration 32 or 64 · media time 32 or 64, -1: nothing is shown · rate 16.16
 */
static bool read_list(AVIOContext *file)
{
    bool wide = avio_r8(file) == 1, edits = false;
    avio_skip(file, 3);
    uint32_t n = avio_rb32(file), n_pieces = 0;
    for (uint32_t i = 0; i < n && i < MOST_ENTRIES && !avio_feof(file); i++) {
        avio_skip(file, wide ? 8 : 4);
        int64_t start = wide ? (int64_t)avio_rb64(file) : (int32_t)avio_rb32(file);
        uint32_t rate = avio_rb32(file);
        edits |= start < 0 ? n_pieces > 0 : rate != 0x10000;
        n_pieces += start >= 0;
    }
    return edits || n_pieces > 1;
}

/* tkhd: version 8, flags 24, then two times of 32 or 64 bits and the number. */
static uint32_t read_number(AVIOContext *file)
{
    bool wide = avio_r8(file) == 1;
    avio_skip(file, 3 + (wide ? 16 : 8));
    return avio_rb32(file);
}

static void walk(struct search *s, int64_t at, int64_t end, int depth);

static void enter(struct search *s, uint32_t type, int64_t begin, int64_t end, int depth)
{
    if (type == MKTAG('m', 'o', 'o', 'v') || type == MKTAG('e', 'd', 't', 's'))
        walk(s, begin, end, depth + 1);
    else if (type == MKTAG('t', 'k', 'h', 'd'))
        s->track.id = read_number(s->file);
    else if (type == MKTAG('e', 'l', 's', 't'))
        s->track.edits = read_list(s->file);
    if (type != MKTAG('t', 'r', 'a', 'k'))
        return;
    s->track = (struct track){0, false};
    walk(s, begin, end, depth + 1);
    s->found |= s->track.id == s->wanted && s->track.edits;
}

/* Boxes side by side, each behind its size and type; those inside of some as well. */
static void walk(struct search *s, int64_t at, int64_t end, int depth)
{
    while (depth < 4 && end - at >= LEAST_BOX && avio_seek(s->file, at, SEEK_SET) == at) {
        uint64_t size = avio_rb32(s->file);
        uint32_t type = avio_rl32(s->file);
        if (size == 1)
            size = avio_rb64(s->file);
        if (size == 0)
            size = (uint64_t)(end - at);
        if (size < LEAST_BOX || size > (uint64_t)(end - at))
            return;
        enter(s, type, avio_tell(s->file), at + (int64_t)size, depth);
        at += (int64_t)size;
    }
}

bool bt_edit_list_edits(AVIOContext *file, uint32_t track_id)
{
    struct search s = {.file = file, .wanted = track_id};
    if (file && (file->seekable & AVIO_SEEKABLE_NORMAL))
        walk(&s, 0, avio_size(file), 0);
    return s.found;
}
