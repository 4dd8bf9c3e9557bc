/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>

#include "detect/family.h"

/*
 * BlazeFace (Bazarevsky et al. 2019; MediaPipe, Apache-2.0), the files with a square input of S =
 * 128 or 256 pixels. Anchors: two in each cell of a grid of 16 x 16, then six in each of 8 x 8:
 *   [1, 512, 1], [1, 384, 1]: score before the sigmoid
 *   [1, 512, 16], [1, 384, 16]: middle of the face from the cell's middle, width, height, all in
 *                               pixels of the input; then six points, not used
 */
enum { N_GRIDS = 2, DEPTH = 16 };

static const struct grid {
    int side, n_anchors;
} grids[N_GRIDS] = {{16, 2}, {8, 6}};

static int64_t count(const struct grid *g)
{
    return (int64_t)g->side * g->side * g->n_anchors;
}

static bool fits(const struct bt_tensor *outputs, int n_outputs, int width, int height)
{
    bool all = n_outputs == 2 * N_GRIDS && width == height;
    for (int i = 0; i < N_GRIDS; i++)
        all = all && bt_output_find(outputs, n_outputs, count(&grids[i]), 1) &&
              bt_output_find(outputs, n_outputs, count(&grids[i]), DEPTH);
    return all;
}

static void decode(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score)
{
    (void)height;
    for (int i = 0; i < N_GRIDS; i++) {
        const struct grid *g = &grids[i];
        int64_t n = count(g);
        const float *scores = bt_output_find(outputs, n_outputs, n, 1)->values;
        const float *b = bt_output_find(outputs, n_outputs, n, DEPTH)->values;
        float cell = (float)width / (float)g->side;
        for (int64_t k = 0; k < n; k++, b += DEPTH) {
            float score = 1 / (1 + expf(-scores[k]));
            if (!(score >= least_score))
                continue;
            int64_t place = k / g->n_anchors;
            float x = ((float)(place % g->side) + 0.5f) * cell + b[0];
            float y = ((float)(place / g->side) + 0.5f) * cell + b[1];
            bt_candidates_add(out, (struct bt_box){x - b[2] / 2, y - b[3] / 2, b[2], b[3]}, score);
        }
    }
}

const struct bt_family bt_family_blazeface = {
    .name = "blazeface",
    .classes = 1u << BAUTA_CLASS_FACE,
    .format = {.interleaved = true,
               .centred = true,
               .mean = {127.5f, 127.5f, 127.5f},
               .scale = {1 / 127.5f, 1 / 127.5f, 1 / 127.5f}},
    .step = 128,
    .overlap = 0.3f,
    .fits = fits,
    .decode = decode,
};
