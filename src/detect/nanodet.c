/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/family.h"

#include <math.h>

/*
 * NanoDet (RangiLyu/nanodet, Apache-2.0), trained on COCO; class 0 is a person. For each of the
 * strides 8, 16 and 32 two outputs over the cells of a grid, N = (H/s)(W/s): scores [1, N, 80]:
 * probabilities (sigmoid done) sides  [1, N, 44]: left, top, right, bottom, each a distribution
 * over 11 bins of one stride (generalised focal loss, Li et al. 2020); the distance is the
 * distribution's mean A cell's centre is ((gx + 0.5) s, (gy + 0.5) s). Outputs are told apart by
 * shape, not by order.
 */
enum { N_CLASSES = 80, N_BINS = 11, PERSON = 0 };

static const int strides[] = {8, 16, 32};

static const struct bt_tensor *find(const struct bt_tensor *outputs, int n_outputs, int64_t cells,
                                    int64_t depth)
{
    for (int i = 0; i < n_outputs; i++)
        if (outputs[i].n_sides == 3 && outputs[i].sides[0] == 1 && outputs[i].sides[1] == cells &&
            outputs[i].sides[2] == depth)
            return &outputs[i];
    return NULL;
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    bool all = n_outputs == 6;
    for (int i = 0; i < 3; i++) {
        int64_t cells = (int64_t)(width / strides[i]) * (height / strides[i]);
        all = all && find(outputs, n_outputs, cells, N_CLASSES) &&
              find(outputs, n_outputs, cells, 4 * N_BINS);
    }
    return all;
}

/* The mean of softmax(bins) over 0 .. N_BINS - 1. */
static float distance(const float *bins)
{
    float most = bins[0], sum = 0, mean = 0;
    for (int k = 1; k < N_BINS; k++)
        most = fmaxf(most, bins[k]);
    for (int k = 0; k < N_BINS; k++) {
        float weight = expf(bins[k] - most);
        sum += weight;
        mean += weight * (float)k;
    }
    return mean / sum;
}

static void decode_stride(struct bt_candidates *out, const struct bt_tensor *scores,
                          const struct bt_tensor *sides, int grid_width, int stride,
                          float least_score)
{
    for (int64_t i = 0; i < scores->sides[1]; i++) {
        float score = scores->values[i * N_CLASSES + PERSON];
        if (!(score >= least_score))
            continue;
        const float *bins = sides->values + i * 4 * N_BINS;
        float s = (float)stride, x = ((float)(i % grid_width) + 0.5f) * s,
              y = ((float)(i / grid_width) + 0.5f) * s;
        float left = distance(bins) * s, top = distance(bins + N_BINS) * s;
        float right = distance(bins + 2 * N_BINS) * s, bottom = distance(bins + 3 * N_BINS) * s;
        bt_candidates_add(out, (struct bt_box){x - left, y - top, left + right, top + bottom},
                          score);
    }
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    for (int i = 0; i < 3; i++) {
        int64_t cells = (int64_t)(width / strides[i]) * (height / strides[i]);
        decode_stride(out, find(outputs, n_outputs, cells, N_CLASSES),
                      find(outputs, n_outputs, cells, 4 * N_BINS), width / strides[i], strides[i],
                      least_score);
    }
}

const struct bt_family bt_family_nanodet = {
    .name = "nanodet",
    .class_ = BAUTA_CLASS_BODY,
    .format = {.bgr = true,
               .interleaved = false,
               .mean = {103.53f, 116.28f, 123.675f}, /* of ImageNet, from nanodet's config */
               .scale = {1 / 57.375f, 1 / 57.12f, 1 / 58.395f}},
    .overlap = 0.5f,
    .fits = fits,
    .decode = decode,
};
