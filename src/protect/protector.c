/* SPDX-License-Identifier: Apache-2.0 */
#include "protect/protector.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/setting.h"
#include "crypto/random.h"
#include "find/sights.h"
#include "protect/protector_state.h"

void bauta_protector_settings_init(struct bauta_protector_settings *settings)
{
    *settings =
        (struct bauta_protector_settings){.codec = BAUTA_CODEC_H264,
                                          .epoch_us = bt_setting_standard_us(BAUTA_SETTING_EPOCH),
                                          .rotate_us = bt_setting_standard_us(BAUTA_SETTING_ROTATE),
                                          .keep = true,
                                          .detect = true};
    bauta_find_settings_init(&settings->find);
    bauta_hide_settings_init(&settings->hide);
}

void bauta_hide_settings_init(struct bauta_hide_settings *settings)
{
    *settings =
        (struct bauta_hide_settings){.style = BAUTA_STYLE_MOSAIC,
                                     .blocks = (int)bt_setting_standard(BAUTA_SETTING_BLOCKS),
                                     .epsilon = bt_setting_standard(BAUTA_SETTING_EPSILON)};
}

static bool hide_is_sound(const struct bauta_hide_settings *s, const struct bauta_log *log)
{
    return (s->style == BAUTA_STYLE_MOSAIC || s->style == BAUTA_STYLE_NOISE ||
            s->style == BAUTA_STYLE_SOLID) &&
           bt_setting_is_sound(BAUTA_SETTING_BLOCKS, s->blocks, log) &&
           bt_setting_is_sound(BAUTA_SETTING_EPSILON, (double)s->epsilon, log);
}

static bool settings_are_sound(const struct bauta_protector_settings *s)
{
    return s && s->width >= BT_MIN_SIDE && s->height >= BT_MIN_SIDE && s->width <= BT_MAX_SIDE &&
           s->height <= BT_MAX_SIDE && s->width % 2 == 0 && s->height % 2 == 0 &&
           (!s->keep || (s->object_codec && s->object_codec->id != BAUTA_CODEC_OTHER)) &&
           bt_setting_is_sound(BAUTA_SETTING_EPOCH, (double)s->epoch_us * 1e-6, s->log) &&
           bt_setting_is_sound(BAUTA_SETTING_ROTATE, (double)s->rotate_us * 1e-6, s->log) &&
           hide_is_sound(&s->hide, s->log) &&
           (s->codec == BAUTA_CODEC_H264 || s->codec == BAUTA_CODEC_H265);
}

static bool draw(uint8_t *out, size_t size)
{
    return bt_random(out, size) == BAUTA_OK;
}

static enum bauta_status open_mosaic(struct bauta_protector *p)
{
    struct bt_mosaic_settings settings;
    bt_mosaic_settings_init(&settings, &p->settings.hide);
    settings.random = draw;
    return bt_mosaic_new(&p->mosaic, &settings);
}

/* What keeping originals takes, and hiding them does not. */
static enum bauta_status open_keeping(struct bauta_protector *p)
{
    const struct bauta_protector_settings *s = &p->settings;
    enum bauta_status status = bt_hidden_init(&p->hidden, s->width, s->height);
    if (!status)
        status = bt_recipients_init(&p->recipients, s->recipients, s->n_recipients, s->groups,
                                    s->n_groups);
    return status ? status
                  : bt_writer_keys_new(&p->keys, &p->recipients, s->object_codec->id, NULL);
}

enum bauta_status bauta_protector_new(struct bauta_protector **protector,
                                      const struct bauta_protector_settings *settings)
{
    if (!protector)
        return BAUTA_ERR_ARGUMENT;
    *protector = NULL;
    if (!settings_are_sound(settings))
        return BAUTA_ERR_ARGUMENT;
    struct bauta_protector *p = calloc(1, sizeof(*p));
    if (!p)
        return BAUTA_ERR_MEMORY;
    p->settings = *settings;
    p->writers.codec = settings->object_codec;
    p->manifests.key = settings->signing_key;
    bt_planner_init(&p->planner, settings->width, settings->height, settings->hide.blocks);
    enum bauta_status status = open_mosaic(p);
    if (!status && settings->keep)
        status = open_keeping(p);
    if (!status && settings->detect)
        status = bt_finder_new(&p->finder, &settings->find, settings->width, settings->height,
                               settings->log);
    if (status)
        bauta_protector_free(&p);
    *protector = p;
    return status;
}

