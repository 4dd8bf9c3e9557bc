/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <math.h>
#include <string.h>

#include "base/frame.h"
#include "detect/sample.h"

/* From planes to tensors. */

enum { SIDE = 64 };

static const struct bt_sample_format plain = {.scale = {1, 1, 1}};
static float tensor[3 * SIDE * SIDE];

static float at(int channel, int x, int y)
{
    return tensor[(channel * SIDE + y) * SIDE + x];
}

static void paint(const struct bauta_picture *p, uint8_t luma, uint8_t cb, uint8_t cr)
{
    const uint8_t values[] = {luma, cb, cr};
    for (int i = 0; i < 3; i++)
        for (int y = 0; y < (i ? p->height / 2 : p->height); y++)
            memset(p->planes[i] + y * p->strides[i], values[i],
                   (size_t)(i ? p->width / 2 : p->width));
}

static void sample(const struct bauta_picture *p, const struct bt_sample_format *format,
                   struct bt_box from, struct bt_fit *fit)
{
    struct bt_sampler sampler = {0};
    struct bt_clear clear = {*p};
    check_ok(bt_sample(&sampler, tensor, fit, SIDE, SIDE, format, &clear, from));
    bt_sampler_clear(&sampler);
    assert_null(sampler.rows);
}

static void colours_are_bt601_limited(void **state)
{
    (void)state;
    /* luma, Cb, Cr of 75 % colour bars, ITU-R BT.601, and their red, green, blue */
    const int colours[][6] = {{16, 128, 128, 0, 0, 0},   {235, 128, 128, 255, 255, 255},
                              {65, 100, 212, 191, 0, 0}, {112, 72, 58, 0, 191, 0},
                              {35, 212, 114, 0, 0, 191}, {126, 128, 128, 128, 128, 128}};
    struct bt_frame f;
    struct bt_fit fit;
    check_ok(bt_frame_init(&f, SIDE, SIDE));
    for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++) {
        const int *c = colours[i];
        paint(&f.picture, (uint8_t)c[0], (uint8_t)c[1], (uint8_t)c[2]);
        sample(&f.picture, &plain, (struct bt_box){0, 0, SIDE, SIDE}, &fit);
        for (int k = 0; k < 3; k++)
            assert_true(fabsf(at(k, 20, 30) - (float)c[3 + k]) < 2.5f);
    }
    bt_frame_clear(&f);
}

static void proportions_are_kept_and_the_rest_is_black(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_fit fit;
    check_ok(bt_frame_init(&f, 256, 128));
    paint(&f.picture, 235, 128, 128);
    sample(&f.picture, &plain, (struct bt_box){0, 0, 256, 128}, &fit);
    assert_true(fit.ratio == 0.25f);
    assert_true(at(0, 63, 31) > 250 && at(2, 0, 0) > 250);
    assert_true(at(0, 0, 32) == 0 && at(2, 63, 63) == 0);
    bt_frame_clear(&f);
}

static void what_lies_at_a_place_is_found_at_that_place(void **state)
{
    (void)state;
    const int sizes[][2] = {{256, 256}, {640, 480}, {64, 64}, {32, 32}, {768, 576}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct bt_frame f;
        struct bt_fit fit;
        float sum = 0, sum_x = 0, sum_y = 0;
        check_ok(bt_frame_init(&f, sizes[i][0], sizes[i][1]));
        int w = f.picture.width / 8 * 2, x = f.picture.width / 2, y = f.picture.height / 4;
        for (int k = 0; k < w; k++) /* a white square with its left top corner at x, y */
            memset(f.picture.planes[0] + (y + k) * f.picture.strides[0] + x, 235, (size_t)w);
        sample(&f.picture, &plain,
               (struct bt_box){0, 0, (float)f.picture.width, (float)f.picture.height}, &fit);
        for (int v = 0; v < SIDE; v++)
            for (int u = 0; u < SIDE; u++) {
                sum += at(0, u, v);
                sum_x += at(0, u, v) * ((float)u + 0.5f);
                sum_y += at(0, u, v) * ((float)v + 0.5f);
            }
        assert_true(fabsf(sum_x / sum / fit.ratio - (float)(x + w / 2)) < 0.05f / fit.ratio);
        assert_true(fabsf(sum_y / sum / fit.ratio - (float)(y + w / 2)) < 0.05f / fit.ratio);
        bt_frame_clear(&f);
    }
}

