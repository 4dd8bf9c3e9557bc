/* SPDX-License-Identifier: Apache-2.0 */
#include "track/track.h"

#include <math.h>

/* Gains of an alpha-beta filter, chosen for 5 to 30 pictures a second; sizes shrink slowly, so that
 * a detector that sees half a person for a moment does not uncover the rest. */
static const float velocity_gain = 0.35f, shrink_gain = 0.5f;

/* A box lower than this share of the person's height, with the feet (within this share of it) where
 * they were expected, is of somebody who stands behind something. What is known of the height fades
 * in as many seconds, for whoever sits down; otherwise it follows sights with this gain. */
static const float cut_off = 0.85f, same_feet = 0.15f, height_fades_s = 10.0f, height_gain = 0.5f;

static const float strength_fades_s = 10.0f; /* time constant: of the score, since that sight */
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

/* Whoever goes behind a sign or a wall comes out again, head first: a box that loses its upper part
 * while the feet stay keeps the height that the person had. */
static struct bt_box stand_up(struct bt_track *t, struct bt_box seen, float dt_s)
{
    float feet = seen.y + seen.h, expected = t->box.y + t->box.h;
    if (seen.h >= cut_off * t->full_height ||
        fabsf(feet - expected) >= same_feet * t->full_height) {
        t->full_height = fmaxf(seen.h, t->full_height + height_gain * (seen.h - t->full_height));
        t->raised = 0;
        return seen;
    }
    t->full_height -= fminf(dt_s / height_fades_s, 1) * (t->full_height - seen.h);
    t->raised = t->full_height - seen.h;
    return (struct bt_box){seen.x, feet - t->full_height, seen.w, t->full_height};
}

void bt_track_see(struct bt_track *t, const struct bt_detection *seen, int64_t pts_us)
{
    float dt_s = t->n_sights > 0 ? (float)(pts_us - t->seen_us) * 1e-6f : 0;
    struct bt_box box = stand_up(t, seen->box, dt_s);
    float x = t->box.x + t->box.w / 2, y = t->box.y + t->box.h / 2;
    float dx = box.x + box.w / 2 - x, dy = box.y + box.h / 2 - y;
    if (t->n_sights > 0 && dt_s > 0) {
        t->vx = clamp(t->vx + velocity_gain * dx / dt_s, fastest * box.h);
        t->vy = clamp(t->vy + velocity_gain * dy / dt_s, fastest * box.h);
    }
    if (t->n_sights == 0) {
        t->box = t->first_box = box;
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
    t->n_missed = 0;
    t->n_sights++;
    t->strength = fmaxf(t->strength * expf(-dt_s / strength_fades_s), seen->score);
    t->peak = fmaxf(t->peak, seen->score);
    t->sharp = t->sharp || seen->sure;
}

void bt_track_see_face(struct bt_track *t, const struct bt_detection *face, int64_t pts_us)
{
    if (!face->sure) {
        t->hint = t->has_hint ? bt_track_join(t->hint, face->box) : face->box;
        t->has_hint = true;
        return;
    }
    t->sharp = true;
    t->face_seen_us = pts_us;
    t->face =
        (struct bt_box){(face->box.x - t->box.x) / t->box.w, (face->box.y - t->box.y) / t->box.h,
                        face->box.w / t->box.w, face->box.h / t->box.h};
}

struct bt_box bt_track_face(const struct bt_track *t)
{
    return (struct bt_box){t->box.x + t->face.x * t->box.w, t->box.y + t->face.y * t->box.h,
                           t->face.w * t->box.w, t->face.h * t->box.h};
}

bool bt_track_moved(const struct bt_track *t)
{
    float dx = t->box.x + t->box.w / 2 - t->first_box.x - t->first_box.w / 2;
    float dy = t->box.y + t->box.h / 2 - t->first_box.y - t->first_box.h / 2;
    return hypotf(dx, dy) > 0.3f * t->box.h;
}

struct bt_box bt_track_join(struct bt_box a, struct bt_box b)
{
    float x = fminf(a.x, b.x), y = fminf(a.y, b.y);
    return (struct bt_box){x, y, fmaxf(a.x + a.w, b.x + b.w) - x, fmaxf(a.y + a.h, b.y + b.h) - y};
}

float bt_track_iou(struct bt_box a, struct bt_box b)
{
    float w = fminf(a.x + a.w, b.x + b.w) - fmaxf(a.x, b.x);
    float h = fminf(a.y + a.h, b.y + b.h) - fmaxf(a.y, b.y);
    return w > 0 && h > 0 ? w * h / (a.w * a.h + b.w * b.h - w * h) : 0;
}
