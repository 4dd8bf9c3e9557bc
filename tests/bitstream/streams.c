/* SPDX-License-Identifier: Apache-2.0 */
#include "streams.h"

#include <string.h>

#include "bitstream/sei.h"

const uint8_t stream_uuid[16] = {0xa5, 0, 0, 0, 0, 0, 3, 0, 0, 1, 0, 0, 2, 0, 0, 0};
static const uint8_t foreign_uuid[16] = {0x5a};

uint64_t draw(struct draw *d)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

size_t draw_below(struct draw *d, size_t below)
{
    return (size_t)(draw(d) % below);
}

void draw_bytes(struct draw *d, struct bt_buffer *out, size_t size, unsigned n_values)
{
    uint8_t *to = bt_buffer_extend(out, size);
    assert_non_null(to);
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)draw_below(d, n_values);
}

/* ITU-T H.264, table 7-1, and H.265, table 7-1. */
static const struct {
    char letter;
    int h264, h265; /* nal_unit_type, -1: there is none */
} kinds[] = {{'D', 9, 35},  {'V', -1, 32}, {'S', 7, 33},  {'P', 8, 34}, {'I', 5, 19}, {'N', 1, 1},
             {'x', 14, -1}, {'s', -1, 40}, {'F', 12, 38}, {'e', 6, 39}, {'E', 6, 39}};

static int type_of_letter(enum bauta_codec codec, char letter)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].letter == letter)
            return codec == BAUTA_CODEC_H264 ? kinds[i].h264 : kinds[i].h265;
    return -1;
}

static void add_unit(struct bt_buffer *out, enum bauta_codec codec, char letter, struct draw *d)
{
    int type = type_of_letter(codec, letter);
    struct bt_buffer payload = {0};
    uint8_t header[2] = {(uint8_t)(codec == BAUTA_CODEC_H264 ? 0x60 | type : type << 1), 1};
    draw_bytes(d, &payload, draw_below(d, 300), 1u << draw_below(d, 9));
    if (letter == 'e' || letter == 'E') {
        bt_sei_write(out, codec, letter == 'E' ? stream_uuid : foreign_uuid,
                     bt_buffer_view(&payload), (struct bauta_bytes){NULL, 0});
    } else {
        bt_buffer_put_u8(&payload, 0x80); /* rbsp_trailing_bits() */
        bt_nal_write(out, (struct bauta_bytes){header, codec == BAUTA_CODEC_H264 ? 1u : 2u},
                     bt_buffer_view(&payload));
    }
    bt_buffer_clear(&payload);
}

void stream_make(struct bt_buffer *out, enum bauta_codec codec, const char *letters, struct draw *d)
{
    for (const char *letter = letters; *letter; letter++) {
        struct bt_buffer unit = {0};
        assert_true(type_of_letter(codec, *letter) >= 0);
        add_unit(&unit, codec, *letter, d);
        size_t shorter = draw_below(d, 2); /* start code of three bytes instead of four */
        bt_buffer_append(out, (struct bauta_bytes){unit.data + shorter, unit.size - shorter});
        draw_bytes(d, out, draw_below(d, 4), 1);
        bt_buffer_clear(&unit);
    }
    check_ok(bt_buffer_status(out));
}

static bool is_ours(enum bauta_codec codec, struct bauta_bytes nal)
{
    struct bt_buffer plain = {0};
    struct bt_sei_reader messages;
    struct bauta_bytes body;
    bt_nal_unescape(&plain, nal);
    bt_sei_reader_init(&messages, codec, bt_buffer_view(&plain));
    bool ours = bt_sei_next(&messages, &body, stream_uuid);
    bt_buffer_clear(&plain);
    return ours;
}

static char letter_of(enum bauta_codec codec, struct bauta_bytes nal)
{
    int type = codec == BAUTA_CODEC_H264 ? nal.data[0] & 0x1f : nal.data[0] >> 1 & 0x3f;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if ((codec == BAUTA_CODEC_H264 ? kinds[i].h264 : kinds[i].h265) == type)
            return kinds[i].letter == 'e' && is_ours(codec, nal) ? 'E' : kinds[i].letter;
    return '?';
}

void stream_check(const char *letters, enum bauta_codec codec, struct bauta_bytes stream)
{
    char got[64] = "";
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, stream);
    for (size_t i = 0; bt_nal_next(&r, &nal) && i + 1 < sizeof(got); i++)
        got[i] = letter_of(codec, nal);
    assert_string_equal(letters, got);
}