void bauta_protector_free(struct bauta_protector **protector)
{
    if (!protector || !*protector)
        return;
    struct bauta_protector *p = *protector;
    bt_finder_free(&p->finder);
    bt_hidden_clear(&p->hidden);
    bt_mosaic_free(&p->mosaic);
    bt_object_writers_clear(&p->writers);
    bt_writer_keys_unref(&p->keys);
    bt_manifest_writer_clear(&p->manifests);
    bt_pending_clear(&p->pending);
    bt_buffer_clear(&p->head_bytes);
    bt_buffer_clear(&p->message);
    bt_buffer_clear(&p->stream_message);
    bt_buffer_clear(&p->manifest[0]);
    bt_buffer_clear(&p->manifest[1]);
    bt_buffer_clear(&p->access_unit);
    free(p);
    *protector = NULL;
}

/* Whether an epoch begins with this picture. */
static bool begins_epoch(const struct bauta_protector *p, int64_t pts)
{
    return !p->started || (uint64_t)pts - (uint64_t)p->epoch_pts >= (uint64_t)p->settings.epoch_us;
}

static bool rotates(const struct bauta_protector *p, int64_t pts)
{
    return p->renew_keys || (p->settings.rotate_us > 0 && (uint64_t)pts - (uint64_t)p->keys_pts >=
                                                              (uint64_t)p->settings.rotate_us);
}

/* A new stream of the same run; what has not left of the one before keeps its keys. */
static enum bauta_status rotate(struct bauta_protector *p, int64_t pts)
{
    struct bt_writer_keys *keys;
    enum bauta_status status =
        bt_writer_keys_new(&keys, &p->recipients, p->settings.object_codec->id, p->keys);
    if (status)
        return status;
    bt_writer_keys_unref(&p->keys);
    p->keys = keys;
    p->keys_pts = pts;
    p->renew_keys = false;
    return BAUTA_OK;
}

/* Goes to the next epoch, perhaps in a new stream. */
static enum bauta_status begin_epoch(struct bauta_protector *p, int64_t pts)
{
    bool new_stream = p->settings.keep && p->started && rotates(p, pts);
    if (p->started && !new_stream && p->epoch == UINT32_MAX)
        return bt_log_fail(p->settings.log, BAUTA_ERR_LIMIT, "this stream is out of epochs");
    enum bauta_status status = new_stream ? rotate(p, pts) : BAUTA_OK;
    if (status)
        return status;
    if (!p->started)
        p->keys_pts = pts;
    p->epoch = p->started && !new_stream ? p->epoch + 1 : 0;
    p->epoch_number++;
    p->epoch_pts = pts;
    p->picture = 0;
    p->started = true;
    return BAUTA_OK;
}

static void number_picture(struct bauta_protector *p, struct bt_pending *pending)
{
    pending->head.epoch = p->epoch;
    pending->head.picture = p->picture++;
    pending->epoch_number = p->epoch_number;
    pending->keys = bt_writer_keys_ref(p->keys);
    memcpy(pending->head.stream_tag, p->keys->message.stream_id, BT_STREAM_TAG);
}

static void make_plan(struct bauta_protector *p, struct bt_plan *plan,
                      const struct bt_sightings *sightings)
{
    if (sightings->blind && !sightings->whole && sightings->n_dropped == 0)
        bt_planner_plan_blind(&p->planner, plan);
    else
        bt_planner_plan(&p->planner, plan, sightings);
}

/* Encodes every region's object; one that fails is counted, its picture stays masked for good. */
static int write_records(struct bauta_protector *p, struct bt_pending *pending,
                         const struct bt_masked *masked)
{
    const struct bt_plan *plan = &pending->head.plan;
    struct bt_object_source source = {masked, &p->hidden, plan};
    int n_failed = 0;
    for (int i = 0; i < plan->n_regions; i++)
        if (bt_object_writers_write(&p->writers, &pending->records[i], &source, i,
                                    pending->random_access))
            n_failed++;
    bt_object_writers_sweep(&p->writers);
    return n_failed;
}

