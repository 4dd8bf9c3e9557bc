/* SPDX-License-Identifier: Apache-2.0 */
#include "mask/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rect.h"
#include "base/view.h"

enum {
    SLACK = 48 /* a new mask is 1/48 of its size larger than needed, on each side */
};

static const int levels[] = {8,   16,  24,  32,  48,   64,   96,   128,  192,
                             256, 384, 512, 768, 1024, 1536, 2048, 4096, 8192};

/* Sides are counted in pixels of the direction in which they are finer. */
int bt_plan_block(struct bauta_rect rect, const struct bauta_view *view, int blocks)
{
    int64_t width, height;
    bt_view_shape(view, &width, &height);
    int64_t across = width > height ? (rect.w * width + height - 1) / height : rect.w;
    int64_t down = height > width ? (rect.h * height + width - 1) / width : rect.h;
    int64_t shorter = across < down ? across : down;
    size_t i = 0;
    while (i + 1 < sizeof(levels) / sizeof(levels[0]) && shorter > (int64_t)levels[i] * blocks)
        i++;
    return levels[i];
}

void bt_planner_init(struct bt_planner *planner, int width, int height, int blocks)
{
    *planner = (struct bt_planner){.width = width, .height = height, .blocks = blocks};
}

static struct bauta_rect whole(const struct bt_planner *planner)
{
    return (struct bauta_rect){0, 0, planner->width, planner->height};
}

static int clamp_coordinate(float value, int most)
{
    if (!(value > (float)-most)) /* NaN too */
        return -most;
    return value < (float)(2 * most) ? (int)value : 2 * most;
}

/* The pixels that a box touches, inside the picture; may be empty. */
static struct bauta_rect touched(const struct bt_planner *planner, struct bt_box box)
{
    int side = planner->width > planner->height ? planner->width : planner->height;
    int x = clamp_coordinate(floorf(box.x), side), y = clamp_coordinate(floorf(box.y), side);
    int right = clamp_coordinate(ceilf(box.x + box.w), side);
    int bottom = clamp_coordinate(ceilf(box.y + box.h), side);
    return bt_rect_intersect((struct bauta_rect){x, y, right - x, bottom - y}, whole(planner));
}

static const struct bauta_region *find(const struct bt_plan *plan, uint32_t target,
                                       enum bauta_class class_)
{
    for (int i = 0; i < plan->n_regions; i++)
        if (plan->regions[i].target == target && plan->regions[i].class_ == class_)
            return &plan->regions[i];
    return NULL;
}

/* A rectangle around `need` on a grid of a quarter of its blocks: transforms of H.264 and H.265
 * begin there, and a small person is not hidden with as much again of the surroundings. */
static struct bauta_rect snap(const struct bt_planner *planner, struct bauta_rect need)
{
    int grid = 4, block = bt_plan_block(need, &planner->view, planner->blocks);
    while (grid < 16 && 8 * grid <= block)
        grid *= 2;
    return bt_rect_intersect(bt_rect_align(need, grid), whole(planner));
}

/* The mask of a target that needs `need` covered: the last one as long as that covers it and is not
 * far too large for it. */
static struct bauta_rect settle(const struct bt_planner *planner, struct bauta_rect need,
                                const struct bauta_region *last)
{
    struct bauta_rect roomy = bt_rect_grow(need, need.w / SLACK, need.h / SLACK);
    struct bauta_rect fresh = snap(planner, bt_rect_intersect(roomy, whole(planner)));
    if (last && bt_rect_contains(last->rect, need) &&
        bt_rect_area(last->rect) * 5 <= bt_rect_area(fresh) * 6)
        return last->rect;
    return fresh;
}

static int rank(const struct bauta_region *r)
{
    return r->class_ == BAUTA_CLASS_BODY;
}

static int compare_ownership(const void *left, const void *right)
{
    const struct bauta_region *a = left, *b = right;
    if (rank(a) != rank(b))
        return rank(a) - rank(b);
    int64_t size_a = bt_rect_area(a->rect), size_b = bt_rect_area(b->rect);
    int bottom_a = a->rect.y + a->rect.h, bottom_b = b->rect.y + b->rect.h;
    if (rank(a) && bottom_a != bottom_b) /* who stands lower in the picture stands nearer */
        return bottom_a > bottom_b ? -1 : 1;
    if (size_a != size_b)
        return size_a < size_b ? -1 : 1;
    if (a->target != b->target)
        return a->target < b->target ? -1 : 1;
    return (int)a->class_ - (int)b->class_;
}

