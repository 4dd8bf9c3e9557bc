/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_REVEAL_H
#define BT_REVEAL_H

#include <stdbool.h>

#include "base/frame.h"
#include "base/privacy.h"
#include "mask/plan.h"

/* One region's opened object: a decoded window and where it lies. */
struct bt_opened {
    bool open; /* false: the region stays masked */
    struct bauta_rect window;
    struct bt_frame frame; /* of the window's size */
};

/*
 * Composes what was opened into `revealed`, a view of `frame` (of the picture's size, which becomes
 * a copy of `masked` first). `opened` has one item for each region of `plan`. Every pixel is that
 * of its owner: clear if the owner was opened, masked if not. The margin around an opened region
 * fades from its object into the picture, except where another region begins.
 */
void bt_reveal_compose(struct bt_revealed *revealed, struct bt_frame *frame,
                       const struct bt_masked *masked, const struct bt_plan *plan,
                       const struct bt_opened *opened);

#endif
