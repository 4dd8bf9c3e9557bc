/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/rect.h"
#include "mask/crop.h"
#include "mask/mosaic.h"
#include "mask/reveal.h"
#include "mask/tiles.h"
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
    bt_planner_init(&planner, WIDTH, HEIGHT, 6);
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

static bool draw(uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++)
        out[i] = (uint8_t)random_below(256);
    return true;
}

static bool draw_nothing(uint8_t *out, size_t size)
{
    (void)out;
    (void)size;
    return false;
}

/* Means of blocks, without a memory or chance. */
static const struct bt_mosaic_settings plain = {.quantum = 1, .random = draw_nothing};

/* Hides with a mosaic that remembers nothing yet. */
static void hide(struct bt_masked *masked, const struct bt_frame *frame, const struct bt_plan *plan,
                 const struct bt_mosaic_settings *settings)
{
    struct bt_mosaic *mosaic;
    struct bt_clear clear = {frame->picture};
    check_ok(bt_mosaic_new(&mosaic, settings));
    bt_mosaic_hide(mosaic, masked, &clear, plan);
    bt_mosaic_free(&mosaic);
    assert_null(mosaic);
}

static struct bt_mosaic_settings style(enum bauta_style style)
{
    struct bt_mosaic_settings settings;
    const struct bauta_hide_settings hide = {.style = style, .blocks = 4, .epsilon = 0.5f};
    bt_mosaic_settings_init(&settings, &hide);
    settings.random = draw;
    return settings;
}

