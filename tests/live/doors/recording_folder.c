/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#include "record/recording_folder.h"

/* Which recordings are deleted, whatever the clock says. */

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, YEAR = 365 * DAY, SIZE = 10 };

static const gint64 noon = 1795608000; /* seconds since the epoch */
static const gint64 up = 5000;         /* seconds since the machine was started */

struct room {
    char *folder;
    struct camera_config config;
    struct recording_folder recordings;
};

static char name[] = "front";

static int set_up(void **state)
{
    struct room *room = g_new0(struct room, 1);
    room->folder = g_dir_make_tmp("bauta-recordings-XXXXXX", NULL);
    room->config = (struct camera_config){
        .name = name, .record = {.directory = room->folder, .segment_s = 60, .retention_s = DAY}};
    *state = room;
    return 0;
}

static char *path_of(const struct room *room, gint64 time_s)
{
    GDateTime *time = g_date_time_new_from_unix_utc(time_s);
    char *stamp = g_date_time_format(time, "%Y%m%dT%H%M%SZ");
    char *path = g_strdup_printf("%s/front-%s.mp4", room->folder, stamp);
    g_free(stamp);
    g_date_time_unref(time);
    return path;
}

static void put(const struct room *room, gint64 time_s)
{
    char *path = path_of(room, time_s);
    assert_true(g_file_set_contents(path, "a segment.", SIZE, NULL));
    assert_int_equal(g_utime(path, &(struct utimbuf){time_s, time_s}), 0);
    g_free(path);
}

/* One each minute, from one time to another. */
static void put_many(const struct room *room, gint64 from_s, gint64 to_s)
{
    for (gint64 time_s = from_s; time_s <= to_s; time_s += MINUTE)
        put(room, time_s);
}

static bool has(const struct room *room, gint64 time_s)
{
    char *path = path_of(room, time_s);
    const bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    g_free(path);
    return there;
}

static int tear_down(void **state)
{
    struct room *room = *state;
    GDir *folder = g_dir_open(room->folder, 0, NULL);
    const char *file;
    while ((file = g_dir_read_name(folder))) {
        char *path = g_build_filename(room->folder, file, NULL);
        g_unlink(path);
        g_free(path);
    }
    g_dir_close(folder);
    g_rmdir(room->folder);
    g_free(room->folder);
    g_free(room);
    return 0;
}

static void start(struct room *room, gint64 wall_s)
{
    recording_folder_init(&room->recordings, &room->config, wall_s * G_USEC_PER_SEC,
                          up * G_USEC_PER_SEC);
}

/* `later_s` after the start, when the wall clock says `wall_s`. */
static int sweep(struct room *room, gint64 wall_s, gint64 later_s)
{
    return recording_folder_sweep(&room->recordings, wall_s * G_USEC_PER_SEC,
                                  (up + later_s) * G_USEC_PER_SEC);
}

static void what_is_older_than_its_time_goes(void **state)
{
    struct room *room = *state;
    put(room, noon - DAY - 10);
    put(room, noon - DAY + 10);
    put_many(room, noon - 90 * MINUTE, noon - MINUTE);
    start(room, noon);
    assert_int_equal(sweep(room, noon, 0), 1);
    assert_false(has(room, noon - DAY - 10));
    assert_true(has(room, noon - DAY + 10));
}

static void a_clock_that_is_ahead_at_the_start_deletes_nothing_for_an_hour(void **state)
{
    struct room *room = *state;
    put_many(room, noon - 3 * HOUR, noon - MINUTE);
    start(room, noon + YEAR);
    assert_int_equal(sweep(room, noon + YEAR, 0), 0);
    assert_int_equal(sweep(room, noon + YEAR + HOUR, HOUR), 0);
    assert_int_equal(sweep(room, noon + HOUR + MINUTE, HOUR + MINUTE), 0); /* it is set right */
    assert_int_equal(sweep(room, noon + YEAR + 2 * HOUR, 2 * HOUR), 0);    /* another hour begins */
    assert_true(sweep(room, noon + YEAR + 3 * HOUR + MINUTE, 3 * HOUR + MINUTE) > 0);
}

