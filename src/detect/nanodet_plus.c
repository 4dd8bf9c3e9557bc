/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/bins.h"
#include "detect/family.h"

/*
 * NanoDet-Plus (RangiLyu/nanodet, Apache-2.0), trained on COCO; class 0 is a person. One output
 * [1, N, 80 + 4 * 8] over the cells of four grids one after the other, strides s = 8, 16, 32, 64,
 * each of ceil(W/s) x ceil(H/s): 80 probabilities, then left, top, right, bottom as distributions
 * over 8 bins of one stride. A cell's place is (gx s, gy s).
 */
enum { N_CLASSES = 80, N_BINS = 8, DEPTH = N_CLASSES + 4 * N_BINS, PERSON = 0 };

static const int strides[] = {8, 16, 32, 64};

static int cells(int side, int stride)
{
    return (side + stride - 1) / stride;
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    int64_t n = 0;
    for (int i = 0; i < 4; i++)
        n += (int64_t)cells(width, strides[i]) * cells(height, strides[i]);
    return n_outputs == 1 && bt_output_rows(outputs) == n && bt_output_depth(outputs) == DEPTH;
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    (void)n_outputs;
    const float *row = outputs->values;
    for (int i = 0; i < 4; i++) {
        int grid_width = cells(width, strides[i]), n = grid_width * cells(height, strides[i]);
        float s = (float)strides[i];
        for (int k = 0; k < n; k++, row += DEPTH) {
            if (!(row[PERSON] >= least_score))
                continue;
            const float *side = row + N_CLASSES;
            float x = (float)(k % grid_width) * s, y = (float)(k / grid_width) * s;
            float left = bt_bins_mean(side, N_BINS) * s;
            float top = bt_bins_mean(side + N_BINS, N_BINS) * s;
            float right = bt_bins_mean(side + 2 * N_BINS, N_BINS) * s;
            float bottom = bt_bins_mean(side + 3 * N_BINS, N_BINS) * s;
            bt_candidates_add(out, (struct bt_box){x - left, y - top, left + right, top + bottom},
                              row[PERSON]);
        }
    }
}

const struct bt_family bt_family_nanodet_plus = {
    .name = "nanodet-plus",
    .classes = 1u << BAUTA_CLASS_BODY,
    .format = {.bgr = true,
               .mean = {103.53f, 116.28f, 123.675f},
               .scale = {1 / 57.375f, 1 / 57.12f, 1 / 58.395f}},
    .step = 32,
    .overlap = 0.5f,
    .fits = fits,
    .decode = decode,
};
