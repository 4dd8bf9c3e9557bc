/* SPDX-License-Identifier: Apache-2.0 */
#include "streams.h"

#include <string.h>

#include "bitstream/sei.h"

static const struct bauta_bytes no_slice = {NULL, 0};

/* The unescaped bytes of the one unit of `stream`. */
static struct bt_buffer plain_unit(struct bauta_bytes stream)
{
    struct bt_buffer plain = {0};
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, stream);
    assert_true(bt_nal_next(&r, &nal));
    bt_nal_unescape(&plain, nal);
    assert_false(bt_nal_next(&r, &nal));
    return plain;
}

static void check_returns(enum bauta_codec codec, size_t size, unsigned seed)
{
    struct bt_buffer body = {0}, stream = {0};
    struct draw d = {seed};
    struct bt_sei_reader messages;
    struct bauta_bytes found;
    draw_bytes(&d, &body, size, seed % 2 ? 4 : 256);
    bt_sei_write(&stream, codec, stream_uuid, bt_buffer_view(&body), no_slice);
    struct bt_buffer plain = plain_unit(bt_buffer_view(&stream));
    bt_sei_reader_init(&messages, codec, bt_buffer_view(&plain));
    if (!bt_sei_next(&messages, &found, stream_uuid) || found.size != size ||
        (size && memcmp(found.data, body.data, size) != 0))
        fail_msg("seed %u: a body of %zu bytes did not come back", seed, size);
    assert_false(bt_sei_next(&messages, &found, stream_uuid));
    bt_buffer_clear(&body);
    bt_buffer_clear(&stream);
    bt_buffer_clear(&plain);
}

static void a_body_of_any_size_comes_back(void **state)
{
    (void)state;
    const size_t sizes[] = {0, 1, 238, 239, 240, 255, 493, 494, 495, 510, 5000, 65536, 70000};
    for (unsigned seed = 0; seed < 8; seed++)
        for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
            check_returns(seed % 4 < 2 ? BAUTA_CODEC_H264 : BAUTA_CODEC_H265, sizes[i], seed);
}

/* Appends an SEI message (H.264 7.3.2.3.1) of fewer than 255 bytes to an unescaped unit. */
static void add_message(struct bt_buffer *unit, unsigned type, const uint8_t *uuid,
                        const char *text)
{
    bt_buffer_put_u8(unit, type);
    bt_buffer_put_u8(unit, (unsigned)((uuid ? 16 : 0) + strlen(text)));
    if (uuid)
        bt_buffer_append(unit, (struct bauta_bytes){uuid, 16});
    bt_buffer_append(unit, (struct bauta_bytes){(const uint8_t *)text, strlen(text)});
}

static void messages_are_found_among_those_of_others(void **state)
{
    (void)state;
    const uint8_t other[16] = {1};
    struct bt_buffer unit = {0};
    struct bt_sei_reader messages;
    struct bauta_bytes body;
    bt_buffer_put_u8(&unit, 6);
    add_message(&unit, 1, NULL, "pic_timing");
    add_message(&unit, 5, other, "not ours");
    add_message(&unit, 5, stream_uuid, "first");
    add_message(&unit, 5, NULL, "too short");
    add_message(&unit, 4, stream_uuid, "registered");
    add_message(&unit, 5, stream_uuid, "second");
    bt_buffer_put_u8(&unit, 0x80);
    bt_sei_reader_init(&messages, BAUTA_CODEC_H264, bt_buffer_view(&unit));
    assert_true(bt_sei_next(&messages, &body, stream_uuid));
    assert_true(body.size == 5 && memcmp(body.data, "first", 5) == 0);
    assert_true(bt_sei_next(&messages, &body, stream_uuid));
    assert_true(body.size == 6 && memcmp(body.data, "second", 6) == 0);
    assert_false(bt_sei_next(&messages, &body, stream_uuid));
    bt_buffer_clear(&unit);
}

static void a_message_cut_short_is_not_found(void **state)
{
    (void)state;
    struct bt_buffer unit = {0};
    bt_buffer_put_u8(&unit, 6);
    add_message(&unit, 5, stream_uuid, "a body of some bytes");
    for (size_t size = 0; size < unit.size; size++) {
        struct bt_sei_reader messages;
        struct bauta_bytes body;
        bt_sei_reader_init(&messages, BAUTA_CODEC_H264, (struct bauta_bytes){unit.data, size});
        assert_false(bt_sei_next(&messages, &body, stream_uuid));
    }
    bt_buffer_clear(&unit);
}

static void an_h265_unit_has_the_temporal_id_of_its_slice(void **state)
{
    (void)state;
    for (uint8_t id = 1; id < 8; id++) {
        const uint8_t slice[] = {2, id, 0x80};
        struct bt_buffer stream = {0};
        bt_sei_write(&stream, BAUTA_CODEC_H265, stream_uuid, no_slice,
                     (struct bauta_bytes){slice, sizeof(slice)});
        assert_int_equal(39 << 1, stream.data[4]);
        assert_int_equal(id, stream.data[5]);
        bt_buffer_clear(&stream);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_of_any_size_comes_back),
        cmocka_unit_test(messages_are_found_among_those_of_others),
        cmocka_unit_test(a_message_cut_short_is_not_found),
        cmocka_unit_test(an_h265_unit_has_the_temporal_id_of_its_slice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
