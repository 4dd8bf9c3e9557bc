/* SPDX-License-Identifier: Apache-2.0 */
/* Laws of the time line: whatever clocks a file's tracks have, one comes out that begins at 0,
 * never goes back and never stands still. */
#include "demux/timeline.h"

#include <stdlib.h>

#include "check.h"

static const int64_t step = 40000, pause = 60000000;

static int64_t put(struct bt_timeline *t, struct bt_placed *placed, int track, int64_t time_us)
{
    check_ok(bt_timeline_place(t, placed, track, time_us, step, false));
    return time_us + placed->shift_us;
}

static void every_clock_becomes_one_that_moves_on(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 200; seed++) {
        struct bt_timeline t;
        int64_t clock[3] = {0}, last[3] = {-1, -1, -1};
        unsigned random = seed;
        bt_timeline_init(&t, 0, pause);
        for (int i = 0; i < 3000; i++) {
            struct bt_placed placed;
            random = random * 1103515245u + 12345u;
            unsigned track = random >> 16 & 1, what = random >> 18 & 63;
            clock[track] += what == 0   ? -(int64_t)(random >> 8) * 1000
                            : what == 1 ? (int64_t)(random >> 4) * 1000
                            : what < 6  ? 0
                                        : step;
            int64_t now = put(&t, &placed, (int)track, clock[track]);
            if (last[track] >= 0 && (now <= last[track] || now - last[track] > pause))
                fail_msg("seed %u: packet %d of track %u at %lld after %lld", seed, i, track,
                         (long long)now, (long long)last[track]);
            last[track] = now;
        }
        bt_timeline_clear(&t);
    }
}

static void a_clock_that_is_right_is_only_moved_to_0(void **state)
{
    (void)state;
    struct bt_timeline t;
    struct bt_placed placed;
    bt_timeline_init(&t, 90000 * INT64_C(1000000), pause);
    for (int i = 0; i < 100; i++) {
        int64_t at =
            i * step + (i >= 50) * (pause - step); /* with the longest pause there may be */
        assert_int_equal(put(&t, &placed, 0, 90000 * INT64_C(1000000) + at), at);
        assert_int_equal(placed.jumped_us, 0);
        assert_false(placed.stood);
    }
    bt_timeline_clear(&t);
}

static void a_jump_is_told_by_its_length_and_carried_on(void **state)
{
    (void)state;
    static const int64_t jumps[] = {-8000000, 3600000000, -3600000000, INT64_C(95443717688)};
    for (size_t k = 0; k < sizeof(jumps) / sizeof(jumps[0]); k++) {
        struct bt_timeline t;
        struct bt_placed placed;
        bt_timeline_init(&t, 0, pause);
        for (int i = 0; i < 20; i++) {
            assert_int_equal(put(&t, &placed, 0, i * step + (i >= 10 ? jumps[k] : 0)), i * step);
            assert_int_equal(placed.jumped_us, i == 10 ? jumps[k] : 0);
        }
        bt_timeline_clear(&t);
    }
}

static void one_time_far_off_moves_nobody_else(void **state)
{
    (void)state;
    struct bt_timeline t;
    struct bt_placed placed;
    bt_timeline_init(&t, 0, pause);
    for (int i = 0; i < 20; i++)
        assert_int_equal(put(&t, &placed, 0, i * step + (i == 10 ? 3600000000 : 0)), i * step);
    bt_timeline_clear(&t);
}

static void a_pause_that_ends_where_it_began_was_a_jump(void **state)
{
    (void)state;
    struct bt_timeline t;
    bt_timeline_init(&t, 0, pause);
    for (int i = 0; i < 40; i++) { /* ten pictures are half a minute ahead */
        struct bt_placed placed;
        int64_t ahead = i >= 20 && i < 30 ? pause / 2 : 0, time_us = i * step + ahead;
        int64_t pause_us = bt_timeline_pause(&t, 0, time_us);
        assert_int_equal(pause_us, i == 20 ? pause / 2 + step : 0);
        check_ok(bt_timeline_place(&t, &placed, 0, time_us, step, pause_us > 0));
        assert_int_equal(time_us + placed.shift_us, i * step);
        assert_int_equal(placed.jumped_us, i == 20 ? pause / 2 : i == 30 ? -pause / 2 : 0);
    }
    bt_timeline_clear(&t);
}

