/* SPDX-License-Identifier: Apache-2.0 */
#include "streams.h"

#include <bauta/view.h>

#include "bitstream/nal.h"

/* What display orientation messages say. */

enum { MESSAGE = 47 };

/* A message with these 19 bits, and a bit of what follows. */
static void put_message(struct bt_buffer *payload, unsigned cancel, unsigned across, unsigned down,
                        unsigned rotation)
{
    unsigned bits = cancel << 23 | across << 22 | down << 21 | rotation << 5 | 010;
    bt_buffer_put_u8(payload, MESSAGE);
    bt_buffer_put_u8(payload, 3);
    bt_buffer_put_u8(payload, bits >> 16);
    bt_buffer_put_u8(payload, bits >> 8 & 255);
    bt_buffer_put_u8(payload, bits & 255);
}

static struct bauta_bytes header_of(enum bauta_codec codec)
{
    static const uint8_t h264[] = {6}, h265[] = {39 << 1, 1};
    return codec == BAUTA_CODEC_H264 ? (struct bauta_bytes){h264, 1}
                                     : (struct bauta_bytes){h265, 2};
}

static void check_says(enum bauta_codec codec, const struct bt_buffer *payload, int turn,
                       bool mirrored, bool exact)
{
    struct bt_buffer stream = {0};
    struct bauta_view view = {.turn = 45};
    bool exact_told = !exact;
    bt_nal_write(&stream, header_of(codec), bt_buffer_view(payload));
    assert_true(bauta_view_read(&view, &exact_told, codec, (struct bauta_bytes){0},
                                bt_buffer_view(&stream)));
    assert_int_equal(exact, exact_told);
    assert_int_equal(turn, view.turn);
    assert_int_equal(mirrored, view.mirrored);
    bt_buffer_clear(&stream);
}

static void a_message_says_how_to_turn(void **state)
{
    static const struct {
        unsigned cancel, across, down, rotation;
        int turn;
        bool mirrored, exact;
    } says[] = {{0, 0, 0, 0, 0, false, true},        {0, 0, 0, 0x4000, 270, false, true},
                {0, 0, 0, 0x8000, 180, false, true}, {0, 0, 0, 0xc000, 90, false, true},
                {0, 1, 0, 0, 0, true, true},         {0, 0, 1, 0, 180, true, true},
                {0, 1, 1, 0, 180, false, true},      {0, 1, 0, 0x4000, 270, true, true},
                {0, 0, 1, 0x4000, 90, true, true},   {0, 0, 0, 0xbf80, 90, false, true},
                {0, 0, 0, 0xff80, 0, false, true},   {0, 0, 0, 0xbf00, 90, false, false},
                {0, 0, 0, 0x1ffe, 0, false, false},  {0, 0, 0, 0x2000, 270, false, false},
                {1, 1, 0, 0x1000, 0, false, true}};
    (void)state;
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++)
        for (enum bauta_codec codec = BAUTA_CODEC_H264; codec <= BAUTA_CODEC_H265; codec++) {
            struct bt_buffer payload = {0};
            put_message(&payload, says[i].cancel, says[i].across, says[i].down, says[i].rotation);
            bt_buffer_put_u8(&payload, 0x80);
            check_says(codec, &payload, says[i].turn, says[i].mirrored, says[i].exact);
            bt_buffer_clear(&payload);
        }
}

static void the_last_of_several_messages_counts(void **state)
{
    (void)state;
    struct bt_buffer payload = {0};
    put_message(&payload, 0, 0, 0, 0x4000);
    bt_buffer_append(&payload, (struct bauta_bytes){(const uint8_t *)"\x05\x02hi", 4});
    put_message(&payload, 0, 0, 0, 0xc000);
    bt_buffer_put_u8(&payload, 0x80);
    check_says(BAUTA_CODEC_H264, &payload, 90, false, true);
    bt_buffer_clear(&payload);
}

static void units_behind_their_sizes_are_read(void **state)
{
    static const uint8_t avcc[] = {1, 66, 0, 30, 0xff, 0xe0}, hvcc[23] = {1, [21] = 0xfd};
    static const uint8_t unit[] = {0, 0, 0, 2, 9, 0xf0, 0, 0, 0, 7, 6, 47, 3, 0x18, 0, 8, 0x80};
    static const uint8_t h265[] = {0, 8, 39 << 1, 1, 47, 3, 0x18, 0, 8, 0x80};
    struct bauta_view view = {.turn = 0};
    (void)state;
    assert_true(bauta_view_read(&view, NULL, BAUTA_CODEC_H264,
                                (struct bauta_bytes){avcc, sizeof(avcc)},
                                (struct bauta_bytes){unit, sizeof(unit)}));
    assert_int_equal(90, view.turn);
    view.turn = 0;
    assert_true(bauta_view_read(&view, NULL, BAUTA_CODEC_H265,
                                (struct bauta_bytes){hvcc, sizeof(hvcc)},
                                (struct bauta_bytes){h265, sizeof(h265)}));
    assert_int_equal(90, view.turn);
}

static void what_says_nothing_changes_nothing(void **state)
{
    static const uint8_t units[][12] = {{0, 0, 1, 6, 47, 3, 0x18, 0}, /* cut short */
                                        {0, 0, 1, 6, 47, 1, 0x18, 0x80},
                                        {0, 0, 1, 6, 47, 0, 0x80},
                                        {0, 0, 1, 6, 5, 3, 0x18, 0, 8, 0x80},
                                        {0, 0, 1, 0x65, 47, 3, 0x18, 0, 8, 0x80}};
    static const size_t sizes[] = {8, 8, 7, 10, 10};
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        for (uint8_t length_size = 0; length_size <= 4; length_size++) {
            struct bauta_view view = {.turn = 180};
            uint8_t avcc[] = {1, 66, 0, 30, length_size - 1};
            assert_false(bauta_view_read(&view, NULL, BAUTA_CODEC_H264,
                                         (struct bauta_bytes){avcc, length_size ? sizeof(avcc) : 0},
                                         (struct bauta_bytes){units[i], sizes[i]}));
            assert_int_equal(180, view.turn);
        }
}

static void what_messages_said_ends_with_a_sequence_of_h264(void **state)
{
    static const uint8_t idr[] = {0, 0, 1, 0x65, 0x88}, other[] = {0, 0, 1, 0x41, 0x9a};
    static const uint8_t sized[] = {0, 2, 0x65, 0x88}, h265[] = {0, 0, 1, 19 << 1, 1, 0x80};
    static const uint8_t avcc[] = {1, 66, 0, 30, 0xfd};
    (void)state;
    assert_true(bauta_view_ends(BAUTA_CODEC_H264, (struct bauta_bytes){0},
                                (struct bauta_bytes){idr, sizeof(idr)}));
    assert_false(bauta_view_ends(BAUTA_CODEC_H264, (struct bauta_bytes){0},
                                 (struct bauta_bytes){other, sizeof(other)}));
    assert_true(bauta_view_ends(BAUTA_CODEC_H264, (struct bauta_bytes){avcc, sizeof(avcc)},
                                (struct bauta_bytes){sized, sizeof(sized)}));
    assert_false(bauta_view_ends(BAUTA_CODEC_H265, (struct bauta_bytes){0},
                                 (struct bauta_bytes){h265, sizeof(h265)}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_says_how_to_turn),
        cmocka_unit_test(the_last_of_several_messages_counts),
        cmocka_unit_test(units_behind_their_sizes_are_read),
        cmocka_unit_test(what_says_nothing_changes_nothing),
        cmocka_unit_test(what_messages_said_ends_with_a_sequence_of_h264),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
