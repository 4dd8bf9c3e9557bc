/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdio.h>

#include "detect/family.h"

/*
 * YuNet (ShiqiYu/libfacedetection.train, Apache-2.0; the files of 2023). For each stride s of 8, 16
 * and 32 over the cells of a grid, N = (H/s)(W/s):
 *   cls_s, obj_s [1, N, 1]: probabilities; a face's score is the root of their product
 *   bbox_s       [1, N, 4]: middle from the cell's corner, in strides; logarithm of the size in
 *                           strides
 *   kps_s        [1, N, 10]: five points, not used
 */
static const int strides[] = {8, 16, 32};

static const struct bt_tensor *find(const struct bt_tensor *outputs, int n_outputs,
                                    const char *name, int stride, int64_t cells, int64_t depth)
{
    char full[32];
    snprintf(full, sizeof(full), "%s_%d", name, stride);
    const struct bt_tensor *t = bt_output_named(outputs, n_outputs, full);
    return t && bt_output_rows(t) == cells && bt_output_depth(t) == depth ? t : NULL;
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    bool all = true;
    for (int i = 0; i < 3 && all; i++) {
        int64_t cells = (int64_t)(width / strides[i]) * (height / strides[i]);
        all = find(outputs, n_outputs, "cls", strides[i], cells, 1) &&
              find(outputs, n_outputs, "obj", strides[i], cells, 1) &&
              find(outputs, n_outputs, "bbox", strides[i], cells, 4);
    }
    return all;
}

static float probability(float value)
{
    return fminf(fmaxf(value, 0), 1);
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    for (int i = 0; i < 3; i++) {
        int grid_width = width / strides[i];
        int64_t cells = (int64_t)grid_width * (height / strides[i]);
        const float *cls = find(outputs, n_outputs, "cls", strides[i], cells, 1)->values;
        const float *obj = find(outputs, n_outputs, "obj", strides[i], cells, 1)->values;
        const float *b = find(outputs, n_outputs, "bbox", strides[i], cells, 4)->values;
        for (int64_t k = 0; k < cells; k++, b += 4) {
            float score = sqrtf(probability(cls[k]) * probability(obj[k])), s = (float)strides[i];
            if (!(score >= least_score))
                continue;
            float w = expf(b[2]) * s, h = expf(b[3]) * s;
            float x = ((float)(k % grid_width) + b[0]) * s,
                  y = ((float)(k / grid_width) + b[1]) * s;
            bt_candidates_add(out, (struct bt_box){x - w / 2, y - h / 2, w, h}, score);
        }
    }
}

const struct bt_family bt_family_yunet = {
    .name = "yunet",
    .classes = 1u << BAUTA_CLASS_FACE,
    .format = {.bgr = true, .scale = {1, 1, 1}},
    .step = 32,
    .overlap = 0.4f,
    .fits = fits,
    .decode = decode,
};
