/* SPDX-License-Identifier: Apache-2.0 */
#include "track/track.h"

#include <math.h>

/* Gains of an alpha-beta filter, chosen for 5 to 30 pictures a second; sizes shrink slowly, so that
 * a detector that sees half a person for a moment does not uncover the rest. */
static const float velocity_gain = 0.35f, shrink_gain = 0.5f;

static const float fastest = 8.0f; /* of its own heights in a second: nobody runs faster */

static float clamp(float value, float most)
{
    return fmaxf(-most, fminf(most, value));
}

void bt_track_predict(struct bt_track *t, float dt_s)
{
    t->box.x += t->vx * dt_s;
    t->box.y += t->vy * dt_s;
    t->seen = false;
    t->has_hint = false;
}

/* An edge follows outward at once, inward by and by. */
static float follow(float edge, float seen, bool outward)
{
    return outward ? seen : edge + shrink_gain * (seen - edge);
}

void bt_track_see(struct bt_track *t, const struct bt_detection *seen, float dt_s, int64_t pts_us)
{
    struct bt_box box = seen->box;
    float x = t->box.x + t->box.w / 2, y = t->box.y + t->box.h / 2;
    float dx = box.x + box.w / 2 - x, dy = box.y + box.h / 2 - y;
    if (t->n_sights > 0 && dt_s > 0) {
        t->vx = clamp(t->vx + velocity_gain * dx / dt_s, fastest * box.h);
        t->vy = clamp(t->vy + velocity_gain * dy / dt_s, fastest * box.h);
    }
    if (t->n_sights == 0) {
        t->box = box;
    } else {
        float left = follow(t->box.x, box.x, box.x < t->box.x);
        float top = follow(t->box.y, box.y, box.y < t->box.y);
        float old_right = t->box.x + t->box.w, new_right = box.x + box.w;
        float old_bottom = t->box.y + t->box.h, new_bottom = box.y + box.h;
        float right = follow(old_right, new_right, new_right > old_right);
        float bottom = follow(old_bottom, new_bottom, new_bottom > old_bottom);
        t->box = (struct bt_box){left, top, right - left, bottom - top};
    }
    t->seen = true;
    t->seen_us = pts_us;
    t->n_sights++;
    t->peak = fmaxf(t->peak, seen->score);
}

void bt_track_see_face(struct bt_track *t, const struct bt_detection *face, int64_t pts_us)
{
    if (!face->sure) {
        t->has_hint = true;
        t->hint = face->box;
        return;
    }
    t->sharp = true;
    t->face_seen_us = pts_us;
    t->face =
        (struct bt_box){(face->box.x - t->box.x) / t->box.w, (face->box.y - t->box.y) / t->box.h,
                        face->box.w / t->box.w, face->box.h / t->box.h};
}

float bt_track_iou(struct bt_box a, struct bt_box b)
{
    float w = fminf(a.x + a.w, b.x + b.w) - fmaxf(a.x, b.x);
    float h = fminf(a.y + a.h, b.y + b.h) - fmaxf(a.y, b.y);
    return w > 0 && h > 0 ? w * h / (a.w * a.h + b.w * b.h - w * h) : 0;
}
