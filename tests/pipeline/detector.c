/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bauta/detector.h>

#include "../detect/clip.h"
#include "base/frame.h"
#include "base/view.h"
#include "find/detector_runner.h"

/* A detector in a process of its own: the real program, models and clip. */

enum { LOADS_MS = 60000 };

static struct bauta_detector_process *start(const struct bauta_log *log, int64_t patience_ms)
{
    struct bauta_detector_process_settings s;
    struct bauta_detector_process *d;
    bauta_detector_process_settings_init(&s);
    s.width = DEMO_WIDTH;
    s.height = DEMO_HEIGHT;
    s.find.data_dir = clip_data_dir();
    s.log = log;
    s.patience_ms = patience_ms;
    check_ok(bauta_detector_process_new(&d, &s));
    return d;
}

static void open_clip(struct clip *clip, struct bt_clear *picture)
{
    assert_true(clip_open(clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    assert_true(clip_next(clip, picture));
}

static void it_finds_what_a_detector_in_this_process_finds(void **state)
{
    (void)state;
    struct bauta_detector_process *d = start(NULL, LOADS_MS);
    struct bauta_find_settings find;
    struct bt_detector *here;
    struct clip clip;
    struct bt_clear picture;
    static struct bauta_sights there, want;
    bauta_find_settings_init(&find);
    find.data_dir = clip_data_dir();
    check_ok(bt_detector_runner_open(&here, &find, DEMO_WIDTH, DEMO_HEIGHT, NULL));
    open_clip(&clip, &picture);
    assert_true(bauta_detector_process_wait_ready(d, LOADS_MS));
    for (int i = 0; i < 3; i++) {
        int64_t pts = 0;
        check_ok(bauta_detector_process_give(d, &picture.picture, 40 * i));
        assert_false(bauta_detector_process_ready(d));
        check_status(BAUTA_ERR_LIMIT, bauta_detector_process_give(d, &picture.picture, 40 * i));
        check_ok(bauta_detector_process_take(d, &there, &pts, -1));
        check_ok(bt_detector_runner_find(here, &want, &picture.picture));
        assert_int_equal(40 * i, pts);
        assert_true(want.n_items > 0);
        assert_int_equal(want.n_items, there.n_items);
        assert_memory_equal(want.items, there.items, (size_t)want.n_items * sizeof(want.items[0]));
        assert_true(clip_next(&clip, &picture));
    }
    clip_close(&clip);
    bt_detector_runner_close(&here);
    bauta_detector_process_free(&d);
}

/* Stored upside down, and said to be: the same people, upside down. */
static void it_looks_at_pictures_as_they_are_shown(void **state)
{
    (void)state;
    struct bauta_detector_process *d = start(NULL, LOADS_MS);
    const struct bauta_view turns[] = {{.turn = 0}, {.turn = 180}};
    struct bt_frame turned;
    struct bt_view v;
    struct clip clip;
    struct bt_clear picture;
    static struct bauta_sights sights[2];
    bt_view_init(&v, &turns[1], DEMO_WIDTH, DEMO_HEIGHT);
    check_ok(bt_frame_init(&turned, DEMO_WIDTH, DEMO_HEIGHT));
    open_clip(&clip, &picture);
    bt_view_turn_picture(&v, &turned.picture, &picture.picture);
    assert_true(bauta_detector_process_wait_ready(d, LOADS_MS));
    for (int i = 0; i < 2; i++) {
        int64_t pts;
        check_ok(bauta_detector_process_set_view(d, &turns[i]));
        check_ok(bauta_detector_process_give(d, i ? &turned.picture : &picture.picture, i));
        check_ok(bauta_detector_process_take(d, &sights[i], &pts, -1));
    }
    assert_true(sights[0].n_items > 0);
    assert_int_equal(sights[0].n_items, sights[1].n_items);
    for (int i = 0; i < sights[0].n_items; i++) {
        const struct bauta_sight *a = &sights[0].items[i], *b = &sights[1].items[i];
        assert_true(fabsf(a->x - ((float)DEMO_WIDTH - b->x - b->w)) < 0.1f);
        assert_true(fabsf(a->y - ((float)DEMO_HEIGHT - b->y - b->h)) < 0.1f);
        assert_true(fabsf(a->score - b->score) < 0.01f);
    }
    check_status(BAUTA_ERR_ARGUMENT,
                 bauta_detector_process_set_view(d, &(struct bauta_view){.turn = 1}));
    clip_close(&clip);
    bt_frame_clear(&turned);
    bauta_detector_process_free(&d);
}

static int count_descriptors(void)
{
    int n = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder))
        n++;
    closedir(folder);
    return n;
}

