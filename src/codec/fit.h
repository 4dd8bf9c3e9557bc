/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FIT_H
#define BT_FIT_H

#include <stdbool.h>

#include "base/frame.h"
#include "base/privacy.h"

struct SwsContext;

/* Brings pictures to another size: as large as fits in the shape that they are shown in, in the
 * middle of black. Start from `{0}`. */
struct bt_fit {
    struct SwsContext *scaler; /* NULL until a picture needs it */
    int from_w, from_h, to_w, to_h;
    bool full_range;       /* black is 0, not 16 */
    struct bt_frame frame; /* what bt_fit_revealed() gives */
};

/* `shape`: how much wider a sample of `from` is shown than one of `to`; 1 if that is not known.
 * `*place`: where in `to` it lies; what is beside it is black. */
BAUTA_MUST_CHECK enum bauta_status bt_fit(struct bt_fit *fit, struct bauta_rect *place,
                                          const struct bauta_picture *to,
                                          const struct bauta_picture *from, double shape);
/* The same of what was recovered; `to` is the fit's memory, good until its next call. */
BAUTA_MUST_CHECK enum bauta_status bt_fit_revealed(struct bt_fit *fit, struct bt_revealed *to,
                                                   int width, int height,
                                                   const struct bt_revealed *from, double shape);
void bt_fit_clear(struct bt_fit *fit);

#endif
