/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MOSAIC_H
#define BT_MOSAIC_H

#include "base/privacy.h"
#include "mask/plan.h"

/*
 * Hides every region of `plan` in `clear`, in place, and hands the same picture over as `masked`;
 * `clear` is empty afterwards. Each sample becomes the rounded integer mean of its block: the part
 * of its region that lies in one cell of the picture's grid of `block` luma pixels (half that in
 * chroma). Regions are painted from the last owner to the first, so where they overlap the mean is
 * of what was painted already and never shows more than the coarser mask. Cannot fail.
 */
void bt_mosaic_hide(struct bt_masked *masked, struct bt_clear *clear, const struct bt_plan *plan);

#endif
