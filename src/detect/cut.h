/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CUT_H
#define BT_CUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/privacy.h"

enum { BT_CUT_SIDE = 32 };

/* Tells where another scene begins, as in clips joined together or when a camera switches view: two
 * tiny pictures that differ much and do not correlate. Start from `{0}`. */
struct bt_cut {
    bool some;
    uint8_t last[BT_CUT_SIDE * BT_CUT_SIDE]; /* luma of the last picture, averaged */
};

/* Whether `picture` shows another scene than the one before. */
bool bt_cut_see(struct bt_cut *cut, const struct bt_clear *picture);

#endif