static void tracks_that_jump_together_stay_together(void **state)
{
    (void)state;
    struct bt_timeline t;
    struct bt_placed placed;
    bt_timeline_init(&t, 0, pause);
    for (int i = 0; i < 40; i++) {
        int64_t jump = i >= 20 ? -7000000 : 0;
        assert_int_equal(put(&t, &placed, 0, i * step + jump), i * step);
        /* its packets lie a little later, and one more is there before the jump reaches them */
        int64_t sound = i * step + 13000 + (i >= 21 ? -7000000 : 0);
        assert_int_equal(put(&t, &placed, 1, sound), i * step + 13000);
    }
    bt_timeline_clear(&t);
}

static void pictures_of_one_time_are_set_apart_and_the_next_pause_makes_up_for_it(void **state)
{
    (void)state;
    struct bt_timeline t;
    struct bt_placed placed;
    bt_timeline_init(&t, 0, pause);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(put(&t, &placed, 0, 0), i * step);
        assert_int_equal(placed.stood, i > 0);
    }
    assert_int_equal(put(&t, &placed, 0, 10 * step), 10 * step); /* on its own clock again */
    assert_int_equal(placed.jumped_us, 0);
    bt_timeline_clear(&t);
}

static void a_clock_that_hardly_moves_stands(void **state)
{
    (void)state;
    struct bt_timeline t;
    struct bt_placed placed;
    bt_timeline_init(&t, 0, pause);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(put(&t, &placed, 0, (int64_t)i * 98), i * step); /* one tick each */
        assert_int_equal(placed.stood, i > 0);
    }
    for (int i = 1; i < 5; i++) { /* but pictures may come quickly, and tracks have small packets */
        assert_int_equal(put(&t, &placed, 0, 10 * step + (int64_t)i * 2000), 10 * step + i * 2000);
        check_ok(bt_timeline_place(&t, &placed, 1, (int64_t)i * 98, 98, false));
        assert_false(placed.stood);
    }
    bt_timeline_clear(&t);
}

static void a_track_that_begins_far_from_the_others_has_jumped(void **state)
{
    (void)state;
    struct bt_timeline t;
    struct bt_placed placed;
    bt_timeline_init(&t, 0, pause);
    assert_int_equal(0, put(&t, &placed, 0, 1000 * pause)); /* what was at 0 was left out */
    assert_int_equal(1000 * pause, placed.jumped_us);
    for (int i = 1; i < 100; i++)
        put(&t, &placed, 0, 1000 * pause + i * step);
    assert_int_equal(100 * step, put(&t, &placed, 1, 1000 * pause + 100 * step));
    assert_int_equal(0, placed.jumped_us);
    assert_int_equal(100 * step, put(&t, &placed, 2, 0));
    bt_timeline_clear(&t);
    /* nor has one that is interleaved, and begins late */
    bt_timeline_init(&t, 0, pause);
    for (int i = 0; i < 20; i++)
        put(&t, &placed, 0, i * (pause / 4));
    assert_int_equal(5 * pause, put(&t, &placed, 1, 5 * pause));
    assert_int_equal(0, placed.jumped_us);
    assert_int_equal(0, put(&t, &placed, 2, 0)); /* not interleaved at all */
    assert_int_equal(0, placed.jumped_us);
    bt_timeline_clear(&t);
}

static void pictures_taken_seldom_are_no_jumps(void **state)
{
    (void)state;
    struct bt_timeline t;
    struct bt_placed placed;
    int64_t hour = INT64_C(3600000000);
    bt_timeline_init(&t, 0, pause);
    for (int i = 0; i < 5; i++) {
        check_ok(bt_timeline_place(&t, &placed, 0, i * hour, hour, false));
        assert_int_equal(placed.shift_us, 0);
    }
    bt_timeline_clear(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clock_becomes_one_that_moves_on),
        cmocka_unit_test(a_clock_that_is_right_is_only_moved_to_0),
        cmocka_unit_test(a_jump_is_told_by_its_length_and_carried_on),
        cmocka_unit_test(one_time_far_off_moves_nobody_else),
        cmocka_unit_test(a_pause_that_ends_where_it_began_was_a_jump),
        cmocka_unit_test(tracks_that_jump_together_stay_together),
        cmocka_unit_test(pictures_of_one_time_are_set_apart_and_the_next_pause_makes_up_for_it),
        cmocka_unit_test(a_clock_that_hardly_moves_stands),
        cmocka_unit_test(a_track_that_begins_far_from_the_others_has_jumped),
        cmocka_unit_test(pictures_taken_seldom_are_no_jumps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
