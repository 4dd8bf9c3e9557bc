/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FACES_H
#define BT_FACES_H

#include <stdbool.h>

#include "track/track.h"

/*
 * Whose face is whose, so that each face that was found is hidden with somebody: gives bodies their
 * own faces (`track_of`: of each detection, or -1) and tells in `alone` which faces are left, to be
 * followed by themselves: those in no body, in one that is not followed, beside the body's own, or
 * far from where the body's own was `fresh_us` ago or less. A passer-by's face must not replace it.
 */
void bt_faces_give(bool alone[BT_MAX_DETECTIONS], struct bt_track *tracks, const int *track_of,
                   const struct bt_detections *found, int64_t pts_us, int64_t fresh_us);

#endif
