/* SPDX-License-Identifier: Apache-2.0 */
#include "people.h"

void scene_open(struct scene *s, unsigned classes)
{
    *s = (struct scene){.tracker = NULL};
    bt_tracker_settings_init(&s->settings, WIDTH, HEIGHT);
    s->settings.classes = classes;
    check_ok(bt_tracker_new(&s->tracker, &s->settings));
}

void scene_open_ahead(struct scene *s, unsigned classes, int lookahead)
{
    *s = (struct scene){.tracker = NULL};
    bt_tracker_settings_init(&s->settings, WIDTH, HEIGHT);
    s->settings.classes = classes;
    s->settings.lookahead = lookahead;
    check_ok(bt_tracker_new(&s->tracker, &s->settings));
}

void scene_close(struct scene *s)
{
    bt_tracker_free(&s->tracker);
    assert_null(s->tracker);
}

void scene_add_body(struct scene *s, float x, float y, float score)
{
    s->found.items[s->found.n_items++] =
        (struct bt_detection){{x, y, 40, 120}, BAUTA_CLASS_BODY, score, false, -1, false};
}

void scene_add_face(struct scene *s, struct bt_box box, int body, bool sure)
{
    s->found.items[s->found.n_items++] =
        (struct bt_detection){box, BAUTA_CLASS_FACE, sure ? 0.9f : 0.5f, sure, body, false};
}

static void step(struct scene *s, const struct bt_detections *found)
{
    bt_tracker_look(s->tracker, found, s->pts_us);
    if (bt_tracker_waiting(s->tracker) > s->settings.lookahead)
        bt_tracker_give(s->tracker, &s->out);
    s->pts_us += STEP_US;
    s->found.n_items = 0;
}

void scene_step(struct scene *s)
{
    step(s, &s->found);
}

void scene_step_blind(struct scene *s)
{
    step(s, NULL);
}

void scene_stand(struct scene *s, float x, float y, int n)
{
    for (int i = 0; i < n; i++) {
        scene_add_body(s, x, y, 0.8f);
        scene_step(s);
    }
}

const struct bt_sighting *scene_find(const struct scene *s, enum bauta_class class_,
                                     uint32_t target)
{
    for (int i = 0; i < s->out.n_items; i++)
        if (s->out.items[i].class_ == class_ && (!target || s->out.items[i].target == target))
            return &s->out.items[i];
    return NULL;
}

uint32_t scene_who_is_at(const struct scene *s, float x, float y)
{
    uint32_t target = 0;
    for (int i = 0; i < s->out.n_items; i++) {
        const struct bt_sighting *g = &s->out.items[i];
        if (g->class_ != BAUTA_CLASS_BODY || x < g->box.x || x > g->box.x + g->box.w ||
            y < g->box.y || y > g->box.y + g->box.h)
            continue;
        if (target)
            return 0;
        target = g->target;
    }
    return target;
}

bool box_holds(struct bt_box outer, struct bt_box inner)
{
    const float rounding = 0.01f;
    return outer.x <= inner.x + rounding && outer.y <= inner.y + rounding &&
           outer.x + outer.w >= inner.x + inner.w - rounding &&
           outer.y + outer.h >= inner.y + inner.h - rounding;
}
