/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "clip.h"
#include "detect/cut.h"
#include "truth.h"

/* Where another scene begins. */

static void people_who_walk_are_no_cut(void **state)
{
    (void)state;
    struct bt_cut cut = {0};
    struct clip clip;
    struct bt_clear picture;
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    for (int i = 0; i < DEMO_PICTURES; i++) {
        assert_true(clip_next(&clip, &picture));
        assert_false(bt_cut_see(&cut, &picture));
    }
    clip_close(&clip);
}

static void a_light_that_goes_on_is_no_cut(void **state)
{
    (void)state;
    struct bt_cut cut = {0};
    struct clip clip;
    struct bt_clear picture;
    assert_true(clip_open(&clip, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    assert_true(clip_next(&clip, &picture));
    const struct bauta_picture *p = &picture.picture;
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            p->planes[0][y * p->strides[0] + x] = p->planes[0][y * p->strides[0] + x] / 2;
    assert_false(bt_cut_see(&cut, &picture));
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++)
            p->planes[0][y * p->strides[0] + x] =
                (uint8_t)(p->planes[0][y * p->strides[0] + x] * 2);
    assert_false(bt_cut_see(&cut, &picture));
    clip_close(&clip);
}

static void another_clip_is_a_cut_there_and_back(void **state)
{
    (void)state;
    const char *path = truth_path("video/opencv4nodejs_people_crowdfaces.mp4");
    if (!path)
        skip();
    struct bt_cut cut = {0};
    struct clip one, other;
    struct bt_clear picture;
    assert_true(clip_open(&one, demo_clip_path(), DEMO_WIDTH, DEMO_HEIGHT));
    assert_true(clip_open(&other, path, 800, 450));
    for (int i = 0; i < 20; i++) {
        assert_true(clip_next(&one, &picture));
        assert_int_equal(i > 0, bt_cut_see(&cut, &picture));
        assert_true(clip_next(&other, &picture));
        assert_true(bt_cut_see(&cut, &picture));
        assert_true(clip_next(&other, &picture));
        assert_false(bt_cut_see(&cut, &picture));
    }
    clip_close(&one);
    clip_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_who_walk_are_no_cut),
        cmocka_unit_test(a_light_that_goes_on_is_no_cut),
        cmocka_unit_test(another_clip_is_a_cut_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
