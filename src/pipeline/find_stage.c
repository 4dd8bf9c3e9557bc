/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/find_stage.h"

#include "engine/protector.h"
#include "pipeline/item.h"
#include "pipeline/watch.h"

static enum bauta_status ask_caller(const struct bt_find_stage *s, struct bt_item *item)
{
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    int n_regions = 0;
    enum bauta_status status =
        s->settings->regions(s->settings->user, regions, &n_regions, item->number);
    if (status)
        return status;
    bt_protector_given(&item->sightings, regions, n_regions);
    item->looked = true;
    return BAUTA_OK;
}

/* A detector that fails does not end the run: the picture is masked without it. */
static enum bauta_status look(const struct bt_find_stage *s, struct bt_item *item)
{
    struct bt_clear clear;
    bt_decoded_view_clear(&clear, &item->decoded);
    enum bauta_status status = bt_finder_find(s->finder, &item->sightings, &clear, item->pts_us);
    item->looked = status == BAUTA_OK;
    return status == BAUTA_ERR_MEMORY ? status : BAUTA_OK;
}

static enum bauta_status take(struct bt_stage *stage, struct bt_item *item)
{
    struct bt_find_stage *s = (struct bt_find_stage *)stage;
    double before = bt_watch_now();
    enum bauta_status status = BAUTA_OK;
    if (item && item->kind == BT_ITEM_PICTURE)
        status = s->finder ? look(s, item) : ask_caller(s, item);
    s->busy_s += bt_watch_now() - before;
    if (!status)
        return bt_stage_pass(stage, item);
    bt_item_free(&item);
    return status;
}

void bt_find_stage_init(struct bt_find_stage *stage, struct bt_finder *finder,
                        const struct bauta_protect_settings *settings, struct bt_stage *next)
{
    *stage = (struct bt_find_stage){.stage = {take, next}, .finder = finder, .settings = settings};
}
