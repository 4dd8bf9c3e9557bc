/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/family.h"

#include <math.h>
#include <stdlib.h>

void bt_candidates_add(struct bt_candidates *c, struct bt_box box, float score)
{
    int most = (int)(sizeof(c->items) / sizeof(c->items[0]));
    if (!isfinite(box.x) || !isfinite(box.y) || !(box.w > 0) || !(box.h > 0) || !isfinite(box.w) ||
        !isfinite(box.h))
        return;
    if (c->n_items < most)
        c->items[c->n_items++] = (struct bt_candidate){box, score};
    else
        c->n_dropped++;
}

float bt_box_iou(struct bt_box a, struct bt_box b)
{
    float w = fminf(a.x + a.w, b.x + b.w) - fmaxf(a.x, b.x);
    float h = fminf(a.y + a.h, b.y + b.h) - fmaxf(a.y, b.y);
    if (w <= 0 || h <= 0)
        return 0;
    return w * h / (a.w * a.h + b.w * b.h - w * h);
}

/* Best first; equal ones by place, so that the order is always the same. */
static int compare(const void *left, const void *right)
{
    const struct bt_candidate *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->box.x != b->box.x)
        return a->box.x < b->box.x ? -1 : 1;
    return a->box.y < b->box.y ? -1 : a->box.y > b->box.y;
}

void bt_candidates_thin(struct bt_candidates *c, float overlap)
{
    qsort(c->items, (size_t)c->n_items, sizeof(c->items[0]), compare);
    int n_kept = 0;
    for (int i = 0; i < c->n_items; i++) {
        bool duplicate = false;
        for (int k = 0; k < n_kept && !duplicate; k++)
            duplicate = bt_box_iou(c->items[i].box, c->items[k].box) > overlap;
        if (!duplicate)
            c->items[n_kept++] = c->items[i];
    }
    c->n_items = n_kept;
}
