/* SPDX-License-Identifier: Apache-2.0 */
#include "mask/mosaic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "mask/tiles.h"

enum {
    N_TILES = 2 * BT_MAX_REGIONS, /* masks that are remembered, seen or not */
    MOST_BLOCKS = BT_MAX_SIDE / 8 + 1,
    GREY = 128
};

struct bt_mosaic {
    struct bt_mosaic_settings settings;
    uint64_t n_pictures;
    struct bt_tiles tiles[N_TILES];
    int n_tiles; /* that were ever used: the first of them */
};

void bt_mosaic_settings_init(struct bt_mosaic_settings *settings,
                             const struct bauta_hide_settings *hide)
{
    *settings = (struct bt_mosaic_settings){.style = hide->style,
                                            .luma_noise = 12,
                                            .chroma_noise = 3,
                                            .quantum = 8,
                                            .hold = 24,
                                            .random_phase = true};
    /* A block's mean changes by 255 / 16 levels at most when a sixteenth of its pixels does; that
     * is DP-Pix with m = b * b / 16 (Fan 2018, theorem 1), the same at every size. What is not told
     * at all, colour, needs no noise. */
    if (hide->style == BAUTA_STYLE_NOISE) {
        settings->luma_noise = 255.0f / (16 * hide->epsilon);
        settings->colourless = true;
    }
}

enum bauta_status bt_mosaic_new(struct bt_mosaic **mosaic,
                                const struct bt_mosaic_settings *settings)
{
    *mosaic = calloc(1, sizeof(**mosaic));
    if (!*mosaic)
        return BAUTA_ERR_MEMORY;
    (*mosaic)->settings = *settings;
    return BAUTA_OK;
}

void bt_mosaic_free(struct bt_mosaic **mosaic)
{
    if (!*mosaic)
        return;
    for (int i = 0; i < N_TILES; i++)
        bt_tiles_clear(&(*mosaic)->tiles[i]);
    memset(*mosaic, 0, sizeof(**mosaic));
    free(*mosaic);
    *mosaic = NULL;
}

/* A Laplace variable of that scale, from 16 random bits; clipped to what a sample can differ. */
static int16_t laplace(float scale, unsigned bits)
{
    float u = ((float)bits + 0.5f) / 65536.0f - 0.5f; /* -0.5 .. 0.5, never 0 */
    float value = (u < 0 ? scale : -scale) * logf(1 - 2 * fabsf(u));
    return (int16_t)fmaxf(INT16_MIN, fminf(INT16_MAX, roundf(value)));
}

/* Draws phase and noise for a new target. */
static bool draw(const struct bt_mosaic *m, struct bt_tiles *t)
{
    uint8_t random[2 + 2 * 3 * BT_NOISE_SIDE * BT_NOISE_SIDE];
    const struct bt_mosaic_settings *s = &m->settings;
    if (!s->random_phase && !(s->luma_noise > 0) && !(s->chroma_noise > 0))
        return true;
    if (!s->random || !s->random(random, sizeof(random)))
        return false;
    if (s->random_phase) {
        t->phase_x = random[0];
        t->phase_y = random[1];
    }
    const uint8_t *bits = random + 2;
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < BT_NOISE_SIDE * BT_NOISE_SIDE; k++, bits += 2)
            t->noise[i][k / BT_NOISE_SIDE][k % BT_NOISE_SIDE] =
                laplace(i ? s->chroma_noise : s->luma_noise, (unsigned)bits[0] << 8 | bits[1]);
    return true;
}

/* What is remembered of the region's mask; a new one takes the place of what was not used longest.
 * NULL if nothing can be drawn for it. */
static struct bt_tiles *remember(struct bt_mosaic *m, const struct bauta_region *region)
{
    struct bt_tiles *oldest = &m->tiles[0];
    for (int i = 0; i < m->n_tiles; i++) {
        struct bt_tiles *t = &m->tiles[i];
        if (t->used > 0 && t->target == region->target && t->class_ == region->class_) {
            t->used = m->n_pictures;
            return t;
        }
        if (t->used < oldest->used)
            oldest = t;
    }
    if (m->n_tiles < N_TILES)
        oldest = &m->tiles[m->n_tiles++];
    bt_tiles_clear(oldest);
    oldest->target = region->target;
    oldest->class_ = region->class_;
    if (!draw(m, oldest))
        return NULL;
    oldest->used = m->n_pictures;
    return oldest;
}

