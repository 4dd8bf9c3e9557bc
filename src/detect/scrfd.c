/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/family.h"

/*
 * SCRFD (Guo et al. 2021; InsightFace's weights are not for commercial use). For each stride s of
 * 8, 16 and 32, two anchors in each cell of a grid, N = 2 (H/s)(W/s), row i belongs to cell i / 2:
 *   [N, 1]: probability of a face
 *   [N, 4]: left, top, right, bottom from the cell's corner, in strides
 *   [N, 10]: five points, in some files; not used
 * with or without a first side of 1. Told apart by shape, not by order or name.
 */
static const int strides[] = {8, 16, 32};

static int64_t count(int width, int height, int stride)
{
    return 2 * (int64_t)(width / stride) * (height / stride);
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    bool all = n_outputs == 6 || n_outputs == 9;
    for (int i = 0; i < 3; i++) {
        int64_t n = count(width, height, strides[i]);
        all = all && bt_output_find(outputs, n_outputs, n, 1) &&
              bt_output_find(outputs, n_outputs, n, 4);
    }
    return all;
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    for (int i = 0; i < 3; i++) {
        int grid_width = width / strides[i];
        int64_t n = count(width, height, strides[i]);
        const float *scores = bt_output_find(outputs, n_outputs, n, 1)->values;
        const float *d = bt_output_find(outputs, n_outputs, n, 4)->values;
        float s = (float)strides[i];
        for (int64_t k = 0; k < n; k++, d += 4) {
            if (!(scores[k] >= least_score))
                continue;
            float x = (float)(k / 2 % grid_width) * s, y = (float)(k / 2 / grid_width) * s;
            bt_candidates_add(
                out,
                (struct bt_box){x - d[0] * s, y - d[1] * s, (d[0] + d[2]) * s, (d[1] + d[3]) * s},
                scores[k]);
        }
    }
}

const struct bt_family bt_family_scrfd = {
    .name = "scrfd",
    .classes = 1u << BAUTA_CLASS_FACE,
    .format = {.mean = {127.5f, 127.5f, 127.5f}, .scale = {1 / 128.0f, 1 / 128.0f, 1 / 128.0f}},
    .step = 32,
    .overlap = 0.4f,
    .fits = fits,
    .decode = decode,
};
