/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/bins.h"
#include "detect/family.h"

/*
 * NanoDet (RangiLyu/nanodet, Apache-2.0), trained on COCO; class 0 is a person. For each stride s
 * of 8, 16 and 32 two outputs over the cells of a grid, N = (H/s)(W/s): [1, N, 80]: probabilities
 * (sigmoid done) [1, N, 4 n]: left, top, right, bottom, each a distribution over n bins of one
 * stride; n is 11 (NanoDet-g) or 8 (NanoDet-m) A cell's centre is ((gx + 0.5) s, (gy + 0.5) s).
 * Outputs are told apart by shape, not by order.
 */
enum { N_CLASSES = 80, PERSON = 0 };

static const int strides[] = {8, 16, 32}, bins[] = {11, 8};

static int64_t count(int width, int height, int stride)
{
    return (int64_t)(width / stride) * (height / stride);
}

/* Bins of a side; 0 if the outputs are not this family's. */
static int find_bins(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    for (int k = 0; k < 2; k++) {
        bool all = n_outputs == 6;
        for (int i = 0; i < 3; i++) {
            int64_t n = count(width, height, strides[i]);
            all = all && bt_output_find(outputs, n_outputs, n, N_CLASSES) &&
                  bt_output_find(outputs, n_outputs, n, 4 * bins[k]);
        }
        if (all)
            return bins[k];
    }
    return 0;
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    return find_bins(outputs, n_outputs, width, height) > 0;
}

static void decode_stride(struct bt_candidates *out, const struct bt_tensor *scores,
                          const struct bt_tensor *sides, int grid_width, int stride,
                          float least_score)
{
    int n = (int)bt_output_depth(sides) / 4;
    for (int64_t i = 0; i < bt_output_rows(scores); i++) {
        float score = scores->values[i * N_CLASSES + PERSON];
        if (!(score >= least_score))
            continue;
        const float *side = sides->values + i * 4 * n;
        float s = (float)stride, x = ((float)(i % grid_width) + 0.5f) * s,
              y = ((float)(i / grid_width) + 0.5f) * s;
        float left = bt_bins_mean(side, n) * s, top = bt_bins_mean(side + n, n) * s;
        float right = bt_bins_mean(side + 2 * n, n) * s, bottom = bt_bins_mean(side + 3 * n, n) * s;
        bt_candidates_add(out, (struct bt_box){x - left, y - top, left + right, top + bottom},
                          score);
    }
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    int n_bins = find_bins(outputs, n_outputs, width, height);
    for (int i = 0; i < 3; i++) {
        int64_t n = count(width, height, strides[i]);
        decode_stride(out, bt_output_find(outputs, n_outputs, n, N_CLASSES),
                      bt_output_find(outputs, n_outputs, n, 4 * n_bins), width / strides[i],
                      strides[i], least_score);
    }
}

const struct bt_family bt_family_nanodet = {
    .name = "nanodet",
    .classes = 1u << BAUTA_CLASS_BODY,
    .format = {.bgr = true,
               .mean = {103.53f, 116.28f, 123.675f}, /* of ImageNet, from nanodet's config */
               .scale = {1 / 57.375f, 1 / 57.12f, 1 / 58.395f}},
    .step = 32,
    .overlap = 0.5f,
    .fits = fits,
    .decode = decode,
};
