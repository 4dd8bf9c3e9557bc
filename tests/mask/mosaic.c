/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/rect.h"
#include "mask/crop.h"
#include "mask/mosaic.h"
#include "mask/reveal.h"
#include "mask/window.h"

enum { WIDTH = 160, HEIGHT = 96, ROUNDS = 200 };

static unsigned seed;

static int random_below(int n)
{
    seed = seed * 1103515245u + 12345u;
    return (int)(seed >> 8) % n;
}

static void fill_random(const struct bauta_picture *p)
{
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < (i ? p->height / 2 : p->height); y++)
            for (int x = 0; x < (i ? p->width / 2 : p->width); x++)
                p->planes[i][y * p->strides[i] + x] = (uint8_t)random_below(256);
}

static struct bt_plan random_plan(void)
{
    struct bt_planner planner;
    struct bt_sightings s = {.n_items = 1 + random_below(6)};
    struct bt_plan plan;
    for (int i = 0; i < s.n_items; i++)
        s.items[i] = (struct bt_sighting){
            .target = (uint32_t)i / 2 + 1,
            .class_ = i % 2 ? BAUTA_CLASS_HEAD : BAUTA_CLASS_BODY,
            .box = {(float)random_below(WIDTH) - 8, (float)random_below(HEIGHT) - 8,
                    (float)random_below(80) + 1, (float)random_below(60) + 1}};
    bt_planner_init(&planner, WIDTH, HEIGHT);
    bt_planner_plan(&planner, &plan, &s);
    return plan;
}

static bool is_hidden(const struct bt_plan *plan, int x, int y)
{
    for (int i = 0; i < plan->n_regions; i++)
        if (bt_rect_contains(plan->regions[i].rect, (struct bauta_rect){x, y, 1, 1}))
            return true;
    return false;
}

static void hide(struct bt_masked *masked, const struct bt_frame *frame, const struct bt_plan *plan)
{
    struct bt_clear clear = {frame->picture};
    bt_mosaic_hide(masked, &clear, plan);
}

static void no_clear_view_survives(void **state)
{
    (void)state;
    struct bt_frame frame;
    check_ok(bt_frame_init(&frame, WIDTH, HEIGHT));
    struct bt_clear clear = {frame.picture};
    struct bt_masked masked;
    struct bt_plan plan = random_plan();
    bt_mosaic_hide(&masked, &clear, &plan);
    assert_null(clear.picture.planes[0]);
    assert_ptr_equal(frame.picture.planes[0], masked.picture.planes[0]);
    bt_frame_clear(&frame);
}

static void swapping_two_pixels_inside_a_block_leaves_the_masked_picture_unchanged(void **state)
{
    (void)state;
    struct bt_frame a, b;
    struct bt_masked masked;
    struct bt_plan plan = {.n_regions = 1};
    plan.regions[0] = (struct bauta_region){1, BAUTA_CLASS_BODY, {16, 16, 64, 48}, 16, 0};
    check_ok(bt_frame_init(&a, WIDTH, HEIGHT));
    check_ok(bt_frame_init(&b, WIDTH, HEIGHT));
    for (seed = 1; seed < ROUNDS; seed++) {
        unsigned round = seed;
        fill_random(&a.picture);
        bt_picture_copy(&b.picture, &a.picture);
        int left = 16 + 16 * random_below(4), top = 16 + 16 * random_below(3);
        uint8_t *p = b.picture.planes[0] + (top + random_below(16)) * b.picture.strides[0] + left +
                     random_below(16);
        uint8_t *q = b.picture.planes[0] + (top + random_below(16)) * b.picture.strides[0] + left +
                     random_below(16);
        uint8_t swapped = *p;
        *p = *q;
        *q = swapped;
        hide(&masked, &a, &plan);
        hide(&masked, &b, &plan);
        for (int y = 0; y < HEIGHT; y++)
            if (memcmp(a.picture.planes[0] + y * a.picture.strides[0],
                       b.picture.planes[0] + y * b.picture.strides[0], WIDTH))
                fail_msg("row %d differs, seed %u", y, round);
        seed = round;
    }
    bt_frame_clear(&a);
    bt_frame_clear(&b);
}

