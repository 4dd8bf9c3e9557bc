/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/mask_stage.h"

#include <string.h>

#include "base/log.h"
#include "pipeline/item.h"
#include "pipeline/watch.h"
#include "protect/protector.h"

static enum bauta_status find_time(const struct bt_mask_stage *s, int64_t ticks, int64_t *us)
{
    uint64_t n = s->n_pictures < BT_MASK_STAGE_DELAY ? s->n_pictures : BT_MASK_STAGE_DELAY;
    for (uint64_t back = 1; back <= n; back++) {
        const struct bt_mask_time *t = &s->times[(s->n_pictures - back) % BT_MASK_STAGE_DELAY];
        if (t->ticks == ticks) {
            *us = t->us;
            return BAUTA_OK;
        }
    }
    return bt_log_fail(s->settings->log, BAUTA_ERR_CODEC,
                       "%s: the encoder gave a picture that it was not given", s->settings->output);
}

/* Attaches and writes the access unit that was held back, if there is one. */
static enum bauta_status write_held(struct bt_mask_stage *s)
{
    struct bauta_bytes protected_unit;
    int64_t us = 0;
    if (!s->holds)
        return BAUTA_OK;
    s->holds = false;
    size_t plain_size = s->held_bytes.size;
    enum bauta_status status = find_time(s, s->held.pts, &us);
    if (!status)
        status = bauta_protector_attach(s->protector, &protected_unit,
                                        bt_buffer_view(&s->held_bytes), us);
    if (status)
        return status;
    s->held.bytes = protected_unit;
    s->result->stream_bytes += protected_unit.size;
    s->result->recovery_bytes += protected_unit.size - plain_size;
    return bt_mux_write_video(s->mux, &s->held);
}

static enum bauta_status hold(struct bt_mask_stage *s, const struct bt_coded *coded)
{
    s->holds = true;
    s->held = *coded;
    bt_buffer_reset(&s->held_bytes);
    bt_buffer_append(&s->held_bytes, coded->bytes);
    return bt_buffer_status(&s->held_bytes);
}

/* Everything that the encoder has ready, but for the last. */
static enum bauta_status write_coded(struct bt_mask_stage *s)
{
    for (;;) {
        struct bt_coded coded;
        bool some;
        enum bauta_status status = bt_encode_pull(s->encode, &coded, &some);
        if (status || !some)
            return status;
        status = write_held(s);
        if (!status)
            status = hold(s, &coded);
        if (status)
            return status;
    }
}

/* Whether a target was not met before; notes it. Past the set's size nobody counts as new. */
static bool is_new(struct bt_mask_stage *s, uint32_t target)
{
    uint32_t at = target * 2654435761u; /* Knuth's multiplicative hash, open addressing */
    for (int i = 0; i < BT_MASK_STAGE_TARGETS; i++, at++) {
        uint64_t *place = &s->targets[at % BT_MASK_STAGE_TARGETS];
        if (*place == (uint64_t)target + 1)
            return false;
        if (*place == 0) {
            *place = (uint64_t)target + 1;
            return true;
        }
    }
    return false;
}

static bool is_person(uint32_t target)
{
    return target != BAUTA_TARGET_WHOLE_PICTURE && target < BAUTA_TARGET_AREA;
}

static void count(struct bt_mask_stage *s, const struct bauta_mask_report *report)
{
    s->result->n_pictures++;
    s->result->n_regions += (uint64_t)report->n_regions;
    s->result->n_blind += report->blind;
    if (report->whole)
        s->result->n_whole[report->whole]++;
    s->result->n_unsealed += (uint64_t)report->n_unsealed;
    for (int i = 0; i < report->n_regions; i++)
        s->result->n_targets +=
            is_person(report->regions[i].target) && is_new(s, report->regions[i].target);
}

/* In pixels of the input, whichever way they were turned for the output. */
static void tell_as_stored(struct bauta_mask_report *report, const struct bt_item *item)
{
    struct bt_view v;
    const struct bauta_view back = bt_view_undo(&item->turn);
    bt_view_init(&v, &back, report->width, report->height);
    report->width = v.turned_width;
    report->height = v.turned_height;
    report->view = item->view;
    for (int i = 0; i < report->n_regions; i++)
        report->regions[i].rect = bt_view_turn_rect(&v, report->regions[i].rect);
}

