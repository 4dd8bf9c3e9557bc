/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WEIGHTS = 22 }; /* of one output sample; steps up to 11 */

/* Where output samples come from along one direction: each is a sum of `n_weights` neighbours. */
struct taps {
    int n_weights;
    int *firsts;    /* [n] of the neighbours */
    float *weights; /* [n][n_weights] */
};

static int clamp_int(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

/* Weights of the samples around `centre`; those at a distance of `reach` and more have none. */
static void weigh(float *weights, int n_weights, int first, float centre, float reach, int size)
{
    float sum = 0;
    for (int k = 0; k < n_weights; k++) {
        float weight = 1.0f - fabsf((float)(first + k) - centre) / reach;
        weights[k] = weight > 0.0f ? weight : 0.0f;
        sum += weights[k];
    }
    if (sum <= 0.0f) /* beyond the edge: the nearest sample */
        weights[clamp_int((int)lroundf(centre), 0, size - 1) - first] = sum = 1.0f;
    for (int k = 0; k < n_weights; k++)
        weights[k] /= sum;
}

/* Taps for `n` outputs that cover [from, from + extent) of a line of `size` samples. An open
 * interval of twice the reach holds as many samples as its length rounded up; at the edges some
 * have no weight. */
static void make_taps(struct taps *taps, int n, float from, float extent, int size)
{
    float step = extent / (float)n;
    float reach = fminf(fmaxf(step, 1.0f), MOST_WEIGHTS / 2.0f);
    taps->n_weights =
        clamp_int((int)ceilf(2.0f * reach), 1, size < MOST_WEIGHTS ? size : MOST_WEIGHTS);
    for (int i = 0; i < n; i++) {
        float centre = from + ((float)i + 0.5f) * step - 0.5f;
        int first = clamp_int((int)floorf(centre - reach) + 1, 0, size - taps->n_weights);
        taps->firsts[i] = first;
        weigh(taps->weights + (size_t)i * (size_t)taps->n_weights, taps->n_weights, first, centre,
              reach, size);
    }
}

static bool reserve(float **memory, size_t *held, size_t wanted)
{
    if (*held >= wanted)
        return true;
    float *grown = realloc(*memory, wanted * sizeof(float));
    if (!grown)
        return false;
    *memory = grown;
    *held = wanted;
    return true;
}

static bool reserve_all(struct bt_sampler *s, size_t n_rows, size_t n_planes, size_t n_taps)
{
    if (s->n_planes < n_planes) {
        for (int i = 0; i < 3; i++) {
            size_t held = s->n_planes;
            if (!reserve(&s->planes[i], &held, n_planes))
                return false;
        }
        s->n_planes = n_planes;
    }
    if (s->n_taps < n_taps) {
        size_t held = s->n_taps * MOST_WEIGHTS;
        int *grown = realloc(s->firsts, n_taps * sizeof(*grown));
        if (!grown)
            return false;
        s->firsts = grown;
        if (!reserve(&s->weights, &held, n_taps * MOST_WEIGHTS))
            return false;
        s->n_taps = n_taps;
    }
    return reserve(&s->rows, &s->n_rows, n_rows);
}

/* Inlined with a constant `n_weights`, the inner loop disappears. */
static inline void sum_row(float *restrict to, const uint8_t *restrict from,
                           const struct taps *taps, int n, int n_weights)
{
    const float *weights = taps->weights;
    for (int x = 0; x < n; x++, weights += n_weights) {
        const uint8_t *samples = from + taps->firsts[x];
        float sum = 0;
        for (int k = 0; k < n_weights; k++)
            sum += weights[k] * samples[k];
        to[x] = sum;
    }
}

static void resample_row(float *to, const uint8_t *from, const struct taps *taps, int n)
{
    if (taps->n_weights == 2) /* enlarging, or as it is */
        sum_row(to, from, taps, n, 2);
    else if (taps->n_weights == 3)
        sum_row(to, from, taps, n, 3);
    else if (taps->n_weights == 4)
        sum_row(to, from, taps, n, 4);
    else
        sum_row(to, from, taps, n, taps->n_weights);
}

/* to += weight * row, or without the sum for the first of several rows. */
static void add_row(float *restrict to, const float *restrict row, float weight, int n, bool first)
{
    if (first)
        for (int x = 0; x < n; x++)
            to[x] = weight * row[x];
    else if (weight > 0.0f)
        for (int x = 0; x < n; x++)
            to[x] += weight * row[x];
}

/* Rows first, then columns; `plane` becomes w x h. */
static void resample_plane(struct bt_sampler *s, float *plane, int w, int h, const uint8_t *from,
                           ptrdiff_t stride, const struct taps *across, const struct taps *down)
{
    int first = down->firsts[0], last = down->firsts[h - 1] + down->n_weights;
    for (int y = first; y < last; y++)
        resample_row(s->rows + (size_t)(y - first) * (size_t)w, from + y * stride, across, w);
    for (int y = 0; y < h; y++) {
        const float *weights = down->weights + (size_t)y * (size_t)down->n_weights;
        const float *row = s->rows + (size_t)(down->firsts[y] - first) * (size_t)w;
        for (int k = 0; k < down->n_weights; k++, row += w)
            add_row(plane + (size_t)y * (size_t)w, row, weights[k], w, k == 0);
    }
}

static inline float clip(float value)
{
    return value < 0.0f ? 0.0f : value > 255.0f ? 255.0f : value;
}

/* ITU-R BT.601, limited range, to 0..255, then to the format's values; each channel has its own
 * place. */
static inline void convert_row(float *restrict red, float *restrict green, float *restrict blue,
                               size_t pixel_step, const float *const row[3], int n,
                               const float mean[3], const float scale[3])
{
    const float *luma = row[0], *cb = row[1], *cr = row[2];
    for (size_t x = 0; x < (size_t)n; x++) {
        float y = 1.164384f * (luma[x] - 16.0f), b = cb[x] - 128.0f, r = cr[x] - 128.0f;
        red[x * pixel_step] = (clip(y + 1.596027f * r) - mean[0]) * scale[0];
        green[x * pixel_step] = (clip(y - 0.391762f * b - 0.812968f * r) - mean[1]) * scale[1];
        blue[x * pixel_step] = (clip(y + 2.017232f * b) - mean[2]) * scale[2];
    }
}

/* The padding around w x h. */
static void store_padding(float *tensor, int width, int height, const struct bt_sample_format *f,
                          const struct bt_fit *fit, int w, int h)
{
    size_t channel_step = f->interleaved ? 1 : (size_t)width * (size_t)height;
    size_t pixel_step = f->interleaved ? 3 : 1;
    for (size_t c = 0; c < 3; c++)
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                if (x == fit->x && y >= fit->y && y < fit->y + h)
                    x += w;
                if (x < width)
                    tensor[c * channel_step + ((size_t)y * (size_t)width + (size_t)x) *
                                                  pixel_step] = (f->pad - f->mean[c]) * f->scale[c];
            }
}

