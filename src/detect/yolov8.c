/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/family.h"

/*
 * YOLOv8 and 11 as Ultralytics exports them (weights under the AGPL: whoever uses them sees to it).
 * One output [1, D, N] over the cells of three grids, strides 8, 16, 32: rows of middle x, y,
 * width, height in pixels, then a probability for each class; the first one is a person (of a face
 * model: a face), and what follows it (other classes, points) is not used.
 */
static const int strides[] = {8, 16, 32};
enum { N_BOX = 4 };

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    int64_t n = 0;
    for (int i = 0; i < 3; i++)
        n += (int64_t)(width / strides[i]) * (height / strides[i]);
    return n_outputs == 1 && outputs->n_sides == 3 && outputs->sides[0] == 1 &&
           outputs->sides[1] > N_BOX && outputs->sides[2] == n;
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    (void)n_outputs;
    (void)width;
    (void)height;
    int64_t n = outputs->sides[2];
    const float *x = outputs->values, *y = x + n, *w = y + n, *h = w + n, *score = h + n;
    for (int64_t i = 0; i < n; i++)
        if (score[i] >= least_score)
            bt_candidates_add(out, (struct bt_box){x[i] - w[i] / 2, y[i] - h[i] / 2, w[i], h[i]},
                              score[i]);
}

const struct bt_family bt_family_yolov8 = {
    .name = "yolov8",
    .classes = 1u << BAUTA_CLASS_BODY | 1u << BAUTA_CLASS_FACE,
    .format = {.centred = true, .pad = 114, .scale = {1 / 255.0f, 1 / 255.0f, 1 / 255.0f}},
    .step = 32,
    .overlap = 0.6f,
    .fits = fits,
    .decode = decode,
};
