/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TRACKER_H
#define BT_TRACKER_H

#include <stdbool.h>

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
    int lookahead;     /* pictures that may wait to be decided; 0: each is decided at once */
    float strong;      /* score from which a body is matched in the first round */
    float begin;       /* score from which a body begins a track */
    float sure;        /* score that a track must have had once, for weak detections to carry it on
                          and for its mask to be held for the whole of hold_us */
    /*
     * With a look-ahead not every body that was seen is hidden, but who is plausible: seen once
     * with the score `sure`; or followed for `plausible_us`, and either moved or seen with the
     * score `still`. A face is plausible when it was sure or seen twice. So is everybody for whom
     * that cannot be told yet, as at the end of a run. Without a look-ahead everybody is hidden at
     * once.
     */
    float still;
    int64_t plausible_us;
    int64_t hold_us;      /* how long a mask stays after the last sight, microseconds */
    int64_t face_hold_us; /* how long a face that is not seen any more is moved along with its body,
                             before the head is estimated again */
    /* Share of the size that is added on each side; above a body besides `head_room` of its height,
     * since detectors cut heads off rather than feet. */
    float body_padding, face_padding, head_room;
    /* Where looks are rare: by how much masks grow besides with the time to the nearest look, in
     * their heights a second, from `usual_s` on (tracker.c); and as far as somebody runs while
     * their speed is not known. 0: not at all. */
    float unlooked_strays;
};

void bt_tracker_settings_init(struct bt_tracker_settings *settings, int width, int height);

/* BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_tracker_new(struct bt_tracker **tracker,
                                                  const struct bt_tracker_settings *settings);
void bt_tracker_free(struct bt_tracker **tracker);

/* Takes what was found in the next picture, at `pts_us` (microseconds, larger than before; NULL:
 * nobody looked). At most `lookahead` pictures may wait before. */
void bt_tracker_look(struct bt_tracker *tracker, const struct bt_detections *found, int64_t pts_us);
/* To be called before looking at a picture that shows another scene than the one before: nobody is
 * carried over; old masks stay for a moment, in case it was only a flash. */
void bt_tracker_cut(struct bt_tracker *tracker);
/* To be called before looking at a picture that has other coordinates than those before: nobody is
 * carried over, and numbers go on. Who waits to be decided is hidden. */
void bt_tracker_begin_anew(struct bt_tracker *tracker, int width, int height);
/* Number of pictures that were looked at and not given yet. */
int bt_tracker_waiting(const struct bt_tracker *tracker);
/* Whom to hide in the oldest picture that waits, by all that is known; there must be one. */
void bt_tracker_give(struct bt_tracker *tracker, struct bt_sightings *out);

/* The area of a head, estimated from a body box: full width, since heads lie anywhere in it, and a
 * part of the height that depends on how upright the box is. On 291 people of COCO it holds at
 * least 70 % of the head for 94 % (docs/detection.md). */
struct bt_box bt_tracker_estimate_head(struct bt_box body);

#endif
