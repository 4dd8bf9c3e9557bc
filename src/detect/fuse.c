/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/fuse.h"

#include <math.h>

static const float face_overlap = 0.35f; /* IoU of two sights of one face */
static const float face_inside = 0.7f;   /* share of the smaller one that lies in the other */

/* Pixels of height. FaceBoxes finds a third of the faces from 12 to 20 pixels and four fifths of
 * those to 32 (docs/detection.md). What it called sure on the demo clip, where faces have less than
 * 12, covered a third of the head on average, and one in five lay beside it. */
static const float least_sure_face = 20.0f;

static struct bt_box clip(struct bt_box b, float width, float height)
{
    float x = fmaxf(b.x, 0), y = fmaxf(b.y, 0);
    float right = fminf(b.x + b.w, width), bottom = fminf(b.y + b.h, height);
    return (struct bt_box){x, y, right - x, bottom - y};
}

struct bt_box bt_fuse_head_area(struct bt_box body, int width, int height)
{
    float w = body.w, h = body.h;
    float side = h > w ? fmaxf(fminf(0.55f * h, 1.6f * w), 0.7f * w) : fmaxf(0.8f * w, 0.9f * h);
    side = fmaxf(side, 24.0f);
    float centre = body.x + w / 2, top = body.y - 0.12f * side;
    struct bt_box area = {centre - 0.55f * side, top, 1.1f * side, 1.1f * side};
    return clip(area, (float)width, (float)height);
}

static float share_inside(struct bt_box a, struct bt_box b)
{
    float w = fminf(a.x + a.w, b.x + b.w) - fmaxf(a.x, b.x);
    float h = fminf(a.y + a.h, b.y + b.h) - fmaxf(a.y, b.y);
    return w > 0 && h > 0 ? w * h / fminf(a.w * a.h, b.w * b.h) : 0;
}

/* Drops faces that lie mostly inside a better one, or around it. */
static void drop_doubles(struct bt_candidates *faces)
{
    bt_candidates_thin(faces, face_overlap);
    int n_kept = 0;
    for (int i = 0; i < faces->n_items; i++) {
        bool twice = false;
        for (int k = 0; k < n_kept && !twice; k++)
            twice = share_inside(faces->items[i].box, faces->items[k].box) >= face_inside;
        if (!twice)
            faces->items[n_kept++] = faces->items[i];
    }
    faces->n_items = n_kept;
}

static bool holds_head(struct bt_box body, struct bt_box face)
{
    float x = face.x + face.w / 2, y = face.y + face.h / 2;
    float lowest = body.h > body.w ? 0.55f : 0.9f; /* of who sits or is near, the head is large */
    return x >= body.x - 0.1f * body.w && x <= body.x + 1.1f * body.w &&
           y >= body.y - 0.15f * body.h && y <= body.y + lowest * body.h;
}

static int find_body(const struct bt_detections *found, int n_bodies, struct bt_box face)
{
    int best = -1;
    for (int i = 0; i < n_bodies; i++) {
        const struct bt_box *b = &found->items[i].box;
        if (holds_head(*b, face) &&
            (best < 0 || b->w * b->h < found->items[best].box.w * found->items[best].box.h))
            best = i;
    }
    return best;
}

void bt_fuse(struct bt_detections *found, const struct bt_candidates *bodies,
             struct bt_candidates *faces, float sure_face)
{
    drop_doubles(faces);
    int n_more = bodies->n_items + faces->n_items - BT_MAX_DETECTIONS;
    found->n_items = 0;
    found->n_dropped = bodies->n_dropped + faces->n_dropped + (n_more > 0 ? n_more : 0);
    for (int i = 0; i < bodies->n_items && found->n_items < BT_MAX_DETECTIONS; i++)
        found->items[found->n_items++] = (struct bt_detection){
            bodies->items[i].box, BAUTA_CLASS_BODY, bodies->items[i].score, false, -1, false};
    int n_bodies = found->n_items;
    for (int i = 0; i < faces->n_items && found->n_items < BT_MAX_DETECTIONS; i++)
        found->items[found->n_items++] = (struct bt_detection){
            faces->items[i].box,
            BAUTA_CLASS_FACE,
            faces->items[i].score,
            faces->items[i].score >= sure_face && faces->items[i].box.h >= least_sure_face,
            find_body(found, n_bodies, faces->items[i].box),
            false};
}
