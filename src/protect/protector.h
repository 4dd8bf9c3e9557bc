/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PROTECTOR_H
#define BT_PROTECTOR_H

#include <bauta/protector.h>

#include "base/privacy.h"
#include "base/sighting.h"

/*
 * The typed door that the pipeline uses; bauta_protector_mask() is built on the same. Takes a clear
 * picture and the sightings in it and gives the masked one; `clear` is
 * empty afterwards. On any status but BAUTA_OK the picture is black and `masked` is empty.
 */
BAUTA_MUST_CHECK enum bauta_status bt_protector_hide(struct bauta_protector *protector,
                                                     struct bauta_mask_report *report,
                                                     struct bt_masked *masked,
                                                     struct bt_clear *clear, int64_t pts,
                                                     const struct bt_sightings *sightings);

/* Sightings from regions that a caller named; of more than BT_MAX_REGIONS none is read. */
void bt_protector_given(struct bt_sightings *sightings, const struct bauta_region *regions,
                        int n_regions);

#endif
