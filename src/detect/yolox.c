/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "detect/family.h"

/*
 * YOLOX (Ge et al. 2021; Megvii, Apache-2.0), the files from version 0.1.1 on. One output
 * [1, N, 5 + C] over the cells of three grids one after the other, strides s = 8, 16, 32: middle
 * from the cell's corner in strides, logarithm of the size in strides, probability of an object,
 * then of each of C classes; the first one is a person (of a face model: a face). Some files have
 * the boxes decoded already, to pixels: sizes of more than 20 give them away, since no e^20 is
 * meant.
 */
static const int strides[] = {8, 16, 32};
enum { N_BOX = 5 };
static const float largest_logarithm = 20;

static int64_t count(int width, int height)
{
    int64_t n = 0;
    for (int i = 0; i < 3; i++)
        n += (int64_t)(width / strides[i]) * (height / strides[i]);
    return n;
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    return n_outputs == 1 && outputs->n_sides == 3 &&
           bt_output_rows(outputs) == count(width, height) && bt_output_depth(outputs) > N_BOX;
}

static bool is_decoded(const struct bt_tensor *t)
{
    int64_t depth = bt_output_depth(t);
    for (int64_t i = 0; i < bt_output_rows(t); i++)
        if (t->values[i * depth + 2] > largest_logarithm)
            return true;
    return false;
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    (void)n_outputs;
    int64_t depth = bt_output_depth(outputs);
    bool decoded = is_decoded(outputs);
    const float *row = outputs->values;
    for (int i = 0; i < 3; i++) {
        int grid_width = width / strides[i], n = grid_width * (height / strides[i]);
        float s = (float)strides[i];
        for (int k = 0; k < n; k++, row += depth) {
            float score = row[4] * row[N_BOX];
            if (!(score >= least_score))
                continue;
            float x = decoded ? row[0] : (row[0] + (float)(k % grid_width)) * s;
            float y = decoded ? row[1] : (row[1] + (float)(k / grid_width)) * s;
            float w = decoded ? row[2] : expf(row[2]) * s, h = decoded ? row[3] : expf(row[3]) * s;
            bt_candidates_add(out, (struct bt_box){x - w / 2, y - h / 2, w, h}, score);
        }
    }
}

const struct bt_family bt_family_yolox = {
    .name = "yolox",
    .classes = 1u << BAUTA_CLASS_BODY | 1u << BAUTA_CLASS_FACE,
    .format = {.bgr = true, .pad = 114, .scale = {1, 1, 1}},
    .step = 32,
    .overlap = 0.5f,
    .fits = fits,
    .decode = decode,
};
