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

static struct bauta_bytes header_of(enum bt_codec codec)
{
    static const uint8_t h264[] = {6}, h265[] = {39 << 1, 1};
    return codec == BT_H264 ? (struct bauta_bytes){h264, 1} : (struct bauta_bytes){h265, 2};
}

static void check_says(enum bt_codec codec, const struct bt_buffer *payload, int turn,
                       bool mirrored)
{
    struct bt_buffer stream = {0};
    struct bauta_view view = {.turn = 45};
    bt_nal_write(&stream, header_of(codec), bt_buffer_view(payload));
    assert_true(bauta_view_read(&view, (enum bauta_codec)codec, bt_buffer_view(&stream), 0));
    assert_int_equal(turn, view.turn);
    assert_int_equal(mirrored, view.mirrored);
    bt_buffer_clear(&stream);
}

static void a_message_says_how_to_turn(void **state)
{
    static const struct {
        unsigned cancel, across, down, rotation;
        int turn;
        bool mirrored;
    } says[] = {
        {0, 0, 0, 0, 0, false},       {0, 0, 0, 0x4000, 270, false}, {0, 0, 0, 0x8000, 180, false},
        {0, 0, 0, 0xc000, 90, false}, {0, 1, 0, 0, 0, true},         {0, 0, 1, 0, 180, true},
        {0, 1, 1, 0, 180, false},     {0, 1, 0, 0x4000, 270, true},  {0, 0, 1, 0x4000, 90, true},
        {0, 0, 0, 0xbf00, 90, false}, {0, 0, 0, 0xff00, 0, false},   {1, 1, 0, 0x4000, 0, false}};
    (void)state;
    for (size_t i = 0; i < sizeof(says) / sizeof(says[0]); i++)
        for (enum bt_codec codec = BT_H264; codec <= BT_H265; codec++) {
            struct bt_buffer payload = {0};
            put_message(&payload, says[i].cancel, says[i].across, says[i].down, says[i].rotation);
            bt_buffer_put_u8(&payload, 0x80);
            check_says(codec, &payload, says[i].turn, says[i].mirrored);
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
    check_says(BT_H264, &payload, 90, false);
    bt_buffer_clear(&payload);
}

static void units_behind_their_sizes_are_read(void **state)
{
    static const uint8_t unit[] = {0, 0, 0, 2, 9, 0xf0, 0, 0, 0, 7, 6, 47, 3, 0x18, 0, 8, 0x80};
    struct bauta_view view = {.turn = 0};
    (void)state;
    assert_true(
        bauta_view_read(&view, BAUTA_CODEC_H264, (struct bauta_bytes){unit, sizeof(unit)}, 4));
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
        for (int length_size = -1; length_size <= 5; length_size++) {
            struct bauta_view view = {.turn = 180};
            assert_false(bauta_view_read(&view, BAUTA_CODEC_H264,
                                         (struct bauta_bytes){units[i], sizes[i]}, length_size));
            assert_int_equal(180, view.turn);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_says_how_to_turn),
        cmocka_unit_test(the_last_of_several_messages_counts),
        cmocka_unit_test(units_behind_their_sizes_are_read),
        cmocka_unit_test(what_says_nothing_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
