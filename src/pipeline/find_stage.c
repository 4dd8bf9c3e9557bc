/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/find_stage.h"

#include <math.h>
#include <stdlib.h>

#include "base/log.h"
#include "pipeline/item.h"
#include "pipeline/watch.h"
#include "protect/protector.h"

enum { MOST_BYTES = 256 << 20, MOST_PICTURES = 120 }; /* that are held back */
enum { ENOUGH_LOOKS = 4 };

/* Regions are told in the pixels that are stored: a picture that was brought to another size has
 * those no more. */
static void forget_regions(struct bt_find_stage *s, int *n_regions)
{
    *n_regions = BAUTA_REGIONS_UNKNOWN;
    if (!s->said_whole)
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: regions are told in pixels as they are stored: pictures that are brought to "
               "another size are hidden whole",
               s->path);
    s->said_whole = true;
}

static enum bauta_status ask_caller(struct bt_find_stage *s, struct bt_item *item)
{
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    int n_regions = BAUTA_REGIONS_UNKNOWN;
    const struct bt_frame *frame = &item->decoded.frame;
    enum bauta_status status = s->regions(s->user, regions, &n_regions, item->number,
                                          frame->fitted ? 0 : frame->picture.width,
                                          frame->fitted ? 0 : frame->picture.height);
    if (!status && frame->fitted)
        forget_regions(s, &n_regions);
    if (!status)
        bt_protector_given(&item->sightings, regions, n_regions);
    item->sightings.view = item->view;
    return status;
}

static struct bt_item *oldest(const struct bt_find_stage *s)
{
    return s->held[s->first];
}

static enum bauta_status hold(struct bt_find_stage *s, struct bt_item *item)
{
    if (s->n_held == s->n_allocated) {
        size_t n = s->n_allocated ? 2 * s->n_allocated : 64;
        struct bt_item **grown = malloc(n * sizeof(struct bt_item *));
        if (!grown)
            return BAUTA_ERR_MEMORY;
        for (size_t i = 0; i < s->n_held; i++)
            grown[i] = s->held[(s->first + i) % s->n_allocated];
        free(s->held);
        s->held = grown;
        s->n_allocated = n;
        s->first = 0;
    }
    s->held[(s->first + s->n_held++) % s->n_allocated] = item;
    return BAUTA_OK;
}

/* An area of the first pictures, where a picture of another shape is brought to their size: it
 * covers what lies there, what lies there in proportion, and what is between. */
static void widen(struct bt_box *area, const struct bt_frame *frame)
{
    float by_x = (float)frame->shown.w / (float)frame->picture.width;
    float by_y = (float)frame->shown.h / (float)frame->picture.height;
    float x = (float)frame->shown.x + area->x * by_x, y = (float)frame->shown.y + area->y * by_y;
    float left = fminf(area->x, x), top = fminf(area->y, y);
    float right = fmaxf(area->x + area->w, x + area->w * by_x);
    float bottom = fmaxf(area->y + area->h, y + area->h * by_y);
    *area = (struct bt_box){left, top, right - left, bottom - top};
}

/* Nobody knows what is where an area was, so more is hidden rather than less. */
static void carry_areas_over(struct bt_find_stage *s, struct bt_item *item)
{
    struct bt_sightings *seen = &item->sightings;
    bool some = false;
    for (int i = 0; i < seen->n_items; i++) {
        struct bt_sighting *one = &seen->items[i];
        if (one->target < BAUTA_TARGET_AREA)
            continue;
        widen(&one->box, &item->decoded.frame);
        some = true;
    }
    if (some && !s->said_areas)
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: picture %llu has another shape: from it on areas to hide are carried over in "
               "proportion, and cover what they covered before as well",
               s->path, (unsigned long long)item->number);
    s->said_areas |= some;
}

static enum bauta_status pass_oldest(struct bt_find_stage *s)
{
    struct bt_item *item = oldest(s);
    s->first = (s->first + 1) % s->n_allocated;
    s->n_held--;
    if (item->kind == BT_ITEM_PICTURE)
        bt_finder_give(s->finder, &item->sightings);
    if (item->kind == BT_ITEM_PICTURE && item->decoded.frame.reshaped)
        carry_areas_over(s, item);
    return bt_stage_pass(&s->stage, item);
}

/* Hands on what is decided while more than `most` pictures wait, and packets that no picture holds
 * up. */