static void nor_when_it_was_ahead_before_the_start_too(void **state)
{
    struct room *room = *state;
    put_many(room, noon - 3 * HOUR, noon - MINUTE);
    put_many(room, noon + YEAR, noon + YEAR + 20 * MINUTE);
    start(room, noon + YEAR + 21 * MINUTE);
    assert_int_equal(sweep(room, noon + YEAR + 21 * MINUTE, 0), 0);
    assert_int_equal(sweep(room, noon + YEAR + 80 * MINUTE, 59 * MINUTE), 0);
}

static void an_hour_of_segments_vouches_for_a_clock(void **state)
{
    struct room *room = *state;
    put_many(room, noon - 10 * DAY, noon - 10 * DAY + 10 * MINUTE);
    put_many(room, noon - 2 * HOUR, noon - MINUTE);
    start(room, noon);
    assert_int_equal(sweep(room, noon, 0), 11);
}

static void a_jump_while_it_runs_deletes_nothing_for_an_hour(void **state)
{
    struct room *room = *state;
    put_many(room, noon - 3 * HOUR, noon);
    start(room, noon);
    assert_int_equal(sweep(room, noon + YEAR, MINUTE), 0);
    assert_int_equal(sweep(room, noon + YEAR + HOUR, HOUR), 0);
    assert_true(sweep(room, noon + YEAR + 2 * HOUR, 2 * HOUR) > 0);
}

static void a_clock_that_is_behind_deletes_nothing(void **state)
{
    struct room *room = *state;
    put_many(room, noon - 3 * HOUR, noon);
    start(room, 0);
    assert_int_equal(sweep(room, MINUTE, MINUTE), 0);
    assert_int_equal(sweep(room, 2 * HOUR, 2 * HOUR), 0);
}

static void of_too_many_those_from_the_future_go_first(void **state)
{
    struct room *room = *state;
    room->config.record.retention_s = 0;
    room->config.record.limit_bytes = 4 * SIZE;
    put(room, noon - 3 * MINUTE);
    put(room, noon - 2 * MINUTE);
    put(room, noon - MINUTE);
    put(room, noon + YEAR);
    put(room, noon + YEAR + MINUTE);
    put(room, noon + YEAR + 2 * MINUTE);
    start(room, noon);
    assert_int_equal(sweep(room, noon, 0), 2);
    assert_false(has(room, noon + YEAR));
    assert_false(has(room, noon + YEAR + MINUTE));
    room->config.record.limit_bytes = 2 * SIZE;
    assert_int_equal(sweep(room, noon, 0), 2);
    assert_false(has(room, noon + YEAR + 2 * MINUTE));
    assert_false(has(room, noon - 3 * MINUTE));
    assert_true(has(room, noon - 2 * MINUTE));
    assert_true(has(room, noon - MINUTE));
}

static void others_files_stay(void **state)
{
    struct room *room = *state;
    char *path = g_build_filename(room->folder, "front-door.mp4", NULL);
    assert_true(g_file_set_contents(path, "", 0, NULL));
    assert_int_equal(g_utime(path, &(struct utimbuf){0, 0}), 0);
    start(room, noon);
    assert_int_equal(sweep(room, noon, 0), 0);
    assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_free(path);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_older_than_its_time_goes),
        TEST(a_clock_that_is_ahead_at_the_start_deletes_nothing_for_an_hour),
        TEST(nor_when_it_was_ahead_before_the_start_too),
        TEST(an_hour_of_segments_vouches_for_a_clock),
        TEST(a_jump_while_it_runs_deletes_nothing_for_an_hour),
        TEST(a_clock_that_is_behind_deletes_nothing),
        TEST(of_too_many_those_from_the_future_go_first),
        TEST(others_files_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