static void store(float *tensor, int width, int height, const struct bt_sample_format *f,
                  const struct bt_fit *fit, float *const planes[3], int w, int h)
{
    size_t channel_step = f->interleaved ? 1 : (size_t)width * (size_t)height;
    size_t first = f->bgr ? 2 : 0, last = 2 - first; /* the channels of red and blue */
    const float mean[] = {f->mean[first], f->mean[1], f->mean[last]};
    const float scale[] = {f->scale[first], f->scale[1], f->scale[last]};
    for (int y = 0; y < h; y++) {
        size_t at = (size_t)y * (size_t)w;
        const float *row[] = {planes[0] + at, planes[1] + at, planes[2] + at};
        size_t place = (size_t)(y + fit->y) * (size_t)width + (size_t)fit->x;
        float *to = tensor + place * (f->interleaved ? 3 : 1);
        float *red = to + first * channel_step, *blue = to + last * channel_step;
        if (f->interleaved)
            convert_row(red, to + channel_step, blue, 3, row, w, mean, scale);
        else
            convert_row(red, to + channel_step, blue, 1, row, w, mean, scale);
    }
    store_padding(tensor, width, height, f, fit, w, h);
}

enum bauta_status bt_sample(struct bt_sampler *s, float *tensor, struct bt_fit *fit, int width,
                            int height, const struct bt_sample_format *format,
                            const struct bt_clear *clear, struct bt_box from)
{
    const struct bauta_picture *p = &clear->picture;
    float across = s->across > 0 ? s->across : 1, down = s->down > 0 ? s->down : 1;
    float r = fminf((float)width / from.w, (float)height / from.h);
    int w = clamp_int((int)(from.w * r + 0.5f), 1, width);
    int h = clamp_int((int)(from.h * r + 0.5f), 1, height);
    if (!reserve_all(s, (size_t)w * (size_t)p->height, (size_t)w * (size_t)h, (size_t)(w + h)))
        return BAUTA_ERR_MEMORY;
    for (int i = 0; i < 3; i++) {
        float part = i ? 0.5f : 1.0f;
        float x = part / across, y = part / down;
        struct taps columns = {0, s->firsts, s->weights};
        struct taps rows = {0, s->firsts + w, s->weights + (size_t)w * MOST_WEIGHTS};
        make_taps(&columns, w, from.x * x, from.w * x, i ? p->width / 2 : p->width);
        make_taps(&rows, h, from.y * y, from.h * y, i ? p->height / 2 : p->height);
        resample_plane(s, s->planes[i], w, h, p->planes[i], p->strides[i], &columns, &rows);
    }
    bool centred = format->centred;
    *fit = (struct bt_fit){r, centred ? (width - w) / 2 : 0, centred ? (height - h) / 2 : 0};
    store(tensor, width, height, format, fit, s->planes, w, h);
    return BAUTA_OK;
}

static void drop(float **memory, size_t size)
{
    if (*memory)
        memset(*memory, 0, size * sizeof(float));
    free(*memory);
    *memory = NULL;
}

void bt_sampler_clear(struct bt_sampler *s)
{
    drop(&s->rows, s->n_rows);
    for (int i = 0; i < 3; i++)
        drop(&s->planes[i], s->n_planes);
    free(s->weights);
    free(s->firsts);
    *s = (struct bt_sampler){0};
}
