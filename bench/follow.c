/* SPDX-License-Identifier: Apache-2.0 */
#include "follow.h"

#include <math.h>

#include "base/rect.h"

static struct bauta_rect rectangle(struct bt_box b)
{
    int x = 2 * (int)floorf(b.x / 2), y = 2 * (int)floorf(b.y / 2);
    int right = 2 * (int)ceilf((b.x + b.w) / 2), bottom = 2 * (int)ceilf((b.y + b.h) / 2);
    return (struct bauta_rect){x, y, right - x, bottom - y};
}

void follow(struct bt_plan *plan, const struct bt_sightings *sightings, int width, int height)
{
    for (int i = 0; i < plan->n_regions; i++)
        for (int k = 0; k < sightings->n_items; k++) {
            struct bauta_region *r = &plan->regions[i];
            const struct bt_sighting *s = &sightings->items[k];
            if (s->target == r->target && s->class_ == r->class_)
                r->rect =
                    bt_rect_intersect(rectangle(s->box), (struct bauta_rect){0, 0, width, height});
        }
}
