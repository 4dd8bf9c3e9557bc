/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TRACK_H
#define BT_TRACK_H

#include "base/sighting.h"

/* One person that is followed, or one face without a body. */
struct bt_track {
    uint32_t target;
    enum bauta_class class_;   /* BODY, or FACE for a face without a body */
    struct bt_box box;         /* where it is, in the last picture */
    float vx, vy;              /* of its middle, pixels a second */
    int64_t first_us, seen_us; /* first and last sight */
    int n_sights;
    float peak; /* best score so far: how sure it is that this is a person */
    bool seen;  /* in the last picture */
    bool sharp; /* a face was seen on this body lately: `face` says where in the body's box */
    struct bt_box face; /* in units of the body's box: 0,0,1,1 is the whole of it */
    int64_t face_seen_us;
    bool has_hint; /* an unsure face: its head is covered so that it holds that too */
    struct bt_box hint;
};

/* Moves the box on by `dt_s` seconds. */
void bt_track_predict(struct bt_track *track, float dt_s);
/* Takes a sight of it. `dt_s`: seconds since the last picture. */
void bt_track_see(struct bt_track *track, const struct bt_detection *seen, float dt_s,
                  int64_t pts_us);
/* Takes a sight of its face (of a body's track). */
void bt_track_see_face(struct bt_track *track, const struct bt_detection *face, int64_t pts_us);

float bt_track_iou(struct bt_box a, struct bt_box b);

#endif