static enum bauta_status report_picture(struct bt_mask_stage *s, const struct bt_item *item,
                                        struct bauta_mask_report *report)
{
    tell_as_stored(report, item);
    count(s, report);
    if (report->n_unsealed && s->settings->stop_on_seal_failure)
        return bt_log_fail(s->settings->log, BAUTA_ERR_CODEC,
                           "%s: the originals of picture %llu could not be kept",
                           s->settings->output, (unsigned long long)item->number);
    return s->settings->report
               ? s->settings->report(s->settings->user, item->number, item->decoded.seconds, report)
               : BAUTA_OK;
}

/* Who can recover what comes, if that changes now. */
static enum bauta_status change_recipients(struct bt_mask_stage *s, double seconds)
{
    const struct bauta_protect_settings *settings = s->settings;
    struct bauta_recipient_list list;
    if (!settings->recipients_at || !settings->recipients_at(settings->user, seconds, &list))
        return BAUTA_OK;
    *s->recipients = list;
    return bauta_protector_set_recipients(s->protector, list.keys, list.n_keys, list.groups,
                                          list.n_groups);
}

static enum bauta_status mask(struct bt_mask_stage *s, struct bt_item *item)
{
    struct bauta_mask_report report;
    struct bt_clear clear;
    struct bt_masked masked;
    double start = bt_watch_now();
    enum bauta_status status = change_recipients(s, item->decoded.seconds);
    if (status)
        return status;
    status = bt_item_turn(item);
    if (status)
        return status;
    bt_decoded_view_clear(&clear, &item->decoded);
    status =
        bt_protector_hide(s->protector, &report, &masked, &clear, item->pts_us, &item->sightings);
    double hidden = bt_watch_now();
    s->result->mask_s += hidden - start;
    if (!status)
        status = report_picture(s, item, &report);
    if (status)
        return status;
    s->times[s->n_pictures++ % BT_MASK_STAGE_DELAY] =
        (struct bt_mask_time){item->decoded.pts, item->pts_us};
    status = bt_encode_push_masked(s->encode, &masked, item->decoded.pts, report.random_access);
    if (!status)
        status = write_coded(s);
    s->result->encode_s += bt_watch_now() - hidden;
    return status;
}

static enum bauta_status finish(struct bt_mask_stage *s)
{
    enum bauta_status status = bt_encode_drain(s->encode);
    if (!status)
        status = write_coded(s);
    bauta_protector_finish(s->protector);
    return status ? status : write_held(s);
}

static enum bauta_status take(struct bt_stage *stage, struct bt_item *item)
{
    struct bt_mask_stage *s = (struct bt_mask_stage *)stage;
    if (!item)
        return finish(s);
    enum bauta_status status =
        item->kind == BT_ITEM_PICTURE ? mask(s, item) : bt_mux_write_packet(s->mux, item->packet);
    bt_item_free(&item);
    return status;
}

void bt_mask_stage_init(struct bt_mask_stage *stage, const struct bauta_protect_settings *settings,
                        struct bauta_protect_result *result,
                        struct bauta_recipient_list *recipients)
{
    memset(stage, 0, sizeof(*stage));
    stage->stage.take = take;
    stage->settings = settings;
    stage->result = result;
    stage->recipients = recipients;
}

void bt_mask_stage_part(struct bt_mask_stage *stage, struct bauta_protector *protector,
                        struct bt_encode *encode, struct bt_mux *mux)
{
    stage->protector = protector;
    stage->encode = encode;
    stage->mux = mux;
    stage->n_pictures = 0;
    stage->holds = false;
    if (!stage->settings->regions) /* who is found is numbered anew */
        memset(stage->targets, 0, sizeof(stage->targets));
}

void bt_mask_stage_clear(struct bt_mask_stage *stage)
{
    bt_buffer_clear(&stage->held_bytes);
}
