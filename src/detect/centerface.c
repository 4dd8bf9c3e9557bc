/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "detect/family.h"

/*
 * CenterFace (Xu et al. 2019; MIT). Four maps of H/4 x W/4 cells, in this order:
 *   heat [1, 1, ..]: probability of a face's middle
 *   scale [1, 2, ..]: logarithm of height and width, in cells
 *   offset [1, 2, ..]: of the middle from the cell's, down and right, in cells
 *   [1, 10, ..]: five points, not used
 */
enum { STRIDE = 4 };

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    static const int64_t depths[] = {1, 2, 2, 10};
    bool all = n_outputs == 4;
    for (int i = 0; i < 4 && all; i++)
        all = outputs[i].n_sides == 4 && outputs[i].sides[1] == depths[i] &&
              outputs[i].sides[2] == height / STRIDE && outputs[i].sides[3] == width / STRIDE;
    return all;
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    (void)n_outputs;
    int grid_width = width / STRIDE;
    int64_t cells = (int64_t)grid_width * (height / STRIDE);
    const float *heat = outputs[0].values, *scale = outputs[1].values, *offset = outputs[2].values;
    for (int64_t k = 0; k < cells; k++) {
        if (!(heat[k] >= least_score))
            continue;
        float h = expf(scale[k]) * STRIDE, w = expf(scale[cells + k]) * STRIDE;
        float x = ((float)(k % grid_width) + offset[cells + k] + 0.5f) * STRIDE;
        float y = ((float)(k / grid_width) + offset[k] + 0.5f) * STRIDE;
        bt_candidates_add(out, (struct bt_box){x - w / 2, y - h / 2, w, h}, heat[k]);
    }
}

const struct bt_family bt_family_centerface = {
    .name = "centerface",
    .classes = 1u << BAUTA_CLASS_FACE,
    .format = {.scale = {1, 1, 1}},
    .step = 32,
    .overlap = 0.3f,
    .fits = fits,
    .decode = decode,
};
