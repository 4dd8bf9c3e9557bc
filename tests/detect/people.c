/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdlib.h>

#include "clip.h"
#include "detect/detector.h"
#include "track/tracker.h"
#include "truth.h"

/*
 * Real models on a real clip. Models or clip that are missing are a failure: without them nobody is
 * hidden. Ground truth is not the project's to ship: without $BAUTA_SHARED only its test is left
 * out.
 */

static void complain(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    if (level <= BAUTA_LOG_WARNING)
        print_message("# %s\n", sentence);
}

static const struct bauta_log log_to_test = {complain, NULL};
static struct bt_detections found;

static struct bt_detector *open_detector(void)
{
    struct bt_detector_settings s;
    struct bt_detector *d;
    bt_detector_settings_init(&s);
    s.data_dir = clip_data_dir();
    s.width = DEMO_WIDTH;
    s.height = DEMO_HEIGHT;
    s.log = &log_to_test;
    check_ok(bt_detector_new(&d, &s));
    return d;
}

static void detections_are_in_order_and_faces_name_bodies(void **state)
{
    (void)state;
    struct bt_detector *d = open_detector();
    struct clip clip;
    struct bt_clear picture;
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    for (int i = 0; i < 20; i++) {
        assert_true(clip_next(&clip, &picture));
        check_ok(bt_detector_find(d, &found, &picture));
        int n_bodies = 0;
        for (int k = 0; k < found.n_items; k++) {
            const struct bt_detection *x = &found.items[k];
            assert_true(x->score > 0 && x->score <= 1 && x->box.w > 0 && x->box.h > 0);
            if (x->class_ == BAUTA_CLASS_BODY) {
                assert_int_equal(n_bodies, k); /* bodies first, best first */
                assert_true(k == 0 || found.items[k - 1].score >= x->score);
                n_bodies++;
            } else {
                assert_int_equal(BAUTA_CLASS_FACE, x->class_);
                assert_true(x->body >= -1 && x->body < n_bodies);
            }
        }
        assert_true(n_bodies >= 3); /* there are five people and more */
    }
    clip_close(&clip);
    bt_detector_free(&d);
}

static void the_same_picture_gives_the_same_detections(void **state)
{
    (void)state;
    struct bt_detector *one = open_detector(), *other = open_detector();
    struct clip clip;
    struct bt_clear picture;
    static struct bt_detections first;
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    for (int i = 0; i < 5; i++) {
        assert_true(clip_next(&clip, &picture));
        check_ok(bt_detector_find(one, &first, &picture));
        check_ok(bt_detector_find(other, &found, &picture));
        assert_int_equal(first.n_items, found.n_items);
        for (int k = 0; k < found.n_items; k++)
            assert_memory_equal(&first.items[k].box, &found.items[k].box, sizeof(struct bt_box));
    }
    clip_close(&clip);
    bt_detector_free(&one);
    bt_detector_free(&other);
}

static void ninety_seven_of_a_hundred_heads_are_hidden(void **state)
{
    (void)state;
    static struct truth truth;
    static struct coverage coverage;
    static struct bt_sightings out;
    const char *path = truth_path("mot/pets09_s2l1/gt.csv");
    if (!path)
        skip();
    assert_true(truth_read(&truth, path));
    struct bt_detector *d = open_detector();
    struct bt_tracker_settings s;
    struct bt_tracker *t;
    struct clip clip;
    struct bt_clear picture;
    bt_tracker_settings_init(&s, DEMO_WIDTH, DEMO_HEIGHT);
    check_ok(bt_tracker_new(&t, &s));
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    for (int i = 0; i < DEMO_PICTURES; i++) {
        assert_true(clip_next(&clip, &picture));
        check_ok(bt_detector_find(d, &found, &picture));
        bt_tracker_look(t, &found, (int64_t)i * DEMO_STEP_US);
        bt_tracker_give(t, &out);
        assert_int_equal(0, out.n_dropped);
        coverage_add(&coverage, &truth, &out, i, DEMO_WIDTH, DEMO_HEIGHT);
    }
    print_message("# heads hidden %.4f, people always hidden %.3f, area %.2f of theirs\n",
                  coverage_heads(&coverage), coverage_people(&coverage), coverage_area(&coverage));
    assert_int_equal(4650, coverage.n_heads);
    assert_true(coverage_heads(&coverage) >= 0.97);
    clip_close(&clip);
    bt_tracker_free(&t);
    bt_detector_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detections_are_in_order_and_faces_name_bodies),
        cmocka_unit_test(the_same_picture_gives_the_same_detections),
        cmocka_unit_test(ninety_seven_of_a_hundred_heads_are_hidden),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
