/* SPDX-License-Identifier: Apache-2.0 */
#include "find/sights.h"

#include <math.h>

#include "track/track.h"

static const float inside_share = 0.8f; /* of a sight that counts as inside an area */
static const float heads = 8;           /* that a person is high */
static const float farthest = 100000; /* from the picture's corner that a sight can be, in pixels */

void bt_sights_from(struct bauta_sights *sights, const struct bt_detections *found)
{
    sights->n_items = found->n_items;
    sights->n_dropped = found->n_dropped;
    for (int i = 0; i < found->n_items; i++) {
        const struct bt_detection *d = &found->items[i];
        sights->items[i] = (struct bauta_sight){d->box.x,  d->box.y, d->box.w, d->box.h,
                                                d->class_, d->score, d->sure,  d->body};
    }
}

/* False for what is not a number, too. */
static bool lies_within(float value, float least, float most)
{
    return value >= least && value <= most;
}

static bool is_sound(const struct bauta_sights *sights, const struct bauta_sight *s)
{
    bool place = lies_within(s->x, -farthest, farthest) && lies_within(s->y, -farthest, farthest) &&
                 s->w > 0 && s->w <= farthest && s->h > 0 && s->h <= farthest;
    bool face = s->class_ == BAUTA_CLASS_FACE, body = s->class_ == BAUTA_CLASS_BODY;
    bool owner = s->body == -1 || (face && s->body >= 0 && s->body < sights->n_items &&
                                   sights->items[s->body].class_ == BAUTA_CLASS_BODY);
    return place && (face || body) && lies_within(s->score, 0, 1) && owner;
}

enum bauta_status bt_sights_read(struct bt_detections *found, const struct bauta_sights *sights)
{
    found->n_items = found->n_dropped = 0;
    if (sights->n_items < 0 || sights->n_items > BT_MAX_DETECTIONS || sights->n_dropped < 0)
        return BAUTA_ERR_FORMAT;
    for (int i = 0; i < sights->n_items; i++)
        if (!is_sound(sights, &sights->items[i]))
            return BAUTA_ERR_FORMAT;
    for (int i = 0; i < sights->n_items; i++) {
        const struct bauta_sight *s = &sights->items[i];
        found->items[i] = (struct bt_detection){.box = {s->x, s->y, s->w, s->h},
                                                .class_ = s->class_,
                                                .score = s->score,
                                                .sure = s->sure,
                                                .body = s->body};
    }
    found->n_items = sights->n_items;
    found->n_dropped = sights->n_dropped > 0;
    return BAUTA_OK;
}

void bt_sights_show(struct bt_detections *found, const struct bt_view *view)
{
    for (int i = 0; i < found->n_items; i++)
        found->items[i].box = bt_view_show(view, found->items[i].box);
}

void bt_sights_store(struct bt_detections *found, const struct bt_view *view)
{
    for (int i = 0; i < found->n_items; i++)
        found->items[i].box = bt_view_store(view, found->items[i].box);
}

void bt_sights_age(struct bt_detections *found, int64_t age_us)
{
    float way = fmaxf(0, BT_TRACK_RUNS * (float)age_us * 1e-6f);
    for (int i = 0; i < found->n_items; i++) {
        struct bt_detection *d = &found->items[i];
        float by = way * d->box.h * (d->class_ == BAUTA_CLASS_FACE ? heads : 1);
        d->box =
            (struct bt_box){d->box.x - by, d->box.y - by, d->box.w + 2 * by, d->box.h + 2 * by};
    }
}

static bool lies_in(struct bt_box box, struct bt_box area)
{
    float w = fminf(box.x + box.w, area.x + area.w) - fmaxf(box.x, area.x);
    float h = fminf(box.y + box.h, area.y + area.h) - fmaxf(box.y, area.y);
    return w > 0 && h > 0 && w * h >= inside_share * box.w * box.h;
}

void bt_sights_mark_unwanted(struct bt_detections *found, const struct bt_box *never, int n_never)
{
    for (int i = 0; i < found->n_items; i++)
        for (int k = 0; k < n_never; k++)
            found->items[i].unwanted |= lies_in(found->items[i].box, never[k]);
}