/* Masks, and leaves what the access unit of this picture will carry. */
static enum bauta_status keep_and_mask(struct bauta_protector *p, struct bauta_mask_report *report,
                                       struct bt_masked *masked, struct bt_clear *clear,
                                       int64_t pts, const struct bt_plan *plan)
{
    struct bt_pending *pending = bt_pending_new(plan->n_regions);
    if (!pending)
        return BAUTA_ERR_MEMORY;
    pending->pts = pts;
    pending->random_access = report->random_access;
    pending->utc_ms = p->settings.utc_ms ? p->settings.utc_ms + (uint64_t)(pts / 1000) : 0;
    pending->head.plan = *plan;
    number_picture(p, pending);
    bt_hidden_keep(&p->hidden, clear, plan);
    bt_mosaic_hide(p->mosaic, masked, clear, plan);
    report->n_unsealed = write_records(p, pending, masked);
    bt_pending_push(&p->pending, pending);
    return BAUTA_OK;
}

static enum bauta_status hide(struct bauta_protector *p, struct bauta_mask_report *report,
                              struct bt_masked *masked, struct bt_clear *clear, int64_t pts,
                              const struct bt_sightings *sightings)
{
    struct bt_plan plan;
    bool random_access = p->lost_start || begins_epoch(p, pts);
    enum bauta_status status = random_access && !p->lost_start ? begin_epoch(p, pts) : BAUTA_OK;
    if (status)
        return status;
    make_plan(p, &plan, sightings);
    report->random_access = random_access;
    report->blind = sightings->blind;
    report->whole = plan.whole;
    report->width = p->settings.width;
    report->height = p->settings.height;
    report->view = sightings->view;
    report->n_regions = plan.n_regions;
    memcpy(report->regions, plan.regions, (size_t)plan.n_regions * sizeof(plan.regions[0]));
    if (p->settings.keep)
        status = keep_and_mask(p, report, masked, clear, pts, &plan);
    else
        bt_mosaic_hide(p->mosaic, masked, clear, &plan);
    p->lost_start = random_access && status;
    return status;
}

static bool fits(const struct bauta_protector *p, const struct bauta_picture *picture)
{
    return picture->width == p->settings.width && picture->height == p->settings.height;
}

enum bauta_status bt_protector_hide(struct bauta_protector *p, struct bauta_mask_report *report,
                                    struct bt_masked *masked, struct bt_clear *clear, int64_t pts,
                                    const struct bt_sightings *sightings)
{
    *masked = (struct bt_masked){{0}};
    memset(report, 0, sizeof(*report));
    enum bauta_status status = BAUTA_OK;
    if (p->finished || !fits(p, &clear->picture) || (p->started && pts <= p->last_pts))
        status = BAUTA_ERR_ARGUMENT;
    if (!status)
        status = hide(p, report, masked, clear, pts, sightings);
    if (status) {
        bt_picture_blacken(&clear->picture);
        *clear = (struct bt_clear){{0}};
        return status;
    }
    p->last_pts = pts;
    return BAUTA_OK;
}

/* The public door: an untyped picture comes in, and what leaves is masked or black. */
static enum bauta_status hide_public(struct bauta_protector *p, struct bauta_mask_report *report,
                                     struct bauta_picture *picture, int64_t pts,
                                     const struct bt_sightings *sightings)
{
    struct bt_clear clear = {*picture};
    struct bt_masked masked;
    return bt_protector_hide(p, report, &masked, &clear, pts, sightings);
}

static bool may_look(const struct bauta_protector *p, const struct bauta_picture *picture,
                     int64_t pts)
{
    return !bt_picture_check(picture) && p && p->finder && fits(p, picture) &&
           (!p->looked || pts > p->last_look) &&
           bt_finder_waiting(p->finder) <= p->settings.find.lookahead;
}

enum bauta_status bauta_protector_look(struct bauta_protector *p,
                                       const struct bauta_picture *picture, int64_t pts)
{
    if (!may_look(p, picture, pts) || p->settings.find.external)
        return BAUTA_ERR_ARGUMENT;
    const struct bt_clear clear = {*picture};
    bt_finder_look(p->finder, &clear, pts, false);
    p->looked = true;
    p->last_look = pts;
    return BAUTA_OK;
}

