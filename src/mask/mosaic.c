/* SPDX-License-Identifier: Apache-2.0 */
#include "mask/mosaic.h"

#include <string.h>

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

/* Fills one block of a plane with its mean: `w` x `h` samples, at most 256 x 256. */
static void flatten(uint8_t *samples, ptrdiff_t stride, int w, int h)
{
    uint32_t sum = 0, count = (uint32_t)w * (uint32_t)h;
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++)
            sum += samples[y * stride + x];
    uint8_t mean = (uint8_t)((sum + count / 2) / count);
    for (int y = 0; y < h; y++)
        memset(samples + y * stride, mean, (size_t)w);
}

/* `r` and `block` in samples of the plane. */
static void hide_in_plane(uint8_t *plane, ptrdiff_t stride, struct bauta_rect r, int block)
{
    int bottom = r.y + r.h, right = r.x + r.w;
    for (int y = r.y, next_y; y < bottom; y = next_y) {
        next_y = min_int((y / block + 1) * block, bottom);
        for (int x = r.x, next_x; x < right; x = next_x) {
            next_x = min_int((x / block + 1) * block, right);
            flatten(plane + y * stride + x, stride, next_x - x, next_y - y);
        }
    }
}

void bt_mosaic_hide(struct bt_masked *masked, struct bt_clear *clear, const struct bt_plan *plan)
{
    const struct bauta_picture *p = &clear->picture;
    for (int i = plan->n_regions - 1; i >= 0; i--) {
        struct bauta_rect r = plan->regions[i].rect;
        struct bauta_rect half = {r.x / 2, r.y / 2, r.w / 2, r.h / 2};
        int block = plan->regions[i].block;
        hide_in_plane(p->planes[0], p->strides[0], r, block);
        hide_in_plane(p->planes[1], p->strides[1], half, block / 2);
        hide_in_plane(p->planes[2], p->strides[2], half, block / 2);
    }
    masked->picture = *p;
    *clear = (struct bt_clear){{0}};
}
