/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <string.h>

#include "base/log.h"
#include "engine/finder.h"
#include "pipeline/item.h"
#include "pipeline/source.h"

/* The only stage of this pipeline: tells the caller what is followed in each picture. */
struct tell_stage {
    struct bt_stage stage;
    struct bt_finder *finder;
    const struct bauta_detect_settings *settings;
};

static struct bauta_rect outline(struct bt_box box)
{
    return (struct bauta_rect){(int)box.x, (int)box.y, (int)(box.w + 0.5f), (int)(box.h + 0.5f)};
}

static enum bauta_status tell(const struct tell_stage *s, struct bt_item *item)
{
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    struct bt_clear clear;
    bt_decoded_view_clear(&clear, &item->decoded);
    enum bauta_status status = bt_finder_find(s->finder, &item->sightings, &clear, item->pts_us);
    if (status)
        return status;
    int n_regions = 0;
    for (; n_regions < item->sightings.n_items; n_regions++) {
        const struct bt_sighting *from = &item->sightings.items[n_regions];
        regions[n_regions] =
            (struct bauta_region){from->target, from->class_, outline(from->box), 0, from->source};
    }
    return s->settings->found(s->settings->user, item->number, item->decoded.seconds, regions,
                              n_regions);
}

static enum bauta_status take(struct bt_stage *stage, struct bt_item *item)
{
    enum bauta_status status = BAUTA_OK;
    if (item && item->kind == BT_ITEM_PICTURE)
        status = tell((struct tell_stage *)stage, item);
    bt_item_free(&item);
    return status;
}

void bauta_detect_settings_init(struct bauta_detect_settings *settings)
{
    *settings = (struct bauta_detect_settings){.classes = BAUTA_MASK_BOTH, .detector_threads = 1};
}

static enum bauta_status open_finder(struct bt_finder **finder, const struct bt_source *source,
                                     const struct bauta_detect_settings *s)
{
    struct bauta_protector_settings p;
    bauta_protector_settings_init(&p);
    p.width = source->width;
    p.height = source->height;
    p.classes = s->classes;
    p.data_dir = s->data_dir;
    p.body_model = s->body_model;
    p.face_model = s->face_model;
    p.detector_threads = s->detector_threads;
    p.log = s->log;
    return bt_finder_new(finder, &p);
}

enum bauta_status bauta_detect_file(const struct bauta_detect_settings *settings)
{
    if (!settings || !settings->input || !settings->found)
        return BAUTA_ERR_ARGUMENT;
    struct bt_source source = {.progress = settings->progress, .user = settings->user};
    struct tell_stage tell_stage = {.stage = {take, NULL}, .settings = settings};
    enum bauta_status status = bt_source_open(&source, settings->input, 0, settings->log);
    if (!status)
        status = open_finder(&tell_stage.finder, &source, settings);
    if (!status)
        status = bt_source_run(&source, &tell_stage.stage);
    if (!status && source.n_pictures == 0)
        status = bt_log_fail(settings->log, BAUTA_ERR_FORMAT,
                             "%s: holds no picture that can be decoded", settings->input);
    bt_finder_free(&tell_stage.finder);
    bt_source_clear(&source);
    return status;
}
