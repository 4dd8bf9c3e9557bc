/* SPDX-License-Identifier: Apache-2.0 */
#include "track/faces.h"

/* The own face is not expected further away than half its size from where it was. */
static bool is_expected(const struct bt_track *t, struct bt_box face, int64_t pts_us,
                        int64_t fresh_us)
{
    if (!t->sharp || pts_us - t->face_seen_us > fresh_us)
        return true;
    struct bt_box b = bt_track_face(t);
    return face.x < b.x + 1.5f * b.w && face.x + face.w > b.x - 0.5f * b.w &&
           face.y < b.y + 1.5f * b.h && face.y + face.h > b.y - 0.5f * b.h;
}

static bool is_better(const struct bt_detection *a, const struct bt_detection *b)
{
    return a->sure != b->sure ? a->sure : a->score > b->score;
}

/* The face of body number `body`, or -1. */
static int find_own(const struct bt_track *t, const struct bt_detections *found, int body,
                    int64_t pts_us, int64_t fresh_us)
{
    int own = -1;
    for (int i = 0; i < found->n_items; i++) {
        const struct bt_detection *d = &found->items[i];
        if (d->class_ == BAUTA_CLASS_FACE && d->body == body &&
            is_expected(t, d->box, pts_us, fresh_us) &&
            (own < 0 || is_better(d, &found->items[own])))
            own = i;
    }
    return own;
}

static void give(bool *alone, struct bt_track *t, const struct bt_detections *found, int i,
                 int64_t pts_us)
{
    bt_track_see_face(t, &found->items[i], pts_us);
    alone[i] = false;
}

void bt_faces_give(bool alone[BT_MAX_DETECTIONS], struct bt_track *tracks, const int *track_of,
                   const struct bt_detections *found, int64_t pts_us, int64_t fresh_us)
{
    for (int i = 0; i < found->n_items; i++)
        alone[i] = found->items[i].class_ == BAUTA_CLASS_FACE;
    for (int body = 0; body < found->n_items; body++) {
        if (found->items[body].class_ != BAUTA_CLASS_BODY || track_of[body] < 0)
            continue;
        struct bt_track *t = &tracks[track_of[body]];
        int own = find_own(t, found, body, pts_us, fresh_us);
        if (own >= 0)
            give(alone, t, found, own, pts_us);
        if (t->sharp && pts_us - t->face_seen_us <= fresh_us)
            continue;
        for (int i = 0; i < found->n_items; i++) /* none is sure: any may be it */
            if (alone[i] && found->items[i].body == body)
                give(alone, t, found, i, pts_us);
    }
}