static int mean_of(const uint8_t *samples, ptrdiff_t stride, int w, int h)
{
    uint64_t sum = 0, count = (uint64_t)w * (uint64_t)h;
    for (int y = 0; y < h; y++) {
        uint32_t row = 0;
        for (int x = 0; x < w; x++)
            row += samples[y * stride + x];
        sum += row;
    }
    return (int)((sum + count / 2) / count);
}

static void fill(uint8_t *samples, ptrdiff_t stride, int w, int h, uint8_t value)
{
    for (int y = 0; y < h; y++)
        memset(samples + y * stride, value, (size_t)w);
}

static uint8_t clip(int value)
{
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* The value that a block with this mean remembers. */
static uint8_t settle(const struct bt_mosaic_settings *s, int mean, bool fresh, uint8_t last)
{
    if (!fresh && abs(mean - last) <= s->hold)
        return last;
    return clip((mean + s->quantum / 2) / s->quantum * s->quantum);
}

/* One plane of a region whose corner is `samples`; `half` is 2 for chroma, else 1. */
static void hide_in_plane(const struct bt_mosaic_settings *s, const struct bt_tiles *t, int plane,
                          uint8_t *samples, ptrdiff_t stride, const int *columns, const int *rows,
                          bool fresh)
{
    int half = plane ? 2 : 1;
    uint8_t *value = t->values[plane];
    for (int j = 0, top = 0; j < t->n_rows; top = rows[j++] / half)
        for (int i = 0, left = 0; i < t->n_columns; left = columns[i++] / half, value++) {
            uint8_t *block = samples + top * stride + left;
            int w = columns[i] / half - left, h = rows[j] / half - top;
            *value = settle(s, mean_of(block, stride, w, h), fresh, *value);
            fill(block, stride, w, h,
                 clip(*value + t->noise[plane][j % BT_NOISE_SIDE][i % BT_NOISE_SIDE]));
        }
}

/* Planes from number `first` on. */
static void hide_solid(const struct bauta_picture *p, struct bauta_rect r, int first)
{
    for (int i = first; i < 3; i++) {
        int half = i ? 2 : 1;
        fill(p->planes[i] + r.y / half * p->strides[i] + r.x / half, p->strides[i], r.w / half,
             r.h / half, GREY);
    }
}

static void hide_region(struct bt_mosaic *m, const struct bauta_picture *p,
                        const struct bauta_region *region)
{
    struct bauta_rect r = region->rect;
    int columns[MOST_BLOCKS], rows[MOST_BLOCKS];
    bool fresh;
    struct bt_tiles *t = m->settings.style == BAUTA_STYLE_SOLID ? NULL : remember(m, region);
    int n_columns = t ? bt_tiles_cut(columns, r.w, region->block, t->phase_x) : 0;
    int n_rows = t ? bt_tiles_cut(rows, r.h, region->block, t->phase_y) : 0;
    if (!t || !bt_tiles_fit(t, region->block, n_columns, n_rows, &fresh)) {
        hide_solid(p, r, 0);
        return;
    }
    if (m->settings.colourless)
        hide_solid(p, r, 1);
    for (int i = 0; i < (m->settings.colourless ? 1 : 3); i++) {
        int half = i ? 2 : 1;
        hide_in_plane(&m->settings, t, i, p->planes[i] + r.y / half * p->strides[i] + r.x / half,
                      p->strides[i], columns, rows, fresh);
    }
}

void bt_mosaic_hide(struct bt_mosaic *m, struct bt_masked *masked, struct bt_clear *clear,
                    const struct bt_plan *plan)
{
    m->n_pictures++;
    for (int i = plan->n_regions - 1; i >= 0; i--)
        hide_region(m, &clear->picture, &plan->regions[i]);
    masked->picture = clear->picture;
    *clear = (struct bt_clear){{0}};
}
