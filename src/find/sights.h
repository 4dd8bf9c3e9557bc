/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SIGHTS_H
#define BT_SIGHTS_H

#include <bauta/detector.h>

#include "base/sighting.h"
#include "base/view.h"

/* What was found, as the world may know it, and back. */

void bt_sights_from(struct bauta_sights *sights, const struct bt_detections *found);
/* BAUTA_ERR_FORMAT: they make no sense: a number that is none, a box without a size or far outside
 * any picture, a face of no body; `found` is then empty. */
BAUTA_MUST_CHECK enum bauta_status bt_sights_read(struct bt_detections *found,
                                                  const struct bauta_sights *sights);

/* From stored pixels to shown ones, and back. */
void bt_sights_show(struct bt_detections *found, const struct bt_view *view);
void bt_sights_store(struct bt_detections *found, const struct bt_view *view);

/* Grows everything by how far people may have gone in `age_us`. */
void bt_sights_age(struct bt_detections *found, int64_t age_us);
/* Marks those that lie in one of the `n_never` areas where nobody who appears is hidden. */
void bt_sights_mark_unwanted(struct bt_detections *found, const struct bt_box *never, int n_never);

#endif