static void no_clear_view_survives(void **state)
{
    (void)state;
    struct bt_frame frame;
    check_ok(bt_frame_init(&frame, WIDTH, HEIGHT));
    struct bt_clear clear = {frame.picture};
    struct bt_masked masked;
    struct bt_plan plan = random_plan();
    struct bt_mosaic *mosaic;
    check_ok(bt_mosaic_new(&mosaic, &plain));
    bt_mosaic_hide(mosaic, &masked, &clear, &plan);
    bt_mosaic_free(&mosaic);
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
        int left = 24 + 16 * random_below(3), top = 24 + 16 * random_below(2);
        uint8_t *p = b.picture.planes[0] + (top + random_below(16)) * b.picture.strides[0] + left +
                     random_below(16);
        uint8_t *q = b.picture.planes[0] + (top + random_below(16)) * b.picture.strides[0] + left +
                     random_below(16);
        uint8_t swapped = *p;
        *p = *q;
        *q = swapped;
        hide(&masked, &a, &plan, &plain);
        hide(&masked, &b, &plan, &plain);
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
        hide(&masked, &b, &plan, &plain);
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

/* A face of 40 x 48 pixels that walks to the right, its mask going along. */
static struct bt_plan plan_at(int x)
{
    struct bt_plan plan = {.n_regions = 1};
    plan.regions[0] = (struct bauta_region){7, BAUTA_CLASS_FACE, {x, 16, 40, 48}, 16, 0};
    return plan;
}

/* A picture of luma `left` and `right` of the middle of the mask at x, plus noise of one level. */
static void paint_halves(const struct bauta_picture *p, int x, int left, int right)
{
    for (int j = 0; j < HEIGHT; j++)
        for (int i = 0; i < WIDTH; i++)
            p->planes[0][j * p->strides[0] + i] =
                (uint8_t)((i < x + 20 ? left : right) + random_below(3) - 1);
}

static void values_stay_until_the_means_leave_them(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_mosaic *mosaic;
    struct bt_mosaic_settings settings = style(BAUTA_STYLE_MOSAIC);
    uint8_t first[40];
    settings.luma_noise = settings.chroma_noise = 0;
    check_ok(bt_frame_init(&f, WIDTH, HEIGHT));
    check_ok(bt_mosaic_new(&mosaic, &settings));
    for (int n = 0; n < 40; n++) {
        int x = 8 + 2 * n, far = n < 30 ? n % 4 : 40; /* a flicker; later, another light */
        struct bt_plan plan = plan_at(x);
        struct bt_masked masked;
        paint_halves(&f.picture, x, 100 + far, 160 + far);
        struct bt_clear clear = {f.picture};
        bt_mosaic_hide(mosaic, &masked, &clear, &plan);
        const uint8_t *row = f.picture.planes[0] + 30 * f.picture.strides[0] + x;
        if (n == 0)
            memcpy(first, row, sizeof(first));
        assert_int_equal(n >= 30, memcmp(first, row, sizeof(first)) != 0);
        assert_int_equal(0, row[0] % settings.quantum);
    }
    bt_mosaic_free(&mosaic);
    bt_frame_clear(&f);
}

static void noise_is_drawn_once_for_each_target(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_mosaic *mosaic;
    struct bt_mosaic_settings settings = style(BAUTA_STYLE_NOISE);
    uint8_t first[40], other[40];
    seed = 11;
    check_ok(bt_frame_init(&f, WIDTH, HEIGHT));
    check_ok(bt_mosaic_new(&mosaic, &settings));
    for (int n = 0; n < 30; n++) { /* it walks, and is away for a while */
        struct bt_plan plan = plan_at(8 + 2 * n);
        struct bt_masked masked;
        if (n >= 10 && n < 20)
            plan.n_regions = 0;
        paint_halves(&f.picture, 8 + 2 * n, 100, 160);
        struct bt_clear clear = {f.picture};
        bt_mosaic_hide(mosaic, &masked, &clear, &plan);
        const uint8_t *row = f.picture.planes[0] + 30 * f.picture.strides[0] + 8 + 2 * n;
        if (n == 0)
            memcpy(first, row, sizeof(first));
        else if (plan.n_regions > 0)
            assert_memory_equal(first, row, sizeof(first)); /* averaging gains nothing */
    }
    struct bt_plan plan = plan_at(8);
    struct bt_masked masked;
    plan.regions[0].target = 8;
    paint_halves(&f.picture, 8, 100, 160);
    struct bt_clear clear = {f.picture};
    bt_mosaic_hide(mosaic, &masked, &clear, &plan);
    memcpy(other, f.picture.planes[0] + 30 * f.picture.strides[0] + 8, sizeof(other));
    assert_memory_not_equal(first, other, sizeof(first));
    bt_mosaic_free(&mosaic);
    bt_frame_clear(&f);
}

/* Laplace's, of the stated scale: the mean distance from the middle is the scale. */
static void noise_is_as_strong_as_epsilon_says(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_mosaic *mosaic;
    struct bt_mosaic_settings settings = style(BAUTA_STYLE_NOISE);
    double sum = 0;
    int n = 0;
    settings.random_phase = false;
    seed = 12;
    check_ok(bt_frame_init(&f, WIDTH, HEIGHT));
    check_ok(bt_mosaic_new(&mosaic, &settings));
    for (uint32_t target = 1; target <= 400; target++) {
        struct bt_plan plan = {.n_regions = 1};
        struct bt_masked masked;
        plan.regions[0] = (struct bauta_region){target, BAUTA_CLASS_FACE, {0, 0, 64, 64}, 16, 0};
        for (int y = 0; y < 64; y++)
            memset(f.picture.planes[0] + y * f.picture.strides[0], 128, 64);
        struct bt_clear clear = {f.picture};
        bt_mosaic_hide(mosaic, &masked, &clear, &plan);
        for (int y = 4; y < 64; y += 16)
            for (int x = 4; x < 64; x += 16, n++)
                sum += abs(f.picture.planes[0][y * f.picture.strides[0] + x] - 128);
    }
    double scale = 255.0 / (16 * 0.5);
    assert_true(sum / n > 0.93 * scale && sum / n < 1.03 * scale); /* less what is clipped */
    bt_mosaic_free(&mosaic);
    bt_frame_clear(&f);
}

static void solid_masks_are_grey_and_so_are_those_without_chance(void **state)
{
    (void)state;
    struct bt_mosaic_settings ways[2] = {style(BAUTA_STYLE_SOLID), style(BAUTA_STYLE_NOISE)};
    struct bt_frame f;
    struct bt_masked masked;
    check_ok(bt_frame_init(&f, WIDTH, HEIGHT));
    ways[1].random = draw_nothing;
    for (int i = 0; i < 2; i++) {
        struct bt_plan plan = plan_at(40);
        fill_random(&f.picture);
        hide(&masked, &f, &plan, &ways[i]);
        for (int y = 16; y < 64; y++)
            for (int x = 40; x < 80; x++) {
                assert_int_equal(128, f.picture.planes[0][y * f.picture.strides[0] + x]);
                assert_int_equal(128, f.picture.planes[1][y / 2 * f.picture.strides[1] + x / 2]);
            }
    }
    bt_frame_clear(&f);
}

static void blocks_are_neither_slivers_nor_more_than_asked_for(void **state)
{
    (void)state;
    int ends[300];
    for (int block = 8; block <= 512; block *= 2)
        for (int size = 2; size <= 2048; size += 2)
            for (int phase = 0; phase < 256; phase += 17) {
                int n = bt_tiles_cut(ends, size, block, (uint8_t)phase), last = 0;
                assert_int_equal(size, ends[n - 1]);
                assert_true(n <= (size + block - 1) / block);
                for (int i = 0; i < n; i++) {
                    assert_true(n == 1 || (ends[i] - last) * 2 >= block);
                    assert_true(ends[i] - last < 2 * block);
                    last = ends[i];
                }
            }
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
        hide(&masked, &frame, &plan, &plain);
        for (int i = 0; i < plan.n_regions; i++) {
            struct bt_window window = {.least_side = 16};
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

static void a_fresh_window_holds_nothing_of_the_pictures_before(void **state)
{
    (void)state;
    struct bt_frame frame, windows[2];
    struct bt_hidden hidden;
    check_ok(bt_frame_init(&frame, WIDTH, HEIGHT));
    check_ok(bt_hidden_init(&hidden, WIDTH, HEIGHT));
    for (unsigned round = 1; round < ROUNDS; round++) {
        seed = round;
        struct bt_masked masked;
        struct bt_crop crop;
        fill_random(&frame.picture);
        struct bt_plan plan = random_plan();
        struct bt_clear clear = {frame.picture};
        bt_hidden_keep(&hidden, &clear, &plan);
        hide(&masked, &frame, &plan, &plain);
        int index = random_below(plan.n_regions);
        struct bt_window window = {.least_side = 16};
        bt_window_follow(&window, plan.regions[index].rect, WIDTH, HEIGHT, true);
        for (int k = 0; k < 2; k++) { /* one was used before, one was not */
            check_ok(bt_frame_init(&windows[k], window.rect.w, window.rect.h));
            if (k)
                fill_random(&windows[k].picture);
            bt_crop_window(&crop, &windows[k], window.rect, &masked, &hidden, &plan, index, true);
        }
        for (int p = 0; p < 3; p++)
            for (int y = 0; y < window.rect.h >> (p > 0); y++)
                assert_memory_equal(
                    windows[0].picture.planes[p] + y * windows[0].picture.strides[p],
                    windows[1].picture.planes[p] + y * windows[1].picture.strides[p],
                    (size_t)window.rect.w >> (p > 0));
        bt_frame_clear(&windows[0]);
        bt_frame_clear(&windows[1]);
    }
    bt_hidden_clear(&hidden);
    bt_frame_clear(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_clear_view_survives),
        cmocka_unit_test(swapping_two_pixels_inside_a_block_leaves_the_masked_picture_unchanged),
        cmocka_unit_test(outside_the_regions_nothing_changes_and_inside_blocks_are_flat),
        cmocka_unit_test(values_stay_until_the_means_leave_them),
        cmocka_unit_test(noise_is_drawn_once_for_each_target),
        cmocka_unit_test(noise_is_as_strong_as_epsilon_says),
        cmocka_unit_test(solid_masks_are_grey_and_so_are_those_without_chance),
        cmocka_unit_test(blocks_are_neither_slivers_nor_more_than_asked_for),
        cmocka_unit_test(
            what_is_cropped_and_revealed_is_the_original_of_its_owner_and_nobody_elses),
        cmocka_unit_test(a_fresh_window_holds_nothing_of_the_pictures_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
