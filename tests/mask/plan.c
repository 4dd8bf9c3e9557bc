/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>

#include "base/rect.h"
#include "mask/plan.h"

enum { WIDTH = 640, HEIGHT = 480 };

static const struct bauta_view square = {.turn = 0};

static struct bt_plan plan_one(struct bt_planner *planner, struct bt_box box)
{
    struct bt_plan plan;
    struct bt_sightings s = {.n_items = 1, .items = {{1, BAUTA_CLASS_BODY, box, 0}}};
    bt_planner_plan(planner, &plan, &s);
    return plan;
}

static void a_mask_covers_its_target_and_lies_on_the_grid_inside_the_picture(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        struct bt_planner planner;
        bt_planner_init(&planner, WIDTH, HEIGHT, 6);
        struct bt_box box = {(float)(i * 37 % 700) - 30.5f, (float)(i * 53 % 500) - 20.25f,
                             (float)(i % 90) + 1.5f, (float)(i % 170) + 2.5f};
        struct bt_plan plan = plan_one(&planner, box);
        if (plan.n_regions == 0) {
            assert_true(box.x >= WIDTH || box.y >= HEIGHT || box.x + box.w <= 0 ||
                        box.y + box.h <= 0);
            continue;
        }
        struct bauta_rect r = plan.regions[0].rect;
        assert_true(bt_rect_contains((struct bauta_rect){0, 0, WIDTH, HEIGHT}, r));
        assert_true((float)r.x <= fmaxf(box.x, 0) && (float)r.y <= fmaxf(box.y, 0));
        assert_true((float)(r.x + r.w) >= fminf(box.x + box.w, WIDTH));
        assert_true((float)(r.y + r.h) >= fminf(box.y + box.h, HEIGHT));
        assert_true(r.x % 4 == 0 && r.y % 4 == 0 && r.w % 4 == 0 && r.h % 4 == 0);
    }
}

static void a_mask_stays_put_until_its_target_would_leave_it(void **state)
{
    (void)state;
    struct bt_planner planner;
    bt_planner_init(&planner, WIDTH, HEIGHT, 6);
    struct bt_plan first = plan_one(&planner, (struct bt_box){100, 100, 40, 100});
    int n_steps = 0;
    for (int i = 1; i <= 64; i++) {
        struct bt_plan next = plan_one(&planner, (struct bt_box){100 + (float)i, 100, 40, 100});
        n_steps += next.regions[0].rect.x != first.regions[0].rect.x;
        first = next;
    }
    assert_in_range(n_steps, 4, 16);
}

static void larger_targets_get_larger_blocks_and_few_fit_across_any_size(void **state)
{
    (void)state;
    for (int blocks = 2; blocks <= 16; blocks++) {
        int last = 0;
        for (int side = 8; side <= BT_MAX_SIDE; side += 8) {
            int block = bt_plan_block((struct bauta_rect){0, 0, side, side * 2}, &square, blocks);
            assert_true(block >= last);
            assert_true(side <= blocks * block);
            last = block;
        }
    }
}

static void oblong_pixels_show_no_more_blocks_than_square_ones(void **state)
{
    static const struct bauta_view halves[] = {{.pixel_width = 2, .pixel_height = 1},
                                               {.pixel_width = 1, .pixel_height = 2}};
    (void)state;
    for (int i = 0; i < 2; i++)
        for (int side = 16; side <= 1024; side += 16) { /* of a face, in rows, then in columns */
            struct bauta_rect face = {0, 0, i ? side : side / 2, i ? side / 2 : side};
            int block = bt_plan_block(face, &halves[i], 4);
            assert_int_equal(block,
                             bt_plan_block((struct bauta_rect){0, 0, side, side}, &square, 4));
            assert_true(face.w <= 4 * block && face.h <= 4 * block);
        }
}

static void blocks_follow_the_view_of_each_picture(void **state)
{
    (void)state;
    struct bt_planner planner;
    struct bt_plan plan;
    struct bt_sightings s = {
        .items = {{1, BAUTA_CLASS_FACE, {64, 64, 60, 120}, BAUTA_SOURCE_DETECTED}}, .n_items = 1};
    bt_planner_init(&planner, WIDTH, HEIGHT, 4);
    bt_planner_plan(&planner, &plan, &s);
    int before = plan.regions[0].block;
    s.view.pixel_width = 2;
    s.view.pixel_height = 1;
    bt_planner_plan(&planner, &plan, &s);
    assert_true(plan.regions[0].block > before);
    bt_planner_plan_blind(&planner, &plan);
    assert_true(plan.regions[0].block > before);
}

static void too_many_or_double_targets_hide_the_whole_picture(void **state)
{
    (void)state;
    struct bt_planner planner;
    struct bt_plan plan;
    bt_planner_init(&planner, WIDTH, HEIGHT, 6);
    struct bt_sightings dropped = {.n_dropped = 1};
    bt_planner_plan(&planner, &plan, &dropped);
    assert_int_equal(1, plan.n_regions);
    assert_int_equal(WIDTH * HEIGHT, bt_rect_area(plan.regions[0].rect));
    assert_int_equal(BAUTA_WHOLE_CROWD, plan.whole);
    struct bt_sighting one = {3, BAUTA_CLASS_FACE, {10, 10, 20, 20}, 0};
    struct bt_sightings twice = {.n_items = 2, .items = {one, one}};
    bt_planner_plan(&planner, &plan, &twice);
    assert_int_equal(WIDTH * HEIGHT, bt_rect_area(plan.regions[0].rect));
    assert_int_equal(BAUTA_WHOLE_UNCLEAR, plan.whole);
    struct bt_sightings once = {.n_items = 1, .items = {one}};
    bt_planner_plan(&planner, &plan, &once);
    assert_int_equal(BAUTA_WHOLE_NONE, plan.whole);
    once.whole = BAUTA_WHOLE_UNLOOKED;
    bt_planner_plan(&planner, &plan, &once);
    assert_int_equal(WIDTH * HEIGHT, bt_rect_area(plan.regions[0].rect));
    assert_int_equal(BAUTA_WHOLE_UNLOOKED, plan.whole);
    bt_planner_plan_blind(&planner, &plan); /* nothing to grow: not what is said of the last one */
    assert_int_equal(BAUTA_WHOLE_DETECTOR, plan.whole);
}