static enum bauta_status pass_decided(struct bt_find_stage *s, int most)
{
    enum bauta_status status = BAUTA_OK;
    while (!status && s->n_held > 0 &&
           (oldest(s)->kind != BT_ITEM_PICTURE || bt_finder_waiting(s->finder) > most))
        status = pass_oldest(s);
    return status;
}

/* Whether pictures took longer so far than they will be shown. */
static bool is_late(struct bt_find_stage *s, int64_t pts_us)
{
    double now_s = bt_watch_now();
    if (!s->started) {
        s->started = true;
        s->started_s = now_s;
        s->started_us = pts_us;
    }
    return now_s - s->started_s > (double)(pts_us - s->started_us) * 1e-6;
}

static void look(struct bt_find_stage *s, const struct bt_item *item)
{
    struct bt_clear clear;
    double before = bt_watch_now();
    bt_decoded_view_clear(&clear, &item->decoded);
    if (item->decoded.frame.reshaped && bt_finder_forget_never(s->finder))
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: picture %llu has another shape: from it on nobody is left clear for the areas "
               "that were named",
               s->path, (unsigned long long)item->number);
    /* Without a detector for such pictures everybody is hidden; the log says why. */
    enum bauta_status status = bt_finder_set_view(s->finder, &item->view);
    (void)status;
    bt_finder_look(s->finder, &clear, item->pts_us, is_late(s, item->pts_us));
    s->busy_s += bt_watch_now() - before;
}

static enum bauta_status take_and_hold(struct bt_find_stage *s, struct bt_item *item)
{
    if (!item) {
        enum bauta_status status = pass_decided(s, 0);
        return status ? status : bt_stage_pass(&s->stage, NULL);
    }
    enum bauta_status status = hold(s, item);
    if (status) {
        bt_item_free(&item);
        return status;
    }
    if (item->kind == BT_ITEM_PICTURE)
        look(s, item);
    return pass_decided(s, s->lookahead);
}

static enum bauta_status take(struct bt_stage *stage, struct bt_item *item)
{
    struct bt_find_stage *s = (struct bt_find_stage *)stage;
    if (s->finder)
        return take_and_hold(s, item);
    enum bauta_status status =
        item && item->kind == BT_ITEM_PICTURE ? ask_caller(s, item) : BAUTA_OK;
    if (!status)
        return bt_stage_pass(stage, item);
    bt_item_free(&item);
    return status;
}

/* A second of pictures, or more if it takes more until somebody new was looked at so often that it
 * is known where he came from. */
static int usual_lookahead(const struct bauta_find_settings *find, const struct bt_video_info *i)
{
    int rate =
        i->rate_num > 0 && i->rate_den > 0 ? (i->rate_num + i->rate_den / 2) / i->rate_den : 25;
    int until_known =
        find->detect_every > 0 ? ENOUGH_LOOKS * find->detect_every : ENOUGH_LOOKS * rate / 2;
    return rate > until_known ? rate : until_known;
}

/* As many pictures as asked for, or as usual; no more than memory should be taken for. */
static int choose_lookahead(const struct bauta_find_settings *find, const struct bt_source *source,
                            const struct bauta_log *log)
{
    int asked = find->lookahead;
    int wanted = asked < 0 ? usual_lookahead(find, &source->info) : asked;
    int64_t size = (int64_t)source->width * source->height * 3 / 2;
    int most = size * MOST_PICTURES > MOST_BYTES ? (int)(MOST_BYTES / size) : MOST_PICTURES;
    if (wanted > most && asked >= 0)
        bt_log(log, BAUTA_LOG_WARNING,
               "the look-ahead is %d pictures instead of %d: more do not fit into %d MB", most,
               wanted, MOST_BYTES >> 20);
    return wanted < most ? wanted : most;
}

enum bauta_status bt_find_stage_open(struct bt_find_stage *s,
                                     const struct bauta_find_settings *settings,
                                     const struct bt_source *source, const struct bauta_log *log)
{
    s->stage.take = take;
    s->path = bt_demux_path(source->demux);
    s->log = log;
    if (s->regions)
        return BAUTA_OK;
    struct bauta_find_settings find = *settings;
    find.view = source->view;
    find.lookahead = s->lookahead = choose_lookahead(settings, source, log);
    return bt_finder_new(&s->finder, &find, source->width, source->height, log);
}

void bt_find_stage_clear(struct bt_find_stage *s)
{
    for (size_t i = 0; i < s->n_held; i++)
        bt_item_free(&s->held[(s->first + i) % s->n_allocated]);
    free(s->held);
    bt_finder_free(&s->finder);
    *s = (struct bt_find_stage){.busy_s = s->busy_s};
}