static void shrinking_keeps_the_mean(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_fit fit;
    float sum = 0;
    check_ok(bt_frame_init(&f, 512, 512));
    for (int y = 0; y < 512;
         y++) /* the finest chequer: a sampler that skips samples sees stripes */
        for (int x = 0; x < 512; x++)
            f.picture.planes[0][y * f.picture.strides[0] + x] = (x + y) % 2 ? 235 : 16;
    sample(&f.picture, &plain, (struct bt_box){0, 0, 512, 512}, &fit);
    for (int y = 4; y < 60; y++)
        for (int x = 4; x < 60; x++) {
            assert_true(fabsf(at(1, x, y) - 127.5f) < 3);
            sum += at(1, x, y);
        }
    assert_true(fabsf(sum / (56 * 56) - 127.5f) < 0.5f);
    bt_frame_clear(&f);
}

static void means_scales_and_channel_orders_are_the_formats(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_fit fit;
    check_ok(bt_frame_init(&f, SIDE, SIDE));
    paint(&f.picture, 65, 100, 212); /* red */
    struct bt_box all = {0, 0, SIDE, SIDE};
    sample(&f.picture, &plain, all, &fit);
    float red = at(0, 9, 9), green = at(1, 9, 9), blue = at(2, 9, 9);
    const struct bt_sample_format other = {
        .bgr = true, .interleaved = true, .mean = {1, 2, 3}, .scale = {0.5f, 0.25f, 0.125f}};
    sample(&f.picture, &other, all, &fit);
    const float *pixel = tensor + (9 * SIDE + 9) * 3;
    assert_true(fabsf(pixel[0] - (blue - 1) * 0.5f) < 1e-3f);
    assert_true(fabsf(pixel[1] - (green - 2) * 0.25f) < 1e-3f);
    assert_true(fabsf(pixel[2] - (red - 3) * 0.125f) < 1e-3f);
    bt_frame_clear(&f);
}

static void only_the_wanted_part_is_seen(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_fit fit;
    check_ok(bt_frame_init(&f, 256, 256));
    for (int y = 100; y < 140; y++)
        memset(f.picture.planes[0] + y * f.picture.strides[0] + 60, 235, 40);
    sample(&f.picture, &plain, (struct bt_box){60, 100, 40, 40}, &fit);
    assert_true(fabsf(fit.ratio - 1.6f) < 1e-6f);
    assert_true(at(0, 32, 32) > 250 && at(0, 2, 2) > 200 && at(0, 61, 61) > 200);
    sample(&f.picture, &plain, (struct bt_box){110, 100, 40, 40}, &fit);
    assert_true(at(0, 2, 32) == 0);
    bt_frame_clear(&f);
}

/* Half the columns, each twice as wide, look like all of them. */
static void oblong_pixels_look_square(void **state)
{
    (void)state;
    struct bt_frame f;
    struct bt_fit fit;
    struct bt_sampler sampler = {.across = 2};
    check_ok(bt_frame_init(&f, 128, 256));
    for (int y = 100; y < 140; y++)
        memset(f.picture.planes[0] + y * f.picture.strides[0] + 30, 235, 20);
    struct bt_clear clear = {f.picture};
    check_ok(bt_sample(&sampler, tensor, &fit, SIDE, SIDE, &plain, &clear,
                       (struct bt_box){60, 100, 40, 40}));
    assert_true(fabsf(fit.ratio - 1.6f) < 1e-6f);
    assert_true(at(0, 32, 32) > 250 && at(0, 3, 3) > 200 && at(0, 60, 60) > 200);
    check_ok(bt_sample(&sampler, tensor, &fit, SIDE, SIDE, &plain, &clear,
                       (struct bt_box){110, 100, 40, 40}));
    assert_true(at(0, 2, 32) == 0);
    bt_sampler_clear(&sampler);
    bt_frame_clear(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_are_bt601_limited),
        cmocka_unit_test(proportions_are_kept_and_the_rest_is_black),
        cmocka_unit_test(what_lies_at_a_place_is_found_at_that_place),
        cmocka_unit_test(shrinking_keeps_the_mean),
        cmocka_unit_test(means_scales_and_channel_orders_are_the_formats),
        cmocka_unit_test(only_the_wanted_part_is_seen),
        cmocka_unit_test(oblong_pixels_look_square),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
