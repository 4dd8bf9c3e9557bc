/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FINDER_H
#define BT_FINDER_H

#include <bauta/protector.h>

#include "base/privacy.h"
#include "base/sighting.h"

/* Detector and tracker together: from pictures in presentation order to whom to hide where. */
struct bt_finder;

/* Reads from the settings what concerns finding. */
BAUTA_MUST_CHECK enum bauta_status bt_finder_new(struct bt_finder **finder,
                                                 const struct bauta_protector_settings *settings);
void bt_finder_free(struct bt_finder **finder);

/* Whom to hide in `picture`, shown at `pts_us`. When the detector fails, the sightings are the
 * tracker's predictions and the status is BAUTA_ERR_DETECTOR: hide more, do not stop. */
BAUTA_MUST_CHECK enum bauta_status bt_finder_find(struct bt_finder *finder,
                                                  struct bt_sightings *sightings,
                                                  const struct bt_clear *picture, int64_t pts_us);

#endif
