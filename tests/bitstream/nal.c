/* SPDX-License-Identifier: Apache-2.0 */
#include "streams.h"

#include <string.h>

#include "bitstream/nal.h"

enum { N_SEEDS = 300, MOST = 70000 };

static const uint8_t header[2] = {0x4e, 1};
static const struct bauta_bytes whole_header = {header, 2};

/* A payload of a seed: sizes from 0 to 70000, small ones more often; zeros only, what must be
 * escaped only, 00 00 03 over and over, or anything. The last byte is not 0 (H.264 7.4.1). */
static struct bt_buffer make_payload(unsigned seed)
{
    static const uint8_t escaped[3] = {0, 0, 3};
    struct bt_buffer payload = {0};
    struct draw d = {seed};
    size_t size = seed == 0   ? 0
                  : seed == 1 ? MOST - 1
                              : draw_below(&d, (size_t)1 << (1 + seed % 17));
    size = size < MOST ? size : MOST - 1;
    switch (seed % 5) {
    case 0:
        draw_bytes(&d, &payload, size, 1);
        break;
    case 1:
        draw_bytes(&d, &payload, size, 2);
        break;
    case 2:
        draw_bytes(&d, &payload, size, 5);
        break;
    case 3:
        draw_bytes(&d, &payload, size, 256);
        break;
    default:
        while (payload.size < size)
            bt_buffer_append(&payload, (struct bauta_bytes){escaped, sizeof(escaped)});
    }
    bt_buffer_put_u8(&payload, 0x80);
    check_ok(bt_buffer_status(&payload));
    return payload;
}

static void a_payload_of_any_bytes_comes_back(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        struct bt_buffer payload = make_payload(seed), stream = {0}, plain = {0};
        struct bt_nal_reader r;
        struct bauta_bytes nal;
        bt_nal_write(&stream, whole_header, bt_buffer_view(&payload));
        bt_nal_reader_init(&r, bt_buffer_view(&stream));
        if (!bt_nal_next(&r, &nal) || nal.size + 4 != stream.size)
            fail_msg("seed %u: the unit is not one unit", seed);
        bt_nal_unescape(&plain, nal);
        if (plain.size != payload.size + 2 || memcmp(plain.data, header, 2) != 0 ||
            memcmp(plain.data + 2, payload.data, payload.size) != 0)
            fail_msg("seed %u: %zu bytes came back changed", seed, payload.size);
        assert_false(bt_nal_next(&r, &nal));
        bt_buffer_clear(&payload);
        bt_buffer_clear(&stream);
        bt_buffer_clear(&plain);
    }
}

static void no_unit_holds_what_could_be_a_start_code(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        struct bt_buffer payload = make_payload(seed), stream = {0};
        bt_nal_write(&stream, whole_header, bt_buffer_view(&payload));
        for (size_t i = 4; i + 2 < stream.size; i++)
            if (stream.data[i] == 0 && stream.data[i + 1] == 0 && stream.data[i + 2] <= 2)
                fail_msg("seed %u: 00 00 %02x at %zu", seed, stream.data[i + 2], i);
        bt_buffer_clear(&payload);
        bt_buffer_clear(&stream);
    }
}

static void packing_and_unpacking_give_the_same_units(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < N_SEEDS; seed++) {
        struct bt_buffer stream = {0}, packed = {0}, unpacked = {0}, again = {0};
        struct draw d = {seed};
        stream_make(&stream, BAUTA_CODEC_H264, "SPeINNN", &d);
        bt_nal_pack(&packed, bt_buffer_view(&stream));
        check_ok(bt_nal_unpack(&unpacked, bt_buffer_view(&packed)));
        stream_check("SPeINNN", BAUTA_CODEC_H264, bt_buffer_view(&unpacked));
        bt_nal_pack(&again, bt_buffer_view(&unpacked));
        if (again.size != packed.size || memcmp(again.data, packed.data, again.size) != 0)
            fail_msg("seed %u: packed differently the second time", seed);
        bt_buffer_clear(&stream);
        bt_buffer_clear(&packed);
        bt_buffer_clear(&unpacked);
        bt_buffer_clear(&again);
    }
}

/* Where a packed unit ends: there, and nowhere else, a packed stream can be cut. */
static bool is_boundary(struct bauta_bytes packed, size_t at)
{
    size_t pos = 0;
    while (pos < at) {
        size_t size = 0;
        do
            size = size << 7 | (packed.data[pos] & 0x7f);
        while (packed.data[pos++] & 0x80);
        pos += size;
    }
    return pos == at && at > 0;
}

static void a_packed_stream_cut_inside_a_unit_is_refused(void **state)
{
    (void)state;
    for (unsigned seed = 0; seed < 10; seed++) {
        struct bt_buffer stream = {0}, packed = {0};
        struct draw d = {seed};
        stream_make(&stream, BAUTA_CODEC_H264, "SPI", &d);
        bt_nal_pack(&packed, bt_buffer_view(&stream));
        for (size_t size = 0; size <= packed.size; size++) {
            struct bt_buffer out = {0};
            enum bauta_status status = bt_nal_unpack(&out, (struct bauta_bytes){packed.data, size});
            bool whole = is_boundary(bt_buffer_view(&packed), size);
            if (status != (whole ? BAUTA_OK : BAUTA_ERR_FORMAT))
                fail_msg("seed %u: %zu of %zu bytes: %s", seed, size, packed.size,
                         bauta_status_text(status));
            bt_buffer_clear(&out);
        }
        bt_buffer_clear(&stream);
        bt_buffer_clear(&packed);
    }
}

static void packed_units_without_a_byte_are_refused(void **state)
{
    (void)state;
    const uint8_t empty[] = {1, 0x65, 0}, huge[] = {0x8f, 0xff, 0xff, 0xff, 0x7f, 0x65};
    struct bt_buffer out = {0};
    check_status(BAUTA_ERR_FORMAT, bt_nal_unpack(&out, (struct bauta_bytes){NULL, 0}));
    check_status(BAUTA_ERR_FORMAT, bt_nal_unpack(&out, (struct bauta_bytes){empty, sizeof(empty)}));
    check_status(BAUTA_ERR_FORMAT, bt_nal_unpack(&out, (struct bauta_bytes){huge, sizeof(huge)}));
    bt_buffer_clear(&out);
}

static void what_stands_before_the_first_start_code_is_passed_over(void **state)
{
    (void)state;
    const uint8_t bytes[] = {7, 7, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0x65, 9, 0, 0, 0, 0, 1, 0x41, 0, 0};
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, (struct bauta_bytes){bytes, sizeof(bytes)});
    assert_true(bt_nal_next(&r, &nal));
    assert_true(nal.data == bytes + 11 && nal.size == 2);
    assert_true(bt_nal_next(&r, &nal));
    assert_true(nal.data == bytes + 18 && nal.size == 1);
    assert_false(bt_nal_next(&r, &nal));
    bt_nal_reader_init(&r, (struct bauta_bytes){NULL, 0});
    assert_false(bt_nal_next(&r, &nal));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_payload_of_any_bytes_comes_back),
        cmocka_unit_test(no_unit_holds_what_could_be_a_start_code),
        cmocka_unit_test(packing_and_unpacking_give_the_same_units),
        cmocka_unit_test(a_packed_stream_cut_inside_a_unit_is_refused),
        cmocka_unit_test(packed_units_without_a_byte_are_refused),
        cmocka_unit_test(what_stands_before_the_first_start_code_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