static void every_reason_for_a_whole_picture_has_a_name(void **state)
{
    (void)state;
    assert_null(bauta_whole_name(BAUTA_WHOLE_NONE));
    assert_null(bauta_whole_name(BAUTA_N_WHOLE));
    for (int i = BAUTA_WHOLE_NONE + 1; i < BAUTA_N_WHOLE; i++)
        assert_non_null(bauta_whole_name((enum bauta_whole)i));
}

static void a_blind_plan_is_the_last_one_grown_or_everything(void **state)
{
    (void)state;
    struct bt_planner planner;
    struct bt_plan blind;
    bt_planner_init(&planner, WIDTH, HEIGHT, 6);
    bt_planner_plan_blind(&planner, &blind);
    assert_int_equal(WIDTH * HEIGHT, bt_rect_area(blind.regions[0].rect));
    bt_planner_init(&planner, WIDTH, HEIGHT, 6);
    struct bt_plan seen = plan_one(&planner, (struct bt_box){100, 100, 40, 100});
    bt_planner_plan_blind(&planner, &blind);
    assert_int_equal(1, blind.n_regions);
    assert_true(bt_rect_contains(blind.regions[0].rect, seen.regions[0].rect));
    assert_true(bt_rect_area(blind.regions[0].rect) > bt_rect_area(seen.regions[0].rect));
    struct bt_sighting area = {BAUTA_TARGET_AREA, BAUTA_CLASS_BODY, {0, 0, 16, 16}, 0};
    struct bt_sightings areas = {.n_items = 1, .items = {area}};
    bt_planner_plan(&planner, &seen, &areas);
    bt_planner_plan_blind(&planner, &blind); /* where people are it does not tell */
    assert_int_equal(WIDTH * HEIGHT, bt_rect_area(blind.regions[0].rect));
}

static void
faces_own_their_pixels_before_bodies_and_the_nearer_body_before_the_farther(void **state)
{
    (void)state;
    struct bt_planner planner;
    struct bt_plan plan;
    bt_planner_init(&planner, WIDTH, HEIGHT, 6);
    struct bt_sightings s = {.n_items = 3,
                             .items = {{1, BAUTA_CLASS_BODY, {100, 50, 60, 150}, 0},
                                       {2, BAUTA_CLASS_BODY, {120, 80, 60, 150}, 0},
                                       {1, BAUTA_CLASS_FACE, {110, 60, 30, 30}, 0}}};
    bt_planner_plan(&planner, &plan, &s);
    assert_int_equal(BAUTA_CLASS_FACE, plan.regions[0].class_);
    assert_int_equal(2, plan.regions[1].target);
    assert_int_equal(1, plan.regions[2].target);
}

static void regions_that_no_reader_would_take_hide_the_whole_picture(void **state)
{
    (void)state;
    for (int n = BT_MAX_COVER; n <= BT_MAX_COVER + 1; n++) {
        struct bt_planner planner;
        struct bt_plan plan;
        bt_planner_init(&planner, WIDTH, HEIGHT, 6);
        struct bt_sightings s = {.n_items = n};
        for (int i = 0; i < n; i++)
            s.items[i] = (struct bt_sighting){
                (uint32_t)i + 1, BAUTA_CLASS_BODY, {0, 0, WIDTH, HEIGHT}, BAUTA_SOURCE_GIVEN};
        bt_planner_plan(&planner, &plan, &s);
        assert_int_equal(n > BT_MAX_COVER ? BAUTA_WHOLE_CROWD : BAUTA_WHOLE_NONE, plan.whole);
        assert_int_equal(n > BT_MAX_COVER ? 1 : n, plan.n_regions);
        assert_true(bt_plan_is_bounded(&plan, WIDTH, HEIGHT));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mask_covers_its_target_and_lies_on_the_grid_inside_the_picture),
        cmocka_unit_test(a_mask_stays_put_until_its_target_would_leave_it),
        cmocka_unit_test(larger_targets_get_larger_blocks_and_few_fit_across_any_size),
        cmocka_unit_test(oblong_pixels_show_no_more_blocks_than_square_ones),
        cmocka_unit_test(blocks_follow_the_view_of_each_picture),
        cmocka_unit_test(too_many_or_double_targets_hide_the_whole_picture),
        cmocka_unit_test(regions_that_no_reader_would_take_hide_the_whole_picture),
        cmocka_unit_test(every_reason_for_a_whole_picture_has_a_name),
        cmocka_unit_test(a_blind_plan_is_the_last_one_grown_or_everything),
        cmocka_unit_test(
            faces_own_their_pixels_before_bodies_and_the_nearer_body_before_the_farther),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
