/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/frame.h"
#include "base/rect.h"

static void alignment_grows_outward_also_left_of_zero(void **state)
{
    (void)state;
    struct bauta_rect r = bt_rect_align((struct bauta_rect){-3, 5, 10, 3}, 8);
    assert_int_equal(-8, r.x);
    assert_int_equal(0, r.y);
    assert_int_equal(16, r.w);
    assert_int_equal(8, r.h);
    assert_true(bt_rect_contains(r, (struct bauta_rect){-3, 5, 10, 3}));
}

static void rectangles_that_do_not_meet_share_nothing(void **state)
{
    (void)state;
    struct bauta_rect a = {0, 0, 10, 10}, b = {10, 0, 5, 5};
    assert_true(bt_rect_empty(bt_rect_intersect(a, b)));
    assert_int_equal(0, bt_rect_area(bt_rect_intersect(a, b)));
    assert_true(bt_rect_iou(a, b) == 0.0);
    assert_true(bt_rect_iou(a, a) == 1.0);
    assert_int_equal(150, bt_rect_area(bt_rect_union(a, b)));
}

static void a_part_of_a_picture_is_a_view_of_the_same_samples(void **state)
{
    (void)state;
    struct bt_frame f;
    check_ok(bt_frame_init(&f, 64, 48));
    struct bauta_picture part = bt_picture_part(&f.picture, (struct bauta_rect){16, 8, 32, 16});
    part.planes[0][0] = 77;
    part.planes[2][0] = 99;
    assert_int_equal(77, f.picture.planes[0][8 * f.picture.strides[0] + 16]);
    assert_int_equal(99, f.picture.planes[2][4 * f.picture.strides[2] + 8]);
    bt_frame_clear(&f);
    assert_null(f.memory);
}

static void sizes_that_no_codec_takes_are_refused(void **state)
{
    (void)state;
    struct bt_frame f;
    check_status(BAUTA_ERR_LIMIT, bt_frame_init(&f, 33, 32));
    check_status(BAUTA_ERR_LIMIT, bt_frame_init(&f, 32, 1 << 20));
    check_status(BAUTA_ERR_LIMIT, bt_frame_init(&f, -32, 32));
    struct bauta_picture p = {.width = 64, .height = 64};
    check_status(BAUTA_ERR_ARGUMENT, bt_picture_check(&p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alignment_grows_outward_also_left_of_zero),
        cmocka_unit_test(rectangles_that_do_not_meet_share_nothing),
        cmocka_unit_test(a_part_of_a_picture_is_a_view_of_the_same_samples),
        cmocka_unit_test(sizes_that_no_codec_takes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