static void one_that_is_killed_is_noticed_and_started_again(void **state)
{
    (void)state;
    struct bauta_detector_process *d = start(NULL, LOADS_MS);
    struct clip clip;
    struct bt_clear picture;
    static struct bauta_sights sights;
    open_clip(&clip, &picture);
    assert_true(bauta_detector_process_wait_ready(d, LOADS_MS));
    int n_descriptors = count_descriptors();
    for (int i = 1; i <= 3; i++) {
        int64_t pts = 0;
        check_ok(bauta_detector_process_give(d, &picture.picture, i));
        assert_int_equal(0, kill(bauta_detector_process_id(d), SIGKILL));
        check_status(BAUTA_ERR_DETECTOR, bauta_detector_process_take(d, &sights, &pts, -1));
        assert_int_equal(i, pts);
        assert_int_equal(0, sights.n_items);
        assert_true(bauta_detector_process_wait_ready(d, LOADS_MS));
        assert_int_equal(i, bauta_detector_process_restarts(d));
        assert_int_equal(n_descriptors, count_descriptors());
        check_ok(bauta_detector_process_give(d, &picture.picture, 10 * i));
        check_ok(bauta_detector_process_take(d, &sights, &pts, -1));
        assert_true(sights.n_items > 0);
    }
    clip_close(&clip);
    bauta_detector_process_free(&d);
}

static void one_that_hangs_keeps_nobody_waiting_and_is_ended(void **state)
{
    (void)state;
    struct bauta_detector_process *d = start(NULL, 300);
    struct clip clip;
    struct bt_clear picture;
    static struct bauta_sights sights;
    int64_t pts = 0;
    open_clip(&clip, &picture);
    assert_true(bauta_detector_process_wait_ready(d, LOADS_MS));
    int first = bauta_detector_process_id(d);
    assert_int_equal(0, kill(first, SIGSTOP));
    check_ok(bauta_detector_process_give(d, &picture.picture, 7));
    check_status(BAUTA_ERR_NOT_FOUND, bauta_detector_process_take(d, &sights, &pts, 0));
    check_status(BAUTA_ERR_DETECTOR, bauta_detector_process_take(d, &sights, &pts, -1));
    assert_int_equal(7, pts);
    assert_true(bauta_detector_process_wait_ready(d, LOADS_MS));
    assert_true(bauta_detector_process_id(d) != first);
    assert_int_equal(-1, kill(first, 0));
    clip_close(&clip);
    bauta_detector_process_free(&d);
}

struct heard {
    char text[1024];
};

static void hear(void *user, enum bauta_log_level level, const char *sentence)
{
    struct heard *heard = user;
    (void)level;
    if (!heard->text[0])
        snprintf(heard->text, sizeof(heard->text), "%s", sentence);
}

static void what_is_missing_is_named(void **state)
{
    (void)state;
    struct heard heard = {""};
    const struct bauta_log log = {hear, &heard};
    struct bauta_detector_process_settings s;
    struct bauta_detector_process *d;
    bauta_detector_process_settings_init(&s);
    s.width = s.height = 64;
    s.log = &log;
    s.program = "/nowhere/detector";
    check_status(BAUTA_ERR_DETECTOR, bauta_detector_process_new(&d, &s));
    assert_null(d);
    assert_non_null(strstr(heard.text, "/nowhere/detector"));
    heard.text[0] = '\0';
    s.program = NULL;
    s.find.data_dir = "/nowhere/data";
    check_ok(bauta_detector_process_new(&d, &s));
    for (int i = 0; i < 50 && !heard.text[0]; i++)
        assert_false(bauta_detector_process_wait_ready(d, 100));
    assert_non_null(strstr(heard.text, "/nowhere/data"));
    bauta_detector_process_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_a_detector_in_this_process_finds),
        cmocka_unit_test(it_looks_at_pictures_as_they_are_shown),
        cmocka_unit_test(one_that_is_killed_is_noticed_and_started_again),
        cmocka_unit_test(one_that_hangs_keeps_nobody_waiting_and_is_ended),
        cmocka_unit_test(what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