static void outside_the_regions_nothing_changes_and_inside_blocks_are_flat(void **state)
{
    (void)state;
    struct bt_frame a, b;
    struct bt_masked masked;
    check_ok(bt_frame_init(&a, WIDTH, HEIGHT));
    check_ok(bt_frame_init(&b, WIDTH, HEIGHT));
    for (unsigned round = 1; round < ROUNDS; round++) {
        seed = round;
        fill_random(&a.picture);
        bt_picture_copy(&b.picture, &a.picture);
        struct bt_plan plan = random_plan();
        hide(&masked, &b, &plan);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                const uint8_t *now = b.picture.planes[0] + y * b.picture.strides[0] + x;
                if (!is_hidden(&plan, x, y) &&
                    *now != a.picture.planes[0][y * a.picture.strides[0] + x])
                    fail_msg("pixel %d,%d changed, seed %u", x, y, round);
                if (x % 4 && is_hidden(&plan, x, y) && is_hidden(&plan, x - 1, y) &&
                    now[0] != now[-1])
                    fail_msg("pixel %d,%d shows detail, seed %u", x, y, round);
            }
    }
    bt_frame_clear(&a);
    bt_frame_clear(&b);
}

/* Crop every region, open a random half of them, compose: every pixel is its owner's. */
static void what_is_cropped_and_revealed_is_the_original_of_its_owner_and_nobody_elses(void **state)
{
    (void)state;
    struct bt_frame original, frame, out;
    struct bt_hidden hidden;
    check_ok(bt_frame_init(&original, WIDTH, HEIGHT));
    check_ok(bt_frame_init(&frame, WIDTH, HEIGHT));
    check_ok(bt_frame_init(&out, WIDTH, HEIGHT));
    check_ok(bt_hidden_init(&hidden, WIDTH, HEIGHT));
    for (unsigned round = 1; round < ROUNDS; round++) {
        seed = round;
        struct bt_opened opened[BT_MAX_REGIONS] = {{0}};
        struct bt_masked masked;
        struct bt_revealed revealed;
        struct bt_crop crop;
        fill_random(&original.picture);
        bt_picture_copy(&frame.picture, &original.picture);
        struct bt_plan plan = random_plan();
        struct bt_clear clear = {frame.picture};
        bt_hidden_keep(&hidden, &clear, &plan);
        bt_mosaic_hide(&masked, &clear, &plan);
        for (int i = 0; i < plan.n_regions; i++) {
            struct bt_window window = {{0, 0, 0, 0}};
            bt_window_follow(&window, plan.regions[i].rect, WIDTH, HEIGHT, true);
            assert_true(bt_rect_contains(window.rect, plan.regions[i].rect));
            opened[i].open = random_below(2);
            opened[i].window = window.rect;
            check_ok(bt_frame_init(&opened[i].frame, window.rect.w, window.rect.h));
            bt_crop_window(&crop, &opened[i].frame, window.rect, &masked, &hidden, &plan, i,
                           random_below(2)); /* what is shown does not depend on it */
        }
        bt_reveal_compose(&revealed, &out, &masked, &plan, opened);
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++) {
                int owner = -1;
                for (int i = plan.n_regions - 1; i >= 0; i--)
                    if (bt_rect_contains(plan.regions[i].rect, (struct bauta_rect){x, y, 1, 1}))
                        owner = i;
                bool open = owner < 0 || opened[owner].open;
                const struct bauta_picture *want = open ? &original.picture : &masked.picture;
                if (revealed.picture.planes[0][y * revealed.picture.strides[0] + x] !=
                    want->planes[0][y * want->strides[0] + x])
                    fail_msg("pixel %d,%d is wrong, owner %d, seed %u", x, y, owner, round);
            }
        for (int i = 0; i < plan.n_regions; i++)
            bt_frame_clear(&opened[i].frame);
    }
    bt_hidden_clear(&hidden);
    bt_frame_clear(&original);
    bt_frame_clear(&frame);
    bt_frame_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_clear_view_survives),
        cmocka_unit_test(swapping_two_pixels_inside_a_block_leaves_the_masked_picture_unchanged),
        cmocka_unit_test(outside_the_regions_nothing_changes_and_inside_blocks_are_flat),
        cmocka_unit_test(
            what_is_cropped_and_revealed_is_the_original_of_its_owner_and_nobody_elses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