enum bauta_status bauta_protector_look_with(struct bauta_protector *p,
                                            const struct bauta_picture *picture, int64_t pts,
                                            const struct bauta_sights *sights, int64_t sights_pts)
{
    if (!may_look(p, picture, pts) || !p->settings.find.external || (sights && sights_pts > pts))
        return BAUTA_ERR_ARGUMENT;
    const struct bt_clear clear = {*picture};
    struct bt_detections found;
    bool senseless = sights && bt_sights_read(&found, sights);
    bt_finder_look_with(p->finder, &clear, pts, sights && !senseless ? &found : NULL, sights_pts);
    p->looked = true;
    p->last_look = pts;
    return senseless ? BAUTA_ERR_ARGUMENT : BAUTA_OK;
}

enum bauta_status bauta_protector_set_view(struct bauta_protector *p, const struct bauta_view *view)
{
    if (!p || !bauta_view_is_sound(view))
        return BAUTA_ERR_ARGUMENT;
    p->settings.find.view = *view;
    return p->finder ? bt_finder_set_view(p->finder, view) : BAUTA_OK;
}

/* Looks at the picture if nobody has yet; it must then be the one whose turn it is. */
static enum bauta_status find(struct bauta_protector *p, struct bt_sightings *sightings,
                              const struct bauta_picture *picture, int64_t pts)
{
    enum bauta_status status = BAUTA_OK;
    if (!p->looked || pts > p->last_look)
        status = p->settings.find.external ? bauta_protector_look_with(p, picture, pts, NULL, 0)
                                           : bauta_protector_look(p, picture, pts);
    if (!status && (bt_finder_waiting(p->finder) == 0 || bt_finder_oldest(p->finder) != pts))
        status = BAUTA_ERR_ARGUMENT;
    if (!status)
        bt_finder_give(p->finder, sightings);
    return status;
}

enum bauta_status bauta_protector_mask(struct bauta_protector *p, struct bauta_mask_report *report,
                                       struct bauta_picture *picture, int64_t pts)
{
    if (bt_picture_check(picture))
        return BAUTA_ERR_ARGUMENT;
    struct bt_sightings sightings;
    enum bauta_status status = BAUTA_ERR_ARGUMENT;
    if (p && report && p->finder && fits(p, picture))
        status = find(p, &sightings, picture, pts);
    if (!status)
        return hide_public(p, report, picture, pts, &sightings);
    bt_picture_blacken(picture);
    return status;
}

enum bauta_status bauta_protector_mask_regions(struct bauta_protector *p,
                                               struct bauta_mask_report *report,
                                               struct bauta_picture *picture, int64_t pts,
                                               const struct bauta_region *regions, int n_regions)
{
    if (bt_picture_check(picture))
        return BAUTA_ERR_ARGUMENT;
    if (!p || !report || n_regions < BAUTA_REGIONS_UNKNOWN || (n_regions > 0 && !regions)) {
        bt_picture_blacken(picture);
        return BAUTA_ERR_ARGUMENT;
    }
    struct bt_sightings sightings;
    bt_protector_given(&sightings, regions, n_regions);
    sightings.view = p->settings.find.view;
    return hide_public(p, report, picture, pts, &sightings);
}

enum bauta_status bauta_protector_set_recipients(struct bauta_protector *p,
                                                 const struct bauta_public_key *const *recipients,
                                                 int n_recipients,
                                                 const struct bauta_group *const *groups,
                                                 int n_groups)
{
    if (!p || !p->settings.keep)
        return BAUTA_ERR_ARGUMENT;
    struct bt_recipients others;
    enum bauta_status status =
        bt_recipients_init(&others, recipients, n_recipients, groups, n_groups);
    if (status)
        return status;
    p->recipients = others;
    p->renew_keys = true;
    return BAUTA_OK;
}

void bauta_protector_set_codec(struct bauta_protector *p, enum bauta_codec codec)
{
    if (p && (codec == BAUTA_CODEC_H264 || codec == BAUTA_CODEC_H265))
        p->settings.codec = codec;
}

void bauta_protector_finish(struct bauta_protector *p)
{
    if (p)
        p->finished = true;
}
