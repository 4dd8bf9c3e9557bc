/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TRACKER_H
#define BT_TRACKER_H

#include <bauta/status.h>

#include "base/sighting.h"

/*
 * Follows people from picture to picture: gives each a number for as long as it is followed, goes
 * on where the detectors miss somebody, and holds masks after the last sight. Strong detections are
 * matched first, then weak ones to those still unmatched (ByteTrack, Zhang et al. 2022); a weak one
 * never begins a track. Time comes with the pictures; there is no clock in here.
 */
struct bt_tracker;

struct bt_tracker_settings {
    int width, height; /* of the pictures */
    unsigned classes;  /* set of 1 << BAUTA_CLASS_*: what to give */
    float strong;      /* score from which a body begins a track */
    float sure;        /* score that a track must have had once, for weak detections to carry it on
                          and for its mask to be held for the whole of hold_us */
    int64_t hold_us;   /* how long a mask stays after the last sight, microseconds */
    int64_t face_hold_us; /* how long a face that is not seen any more is moved along with its body,
                             before the head is estimated again */
    float body_padding, face_padding; /* share of the size that is added on each side */
};

void bt_tracker_settings_init(struct bt_tracker_settings *settings, int width, int height);

/* BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_tracker_new(struct bt_tracker **tracker,
                                                  const struct bt_tracker_settings *settings);
void bt_tracker_free(struct bt_tracker **tracker);

/* Takes what was found in the picture at `pts_us` (microseconds, larger than before; NULL: nobody
 * looked) and gives whom to hide there. */
void bt_tracker_update(struct bt_tracker *tracker, struct bt_sightings *out,
                       const struct bt_detections *found, int64_t pts_us);

/* The area of a head, estimated from a body box: full width, since heads lie anywhere in it, and a
 * part of the height that depends on how upright the box is. On 291 people of COCO it holds at
 * least 70 % of the head for 94 % (docs/detection.md). */
struct bt_box bt_tracker_estimate_head(struct bt_box body);

#endif
