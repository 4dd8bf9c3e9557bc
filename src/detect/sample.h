/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SAMPLE_H
#define BT_SAMPLE_H

#include <stdbool.h>

#include <bauta/status.h>

#include "base/privacy.h"
#include "base/sighting.h"

/* How a model wants its input. */
struct bt_sample_format {
    bool bgr;                /* else red comes first */
    bool interleaved;        /* [height][width][3], else [3][height][width] */
    bool centred;            /* the picture lies in the middle, else at the top left */
    float pad;               /* what is around it, 0..255 */
    float mean[3], scale[3]; /* value = (0..255 - mean) * scale, in the model's channel order */
};

/* Where a part of a picture lies in a tensor: tensor = picture * ratio + x, y. */
struct bt_fit {
    float ratio;
    int x, y;
};

/* Memory that resampling keeps between calls. Start from `{0}`. */
struct bt_sampler {
    float across, down; /* pixels that are shown for one of the picture; 0: one */
    float *rows;        /* resampled rows of one plane */
    float *planes[3];   /* Y, Cb, Cr at the size of the tensor */
    size_t n_rows, n_planes;
    int *firsts; /* where weights begin, and the weights, along both directions */
    float *weights;
    size_t n_taps;
};

/*
 * Resamples the part `from` (shown pixels, inside the picture) into a tensor of `width` x `height`,
 * keeping its proportions; around it is the format's padding. A triangle filter as wide as the
 * step: bilinear when enlarging, area-like when shrinking. Colours by BT.601, limited range. `*fit`
 * tells where it lies. BAUTA_ERR_MEMORY.
 */
BAUTA_MUST_CHECK enum bauta_status bt_sample(struct bt_sampler *sampler, float *tensor,
                                             struct bt_fit *fit, int width, int height,
                                             const struct bt_sample_format *format,
                                             const struct bt_clear *clear, struct bt_box from);
void bt_sampler_clear(struct bt_sampler *sampler); /* wipes: it holds clear pixels */

#endif
