/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FINDER_H
#define BT_FINDER_H

#include <bauta/find.h>
#include <bauta/log.h>

#include "base/privacy.h"
#include "base/sighting.h"

/* Detector and tracker together: from pictures in presentation order to whom to hide where. */
struct bt_finder;

/* For pictures of `width` x `height`. A negative look-ahead is none: who knows the frame rate puts
 * a number there. BAUTA_ERR_ARGUMENT, BAUTA_ERR_DETECTOR, having said why. */
BAUTA_MUST_CHECK enum bauta_status bt_finder_new(struct bt_finder **finder,
                                                 const struct bauta_find_settings *settings,
                                                 int width, int height,
                                                 const struct bauta_log *log);
void bt_finder_free(struct bt_finder **finder);

/* How pictures are shown from the next one on; sound. BAUTA_ERR_DETECTOR, BAUTA_ERR_MEMORY: nobody
 * can look at such pictures. */
BAUTA_MUST_CHECK enum bauta_status bt_finder_set_view(struct bt_finder *finder,
                                                      const struct bauta_view *view);

/* From the next picture on nobody is left clear for where he stands: areas are not what they were
 * when they were named. False if there were none. */
bool bt_finder_forget_never(struct bt_finder *finder);

/* Looks at the next picture, shown at `pts_us`; no more than the look-ahead may wait before. With
 * `late` the detector is left out when that is possible (detect_every 0). */
void bt_finder_look(struct bt_finder *finder, const struct bt_clear *picture, int64_t pts_us,
                    bool late);
/* The same where the caller has a detector: `found` is what it saw at `found_us`, at `pts_us` or
 * before, in stored pixels; NULL: nobody looked. */
void bt_finder_look_with(struct bt_finder *finder, const struct bt_clear *picture, int64_t pts_us,
                         const struct bt_detections *found, int64_t found_us);
/* Number of pictures that were looked at and not given yet. */
int bt_finder_waiting(const struct bt_finder *finder);
/* Time of the one that waits longest; there must be one. */
int64_t bt_finder_oldest(const struct bt_finder *finder);
/* Whom to hide in the one that waits longest, by all that was seen since; in stored pixels. */
void bt_finder_give(struct bt_finder *finder, struct bt_sightings *sightings);

#endif
