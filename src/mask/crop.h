/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CROP_H
#define BT_CROP_H

#include "base/frame.h"
#include "base/privacy.h"
#include "mask/plan.h"

/* The pixels that a plan hides, kept aside while the picture is masked in place. */
struct bt_hidden {
    struct bt_frame frame; /* of the picture's size; only the regions' rectangles hold anything */
};

BAUTA_MUST_CHECK enum bauta_status bt_hidden_init(struct bt_hidden *hidden, int width, int height);
void bt_hidden_clear(struct bt_hidden *hidden); /* wipes */

/* Copies what `plan` is about to hide. */
void bt_hidden_keep(struct bt_hidden *hidden, const struct bt_clear *clear,
                    const struct bt_plan *plan);

/*
 * Paints into `frame` (of the window's size) what a reader shows of it: the pixels that region
 * `index` of `plan` owns from `hidden`, and its margin, where there is no region, from `masked`. So
 * no object ever shows another target's pixels. All the rest is of no matter: if the frame is
 * `fresh` it is grey or repeats the edge of what is shown, after that it stays as it was, which
 * costs the encoder least. `crop` is a view of `frame`.
 */
void bt_crop_window(struct bt_crop *crop, struct bt_frame *frame, struct bauta_rect window,
                    const struct bt_masked *masked, const struct bt_hidden *hidden,
                    const struct bt_plan *plan, int index, bool fresh);

#endif
