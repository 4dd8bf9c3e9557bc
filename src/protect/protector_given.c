/* SPDX-License-Identifier: Apache-2.0 */
#include "protect/protector.h"

/* Why regions that were given hide everything. */
static enum bauta_whole why_whole(const struct bauta_region *regions, int n_regions)
{
    if (n_regions < 0)
        return BAUTA_WHOLE_UNSAID;
    if (n_regions > BT_MAX_REGIONS)
        return BAUTA_WHOLE_CROWD;
    enum bauta_whole why = BAUTA_WHOLE_NONE;
    for (int i = 0; i < n_regions; i++) {
        if (!bauta_class_name(regions[i].class_))
            return BAUTA_WHOLE_UNCLEAR;
        if (regions[i].target == BAUTA_TARGET_WHOLE_PICTURE)
            why = BAUTA_WHOLE_GIVEN;
    }
    return why;
}

void bt_protector_given(struct bt_sightings *sightings, const struct bauta_region *regions,
                        int n_regions)
{
    sightings->n_items = sightings->n_dropped = 0;
    sightings->blind = false;
    sightings->view = (struct bauta_view){0};
    sightings->whole = why_whole(regions, n_regions);
    for (int i = 0; i < n_regions && !sightings->whole; i++) {
        struct bauta_rect r = regions[i].rect;
        sightings->items[sightings->n_items++] =
            (struct bt_sighting){regions[i].target,
                                 regions[i].class_,
                                 {(float)r.x, (float)r.y, (float)r.w, (float)r.h},
                                 BAUTA_SOURCE_GIVEN};
    }
}
