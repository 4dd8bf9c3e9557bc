/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TURNING_H
#define TURNING_H

#include <gst/video/video.h>

#include <bauta/turn.h>

#include "detector_client.h"

/*
 * Finds out which way up the pictures of a camera are that does not say it: the detector looks at
 * some in four positions. Until then it answers nothing else. One thread.
 */
struct turning {
    bool active;
    bool found; /* set once, with `turn` */
    int turn;   /* degrees clockwise */
    struct bauta_turn_guess guess;
    GstBuffer *picture; /* a copy of the one that is looked at, clear; NULL: none now */
    int64_t pts;
    int n_given;      /* of its four positions */
    int n_added;      /* pictures that were looked at in all of them, in this try */
    int64_t next_pts; /* not before: what stands still proves nothing twice */
};

void turning_start(struct turning *turning);
/* Ends it, whether or not it has found anything. */
void turning_stop(struct turning *turning);
/* What was seen of a picture before counts no more: there is another. */
void turning_forget(struct turning *turning);
/* Takes an answer, if there is one, and gives the next picture: the one at hand, or `clear`, shown
 * at `pts`, of which a copy is made; `wait`: until all positions have been looked at. `view` is how
 * pictures are shown but for the turn. */
void turning_look(struct turning *turning, struct detector_client *detector, GstBuffer *clear,
                  int64_t pts, const GstVideoInfo *info, const struct bauta_view *view, bool wait);

#endif
