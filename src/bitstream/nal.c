/* SPDX-License-Identifier: Apache-2.0 */
#include "bitstream/nal.h"

#include <string.h>

#include "base/reader.h"

static const uint8_t start_code[4] = {0, 0, 0, 1};

/* The next 00 00 01, or NULL. memchr for the 01 is many times faster than looking at each byte. */
static const uint8_t *find_start_code(const uint8_t *at, const uint8_t *end)
{
    while (end - at >= 3) {
        const uint8_t *one = memchr(at + 2, 1, (size_t)(end - at - 2));
        if (!one)
            return NULL;
        if (one[-1] == 0 && one[-2] == 0)
            return one - 2;
        at = one - 1;
    }
    return NULL;
}

void bt_nal_reader_init(struct bt_nal_reader *r, struct bauta_bytes stream)
{
    r->end = stream.size ? stream.data + stream.size : stream.data;
    const uint8_t *code = stream.size ? find_start_code(stream.data, r->end) : NULL;
    r->at = code ? code + 3 : r->end;
}

bool bt_nal_next(struct bt_nal_reader *r, struct bauta_bytes *nal)
{
    while (r->at != r->end) {
        const uint8_t *start = r->at;
        const uint8_t *code = find_start_code(start, r->end);
        const uint8_t *end = code ? code : r->end;
        r->at = code ? code + 3 : r->end;
        while (end > start && end[-1] == 0)
            end--;
        if (end == start)
            continue;
        *nal = (struct bauta_bytes){start, (size_t)(end - start)};
        return true;
    }
    return false;
}

/* ITU-T H.264, table 7-1. */
static enum bt_nal_kind kind_h264(int type)
{
    if ((type >= 1 && type <= 5) || type == 14 || type == 20)
        return BT_NAL_SLICE;
    if (type == 6)
        return BT_NAL_SEI;
    if (type == 9)
        return BT_NAL_DELIMITER;
    return type == 7 || type == 8 || type == 13 || type == 15 ? BT_NAL_PARAMETERS : BT_NAL_OTHER;
}

/* ITU-T H.265, table 7-1. */
static enum bt_nal_kind kind_h265(int type)
{
    if (type <= 31)
        return BT_NAL_SLICE;
    if (type <= 34)
        return BT_NAL_PARAMETERS;
    if (type == 35)
        return BT_NAL_DELIMITER;
    return type == 39 ? BT_NAL_SEI : BT_NAL_OTHER;
}

static int type_of(enum bauta_codec codec, struct bauta_bytes nal)
{
    return codec == BAUTA_CODEC_H265 ? nal.data[0] >> 1 & 0x3f : nal.data[0] & 0x1f;
}

static bool has_header(enum bauta_codec codec, struct bauta_bytes nal)
{
    return nal.size >= (codec == BAUTA_CODEC_H265 ? 2u : 1u);
}

enum bt_nal_kind bt_nal_kind(enum bauta_codec codec, struct bauta_bytes nal)
{
    if (!has_header(codec, nal))
        return BT_NAL_OTHER;
    int type = type_of(codec, nal);
    return codec == BAUTA_CODEC_H265 ? kind_h265(type) : kind_h264(type);
}

bool bt_nal_picture(enum bauta_codec codec, struct bauta_bytes nal)
{
    if (!has_header(codec, nal))
        return false;
    int type = type_of(codec, nal);
    if (codec != BAUTA_CODEC_H265)
        return type >= 1 && type <= 5;
    int layer = (nal.data[0] & 1) << 5 | nal.data[1] >> 3;
    return layer == 0 && (type <= 9 || (type >= 16 && type <= 21)); /* others are reserved */
}

bool bt_nal_random_access(enum bauta_codec codec, struct bauta_bytes nal)
{
    if (!has_header(codec, nal))
        return false;
    int type = type_of(codec, nal);
    return codec == BAUTA_CODEC_H265 ? type >= 16 && type <= 21 : type == 5;
}

void bt_nal_copy(struct bt_buffer *out, struct bauta_bytes nal)
{
    bt_buffer_append(out, (struct bauta_bytes){start_code, sizeof(start_code)});
    bt_buffer_append(out, nal);
}

/* Where the next 00 00 (00..03) begins its third byte, or the end. */
static size_t next_to_escape(struct bauta_bytes bytes, size_t from, int zeros)
{
    for (size_t i = from; i < bytes.size; i++) {
        if (zeros >= 2 && bytes.data[i] <= 3)
            return i;
        zeros = bytes.data[i] == 0 ? zeros + 1 : 0;
    }
    return bytes.size;
}

void bt_nal_write(struct bt_buffer *out, struct bauta_bytes header, struct bauta_bytes payload)
{
    bt_nal_copy(out, header);
    size_t from = 0;
    /* The header's last byte is never 0, so no zeros come before the payload. */
    for (;;) {
        size_t to = next_to_escape(payload, from, 0);
        bt_buffer_append(out, (struct bauta_bytes){payload.data + from, to - from});
        if (to == payload.size)
            break;
        bt_buffer_put_u8(out, 3);
        from = to;
    }
}

void bt_nal_unescape(struct bt_buffer *out, struct bauta_bytes nal)
{
    size_t from = 0;
    for (size_t i = 2; i < nal.size; i++) {
        if (nal.data[i] != 3 || nal.data[i - 1] != 0 || nal.data[i - 2] != 0)
            continue;
        bt_buffer_append(out, (struct bauta_bytes){nal.data + from, i - from});
        from = i + 1;
        i += 2; /* two bytes must pass before the next can be one */
    }
    if (from < nal.size)
        bt_buffer_append(out, (struct bauta_bytes){nal.data + from, nal.size - from});
}

void bt_nal_pack(struct bt_buffer *out, struct bauta_bytes stream)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, stream);
    while (bt_nal_next(&r, &nal)) {
        bt_buffer_put_vlq(out, (uint32_t)nal.size);
        bt_buffer_append(out, nal);
    }
}

enum bauta_status bt_nal_unpack(struct bt_buffer *out, struct bauta_bytes packed)
{
    struct bt_reader r;
    bt_reader_init(&r, packed);
    do {
        struct bauta_bytes nal = bt_reader_take(&r, bt_reader_vlq(&r));
        if (r.overrun || nal.size == 0)
            return BAUTA_ERR_FORMAT;
        bt_nal_copy(out, nal);
    } while (bt_reader_left(&r));
    return bt_buffer_status(out);
}
