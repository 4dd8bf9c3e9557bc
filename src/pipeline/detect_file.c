/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include "base/log.h"
#include "pipeline/find_stage.h"
#include "pipeline/item.h"
#include "pipeline/source.h"

/* The last stage of this pipeline: tells the caller what is followed in each picture. */
struct tell_stage {
    struct bt_stage stage;
    const struct bauta_detect_settings *settings;
};

static struct bauta_rect outline(struct bt_box box)
{
    return (struct bauta_rect){(int)box.x, (int)box.y, (int)(box.w + 0.5f), (int)(box.h + 0.5f)};
}

static enum bauta_status tell(const struct tell_stage *s, const struct bt_item *item)
{
    const struct bt_sightings *sightings = &item->sightings;
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    if (sightings->blind && !s->settings->find.mask_all_without_detector)
        return bt_log_fail(s->settings->log, BAUTA_ERR_DETECTOR,
                           "%s: the detector failed on picture %llu", s->settings->input,
                           (unsigned long long)item->number);
    int n_regions = 0;
    for (; n_regions < sightings->n_items; n_regions++) {
        const struct bt_sighting *from = &sightings->items[n_regions];
        regions[n_regions] =
            (struct bauta_region){from->target, from->class_, outline(from->box), 0, from->source};
    }
    const struct bauta_picture *picture = &item->decoded.frame.picture;
    return s->settings->found(s->settings->user, item->number, item->decoded.seconds, &item->view,
                              picture->width, picture->height, regions, n_regions);
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
    *settings = (struct bauta_detect_settings){.input = NULL};
    bauta_find_settings_init(&settings->find);
    settings->find.lookahead = -1;
}

/* Pictures of one size; people are numbered anew in each. */
static enum bauta_status detect_part(struct bt_find_stage *find,
                                     const struct bauta_detect_settings *settings,
                                     struct bt_source *source)
{
    struct bt_stage *next = find->stage.next;
    enum bauta_status status = bt_find_stage_open(find, &settings->find, source, settings->log);
    if (!status)
        status = bt_source_run(source, &find->stage);
    bt_find_stage_clear(find);
    find->stage.next = next;
    return status;
}

enum bauta_status bauta_detect_file(const struct bauta_detect_settings *settings)
{
    if (!settings || !settings->input || !settings->found ||
        !bauta_view_is_sound(&settings->find.view))
        return BAUTA_ERR_ARGUMENT;
    struct bt_source source = {.track = settings->track,
                               .extra = settings->find.view,
                               .progress = settings->progress,
                               .user = settings->user};
    struct tell_stage tell_stage = {.stage = {take, NULL}, .settings = settings};
    struct bt_find_stage find = {.stage.next = &tell_stage.stage};
    enum bauta_status status = bt_source_open(&source, settings->input, 0, settings->log);
    if (!status)
        status = detect_part(&find, settings, &source);
    while (!status && source.more) {
        status = bt_source_next_part(&source);
        if (!status)
            status = detect_part(&find, settings, &source);
    }
    if (!status && source.n_pictures == 0)
        status = bt_log_fail(settings->log, BAUTA_ERR_FORMAT,
                             "%s: holds no picture that can be decoded", settings->input);
    bt_source_clear(&source);
    return status;
}
