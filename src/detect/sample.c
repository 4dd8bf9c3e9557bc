/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WEIGHTS = 24 }; /* of one output sample; steps up to 11 */

/* Where one output sample comes from along one direction. */
struct bt_tap {
    int first, n_weights;
    float weights[MOST_WEIGHTS];
};

static int clamp_int(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

/* Taps for `n` outputs that cover [from, from + extent) of a line of `size` samples. */
static void make_taps(struct bt_tap *taps, int n, float from, float extent, int size)
{
    float step = extent / (float)n;
    float reach = step > 1.0f ? step : 1.0f;
    if (reach > (MOST_WEIGHTS - 2) / 2.0f)
        reach = (MOST_WEIGHTS - 2) / 2.0f;
    for (int i = 0; i < n; i++) {
        float centre = from + ((float)i + 0.5f) * step - 0.5f, sum = 0;
        int first = clamp_int((int)ceilf(centre - reach), 0, size - 1);
        int last = clamp_int((int)floorf(centre + reach), first, size - 1);
        struct bt_tap *t = &taps[i];
        t->first = first;
        t->n_weights = clamp_int(last - first + 1, 1, MOST_WEIGHTS);
        for (int k = 0; k < t->n_weights; k++) {
            float weight = 1.0f - fabsf((float)(first + k) - centre) / reach;
            t->weights[k] = weight > 0.0f ? weight : 0.0f;
            sum += t->weights[k];
        }
        if (sum <= 0.0f)
            t->weights[0] = sum = 1.0f;
        for (int k = 0; k < t->n_weights; k++)
            t->weights[k] /= sum;
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
        struct bt_tap *grown = realloc(s->taps, n_taps * sizeof(*grown));
        if (!grown)
            return false;
        s->taps = grown;
        s->n_taps = n_taps;
    }
    return reserve(&s->rows, &s->n_rows, n_rows);
}

static void resample_row(float *to, const uint8_t *from, const struct bt_tap *taps, int n)
{
    for (int x = 0; x < n; x++) {
        const struct bt_tap *t = &taps[x];
        const uint8_t *samples = from + t->first;
        float sum = 0;
        for (int k = 0; k < t->n_weights; k++)
            sum += t->weights[k] * samples[k];
        to[x] = sum;
    }
}

/* Rows first, then columns; `plane` becomes w x h. */
static void resample_plane(struct bt_sampler *s, float *plane, int w, int h, const uint8_t *from,
                           ptrdiff_t stride, const struct bt_tap *across, const struct bt_tap *down)
{
    int first = down[0].first, last = down[h - 1].first + down[h - 1].n_weights;
    for (int y = first; y < last; y++)
        resample_row(s->rows + (size_t)(y - first) * (size_t)w, from + y * stride, across, w);
    for (int y = 0; y < h; y++) {
        float *to = plane + (size_t)y * (size_t)w;
        memset(to, 0, (size_t)w * sizeof(float));
        for (int k = 0; k < down[y].n_weights; k++) {
            const float *row = s->rows + (size_t)(down[y].first + k - first) * (size_t)w;
            float weight = down[y].weights[k];
            for (int x = 0; x < w; x++)
                to[x] += weight * row[x];
        }
    }
}

/* ITU-R BT.601, limited range, to 0..255. */
static void to_rgb(float rgb[3], float luma, float cb, float cr)
{
    float y = 1.164384f * (luma - 16.0f), b = cb - 128.0f, r = cr - 128.0f;
    rgb[0] = y + 1.596027f * r;
    rgb[1] = y - 0.391762f * b - 0.812968f * r;
    rgb[2] = y + 2.017232f * b;
    for (int i = 0; i < 3; i++)
        rgb[i] = rgb[i] < 0.0f ? 0.0f : rgb[i] > 255.0f ? 255.0f : rgb[i];
}

static void store(float *tensor, int width, int height, const struct bt_sample_format *f,
                  float *const planes[3], int w, int h)
{
    size_t channel_step = f->interleaved ? 1 : (size_t)width * (size_t)height;
    size_t pixel_step = f->interleaved ? 3 : 1;
    for (int c = 0; c < 3; c++) /* the padding: black */
        for (size_t i = 0; i < (size_t)width * (size_t)height; i++)
            tensor[(size_t)c * channel_step + i * pixel_step] = -f->mean[c] * f->scale[c];
    for (int y = 0; y < h; y++)
        for (int x = 0; x < w; x++) {
            float rgb[3];
            size_t at = (size_t)y * (size_t)w + (size_t)x;
            to_rgb(rgb, planes[0][at], planes[1][at], planes[2][at]);
            float *to = tensor + ((size_t)y * (size_t)width + (size_t)x) * pixel_step;
            for (size_t c = 0; c < 3; c++)
                to[c * channel_step] = (rgb[f->bgr ? 2 - c : c] - f->mean[c]) * f->scale[c];
        }
}

enum bauta_status bt_sample(struct bt_sampler *s, float *tensor, float *ratio, int width,
                            int height, const struct bt_sample_format *format,
                            const struct bt_clear *clear, struct bt_box from)
{
    const struct bauta_picture *p = &clear->picture;
    float r = fminf((float)width / from.w, (float)height / from.h);
    int w = clamp_int((int)(from.w * r + 0.5f), 1, width);
    int h = clamp_int((int)(from.h * r + 0.5f), 1, height);
    if (!reserve_all(s, (size_t)w * (size_t)p->height, (size_t)w * (size_t)h, (size_t)(w + h)))
        return BAUTA_ERR_MEMORY;
    for (int i = 0; i < 3; i++) {
        float part = i ? 0.5f : 1.0f;
        make_taps(s->taps, w, from.x * part, from.w * part, i ? p->width / 2 : p->width);
        make_taps(s->taps + w, h, from.y * part, from.h * part, i ? p->height / 2 : p->height);
        resample_plane(s, s->planes[i], w, h, p->planes[i], p->strides[i], s->taps, s->taps + w);
    }
    store(tensor, width, height, format, s->planes, w, h);
    *ratio = r;
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
    free(s->taps);
    *s = (struct bt_sampler){0};
}
