/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/family.h"

/*
 * FaceBoxes (Zhang et al. 2017; weights of TropComplique/FaceBoxes-tensorflow, MIT). Normalisation
 * and box decoding are in the graph:
 *   [1, N, 4]: top, left, bottom, right, 0..1 of the input
 *   [1, N]: probability of a face
 */
static const struct bt_tensor *find(const struct bt_tensor *outputs, int n_outputs, int n_sides)
{
    for (int i = 0; i < n_outputs; i++)
        if (outputs[i].n_sides == n_sides)
            return &outputs[i];
    return NULL;
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    (void)width;
    (void)height;
    const struct bt_tensor *boxes = find(outputs, n_outputs, 3);
    const struct bt_tensor *scores = find(outputs, n_outputs, 2);
    return n_outputs == 2 && boxes && scores && boxes->sides[2] == 4 &&
           boxes->sides[1] == scores->sides[1];
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    const struct bt_tensor *boxes = find(outputs, n_outputs, 3);
    const struct bt_tensor *scores = find(outputs, n_outputs, 2);
    float w = (float)width, h = (float)height;
    for (int64_t i = 0; i < scores->sides[1]; i++) {
        if (!(scores->values[i] >= least_score))
            continue;
        const float *b = boxes->values + i * 4;
        bt_candidates_add(out,
                          (struct bt_box){b[1] * w, b[0] * h, (b[3] - b[1]) * w, (b[2] - b[0]) * h},
                          scores->values[i]);
    }
}

const struct bt_family bt_family_faceboxes = {
    .name = "faceboxes",
    .classes = 1u << BAUTA_CLASS_FACE,
    .format = {.interleaved = true, .scale = {1, 1, 1}},
    .step = 128,
    .overlap = 0.35f,
    .fits = fits,
    .decode = decode,
};
