/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TRACK_H
#define BT_TRACK_H

#include "base/sighting.h"

#define BT_MAX_TRACKS 512 /* followed at once */
/* How far somebody goes at most, in heights a second: who runs past, 3 m/s at 1.8 m. */
#define BT_TRACK_RUNS 1.7f

enum { BT_TRACK_SPEED_FROM = 3 }; /* sights that tell somebody's speed */

/* One person that is followed, or one face without a body. */
struct bt_track {
    uint32_t target;
    enum bauta_class class_;   /* BODY, or FACE for a face without a body */
    struct bt_box box;         /* where it is, in the last picture */
    float vx, vy;              /* of its middle, pixels a second */
    int64_t first_us, seen_us; /* first and last sight */
    int64_t lost_us;           /* from this picture to the nearest sight */
    struct bt_box first_box;
    float full_height; /* of the whole person, also while something stands before the upper part */
    float raised;      /* how much of the box lies above what was seen */
    int n_sights;
    int n_looks;        /* since the first sight */
    int n_missed;       /* looks since the last sight */
    float strength;     /* score of its clearest sight, less the longer ago that was */
    float peak;         /* best score so far: how sure it is that this is a person */
    bool confirmed;     /* believed to be a person: to be hidden */
    bool gone;          /* another scene began: only held, never matched again */
    bool seen;          /* in the last picture */
    bool sharp;         /* a sure face was seen; `face` says where in the body's box */
    struct bt_box face; /* in units of the body's box: 0,0,1,1 is the whole of it */
    int64_t face_seen_us;
    bool has_hint; /* unsure faces in this picture: what covers the head holds those too */
    struct bt_box hint;
};

/* Moves the box on by `dt_s` seconds. */
void bt_track_predict(struct bt_track *track, float dt_s);
/* Takes a sight of it. */
void bt_track_see(struct bt_track *track, const struct bt_detection *seen, int64_t pts_us);
/* Takes a sight of its face (of a body's track). */
void bt_track_see_face(struct bt_track *track, const struct bt_detection *face, int64_t pts_us);

/* Where its face is by what is known: `sharp` must be set. In pixels. */
struct bt_box bt_track_face(const struct bt_track *track);

/* Whether it is somewhere else than where it was first seen, by a third of its height. */
bool bt_track_moved(const struct bt_track *track);

/* The smallest box that holds both. */
struct bt_box bt_track_join(struct bt_box a, struct bt_box b);
float bt_track_iou(struct bt_box a, struct bt_box b);

#endif