static void keep(struct bt_planner *planner, struct bt_plan *plan)
{
    qsort(plan->regions, (size_t)plan->n_regions, sizeof(plan->regions[0]), compare_ownership);
    planner->last = *plan;
}

void bt_planner_plan_whole(struct bt_planner *planner, struct bt_plan *plan, enum bauta_whole why)
{
    struct bauta_rect rect = whole(planner);
    *plan = (struct bt_plan){.n_regions = 1, .whole = why};
    plan->regions[0] = (struct bauta_region){BAUTA_TARGET_WHOLE_PICTURE, BAUTA_CLASS_BODY, rect,
                                             bt_plan_block(rect, &planner->view, planner->blocks),
                                             BAUTA_SOURCE_HELD};
    keep(planner, plan);
}

void bt_planner_plan(struct bt_planner *planner, struct bt_plan *plan,
                     const struct bt_sightings *sightings)
{
    plan->n_regions = 0;
    plan->whole = BAUTA_WHOLE_NONE;
    planner->view = sightings->view;
    if (sightings->whole || sightings->n_dropped > 0) {
        bt_planner_plan_whole(planner, plan,
                              sightings->whole ? sightings->whole : BAUTA_WHOLE_CROWD);
        return;
    }
    for (int i = 0; i < sightings->n_items; i++) {
        const struct bt_sighting *s = &sightings->items[i];
        struct bauta_rect need = touched(planner, s->box);
        if (bt_rect_empty(need))
            continue;
        if (find(plan, s->target, s->class_)) {
            bt_planner_plan_whole(planner, plan, BAUTA_WHOLE_UNCLEAR);
            return;
        }
        struct bauta_rect rect = settle(planner, need, find(&planner->last, s->target, s->class_));
        plan->regions[plan->n_regions++] =
            (struct bauta_region){s->target, s->class_, rect,
                                  bt_plan_block(rect, &planner->view, planner->blocks), s->source};
    }
    if (!bt_plan_is_bounded(plan, planner->width, planner->height)) /* no reader would take it */
        bt_planner_plan_whole(planner, plan, BAUTA_WHOLE_CROWD);
    else
        keep(planner, plan);
}

bool bt_plan_is_bounded(const struct bt_plan *plan, int width, int height)
{
    int64_t area = 0;
    for (int i = 0; i < plan->n_regions; i++)
        area += bt_rect_area(plan->regions[i].rect);
    return area <= (int64_t)width * height * BT_MAX_COVER;
}

void bt_planner_plan_blind(struct bt_planner *planner, struct bt_plan *plan)
{
    *plan = planner->last;
    int n_people = 0;
    for (int i = 0; i < plan->n_regions; i++)
        n_people += plan->regions[i].target < BAUTA_TARGET_AREA;
    /* Areas that are always hidden tell nothing of where people are. */
    if (n_people == 0 || plan->whole) {
        bt_planner_plan_whole(planner, plan, BAUTA_WHOLE_DETECTOR);
        return;
    }
    int64_t area = 0;
    for (int i = 0; i < plan->n_regions; i++) {
        struct bauta_region *r = &plan->regions[i];
        struct bauta_rect grown = bt_rect_grow(r->rect, r->rect.w / 8 + 1, r->rect.h / 8 + 1);
        r->rect = snap(planner, bt_rect_intersect(grown, whole(planner)));
        r->block = bt_plan_block(r->rect, &planner->view, planner->blocks);
        r->source = BAUTA_SOURCE_HELD;
        area += bt_rect_area(r->rect);
    }
    /* One large mask, and one original, instead of many that lie over each other. */
    if (area > bt_rect_area(whole(planner)))
        bt_planner_plan_whole(planner, plan, BAUTA_WHOLE_DETECTOR);
    else
        keep(planner, plan);
}
