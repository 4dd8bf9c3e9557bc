/* SPDX-License-Identifier: Apache-2.0 */
#include "restore/restorer.h"

#include <stdlib.h>
#include <string.h>

#include <bauta/secrets.h>

#include "base/log.h"
#include "base/rect.h"
#include "mask/reveal.h"
#include "recovery/capsule.h"
#include "recovery/contents.h"
#include "recovery/messages.h"
#include "restore/collected.h"
#include "restore/object_reader.h"
#include "restore/reader_keys.h"

/* Pictures of an epoch that were met. */
struct met_epoch {
    uint8_t stream_tag[BT_STREAM_TAG];
    uint32_t epoch;
    uint64_t n, end; /* how many; the highest number, plus one */
};

enum { MET_EPOCHS = 4 }; /* of which pictures may come: more than reordering mixes */

struct bauta_restorer {
    struct bauta_restorer_settings settings;
    struct bt_opened_grant grant; /* if there is one */
    uint64_t expires_ms;          /* 0: never */
    bool expired;
    struct bt_reader_keys keys;
    struct bt_object_readers readers;
    struct bt_collected_list collected;
    struct met_epoch met[MET_EPOCHS]; /* the newest last */
    int n_met;
    uint64_t n_absent;                       /* of epochs before them */
    struct bt_frame frame;                   /* what reveal() composes into */
    struct bt_opened opened[BT_MAX_REGIONS]; /* of the picture at hand */
};

void bauta_restorer_settings_init(struct bauta_restorer_settings *settings)
{
    *settings =
        (struct bauta_restorer_settings){.codec = BAUTA_CODEC_H264, .classes = BAUTA_MASK_BOTH};
}

enum bauta_status bauta_restorer_new(struct bauta_restorer **restorer,
                                     const struct bauta_restorer_settings *settings)
{
    if (!restorer)
        return BAUTA_ERR_ARGUMENT;
    *restorer = NULL;
    if (!settings || !settings->key || !settings->object_codec || settings->n_targets < 0 ||
        (settings->n_targets && !settings->targets))
        return BAUTA_ERR_ARGUMENT;
    struct bauta_restorer *r = calloc(1, sizeof(*r));
    if (!r)
        return BAUTA_ERR_MEMORY;
    r->settings = *settings;
    r->keys.key = settings->key;
    r->readers.codec = settings->object_codec;
    enum bauta_status status = BAUTA_OK;
    if (settings->grant) {
        r->expires_ms = settings->grant->statement.expires_ms;
        status = bt_opened_grant_init(&r->grant, settings->grant, settings->key, settings->now_ms,
                                      settings->log);
        r->keys.grant = &r->grant;
    }
    if (status)
        bauta_restorer_free(&r);
    *restorer = r;
    return status;
}

void bauta_restorer_free(struct bauta_restorer **restorer)
{
    if (!restorer || !*restorer)
        return;
    struct bauta_restorer *r = *restorer;
    bt_reader_keys_clear(&r->keys);
    bt_opened_grant_clear(&r->grant);
    bt_object_readers_clear(&r->readers);
    bt_collected_clear(&r->collected);
    bt_frame_clear(&r->frame);
    for (int i = 0; i < BT_MAX_REGIONS; i++)
        bt_frame_clear(&r->opened[i].frame);
    free(r);
    *restorer = NULL;
}

void bauta_restorer_tell_time(struct bauta_restorer *r, uint64_t now_ms)
{
    if (!r || r->expired || r->expires_ms == 0 || now_ms < r->expires_ms)
        return;
    r->expired = true;
    bt_log(r->settings.log, BAUTA_LOG_WARNING, "the grant has expired: nothing more is shown");
}

/* What all stream messages say of keys; a damaged one is passed: the next epoch brings another. */
static enum bauta_status learn(struct bauta_restorer *r, const struct bt_contents *c)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < c->n_messages && status != BAUTA_ERR_MEMORY; i++) {
        struct bt_stream_message stream;
        if (c->messages[i].type == BT_MESSAGE_STREAM &&
            !bt_stream_message_parse(&stream, c->messages[i].bytes))
            status = bt_reader_keys_learn(&r->keys, &stream);
    }
    return status == BAUTA_ERR_MEMORY ? status : BAUTA_OK;
}

static enum bauta_status collect_picture(struct bauta_restorer *r, struct bauta_bytes message,
                                         struct bauta_bytes au, int64_t pts)
{
    struct bt_collected *picture = NULL;
    enum bauta_status status = bt_collected_new(&picture, message, pts);
    if (!status && picture) { /* one that is too large is as good as none */
        uint8_t hash[BT_SLICES_HASH];
        enum bauta_status hashed = bt_messages_hash_slices(hash, r->settings.codec, au);
        picture->changed =
            hashed || memcmp(hash, picture->message.head.slices_hash, sizeof(hash)) != 0;
        bt_collected_push(&r->collected, picture);
        picture = NULL;
    }
    bt_collected_free(&picture);
    return status;
}

enum bauta_status bauta_restorer_collect(struct bauta_restorer *r, struct bauta_bytes au,
                                         int64_t pts)
{
    if (!r || (au.size && !au.data))
        return BAUTA_ERR_ARGUMENT;
    struct bt_contents c;
    enum bauta_status status = bt_contents_read(&c, r->settings.codec, au);
    if (status == BAUTA_ERR_FORMAT) /* damaged bytes: what was read of them counts */
        status = BAUTA_OK;
    if (!status)
        status = learn(r, &c);
    if (!status && c.picture >= 0)
        status = collect_picture(r, c.messages[c.picture].bytes, au, pts);
    bt_contents_clear(&c);
    return status;
}

static bool wanted(const struct bauta_restorer *r, const struct bauta_region *region)
{
    if (!(r->settings.classes & 1u << region->class_))
        return false;
    if (!r->settings.targets)
        return true;
    for (int i = 0; i < r->settings.n_targets; i++)
        if (r->settings.targets[i] == region->target)
            return true;
    return false;
}

/* Opens one capsule and decodes its object into opened[index]. */
static enum bauta_status open_region(struct bauta_restorer *r, struct bt_reader_key *stream,
                                     const struct bt_picture_message *m, int index)
{
    const struct bauta_region *region = &m->head.plan.regions[index];
    if (m->capsules[index].size == 0)
        return BAUTA_ERR_NOT_FOUND;
    struct bt_seal_context context = {NULL, stream->stream_id, m->head.picture, m->head_bytes};
    struct bt_record record = {{0}};
    uint8_t key[BT_KEY_SIZE];
    enum bauta_status status = bt_reader_key_target(
        key, stream, &(struct bt_key_place){m->head.epoch, region->class_, region->target});
    if (!status)
        status = bt_capsule_open_with(&record, m->capsules[index], &context, key);
    bauta_wipe(key, sizeof(key));
    if (!status) {
        struct bt_object_name name = {.target = region->target, .class_ = region->class_};
        memcpy(name.stream_tag, m->head.stream_tag, BT_STREAM_TAG);
        struct bt_place place = {m->head.epoch, m->head.picture};
        status = bt_object_readers_read(&r->readers, &r->opened[index], &name, place, &record,
                                        region->rect, bt_codec_of_wire(stream->object_codec));
    }
    bt_record_clear(&record);
    return status;
}

static enum bauta_reveal_state state_of(enum bauta_status status)
{
    if (status == BAUTA_OK)
        return BAUTA_REVEAL_SHOWN;
    if (status == BAUTA_ERR_DENIED)
        return BAUTA_REVEAL_DENIED;
    return status == BAUTA_ERR_NOT_FOUND ? BAUTA_REVEAL_MISSING : BAUTA_REVEAL_BROKEN;
}

/* Opens whatever is wanted of a picture; `states` has a place for each region. */
static enum bauta_status open_picture(struct bauta_restorer *r, const struct bt_picture_message *m,
                                      enum bauta_reveal_state *states)
{
    struct bt_reader_key *stream = bt_reader_keys_find(&r->keys, m->head.stream_tag);
    bt_object_readers_begin(&r->readers, r->frame.picture.width, r->frame.picture.height);
    for (int i = 0; i < m->head.plan.n_regions; i++) {
        r->opened[i].open = false;
        if (!wanted(r, &m->head.plan.regions[i])) {
            states[i] = BAUTA_REVEAL_UNWANTED;
            continue;
        }
        enum bauta_status status = stream ? open_region(r, stream, m, i) : BAUTA_ERR_NOT_FOUND;
        if (r->expired && status == BAUTA_OK)
            status = BAUTA_ERR_DENIED;
        if (status == BAUTA_ERR_MEMORY)
            return status;
        states[i] = state_of(status);
        r->opened[i].open = status == BAUTA_OK;
    }
    return BAUTA_OK;
}

static uint64_t absent_of(const struct met_epoch *e)
{
    return e->end > e->n ? e->end - e->n : 0; /* an epoch can stand there twice */
}

static void note_met(struct bauta_restorer *r, const struct bt_picture_head *head)
{
    struct met_epoch *e = NULL;
    for (int i = 0; i < r->n_met && !e; i++)
        if (r->met[i].epoch == head->epoch &&
            memcmp(r->met[i].stream_tag, head->stream_tag, BT_STREAM_TAG) == 0)
            e = &r->met[i];
    if (!e && r->n_met == MET_EPOCHS) {
        r->n_absent += absent_of(&r->met[0]);
        memmove(&r->met[0], &r->met[1], sizeof(r->met) - sizeof(r->met[0]));
        r->n_met--;
    }
    if (!e) {
        e = &r->met[r->n_met++];
        *e = (struct met_epoch){.epoch = head->epoch};
        memcpy(e->stream_tag, head->stream_tag, BT_STREAM_TAG);
    }
    e->n++;
    if (head->picture >= e->end)
        e->end = (uint64_t)head->picture + 1;
}

uint64_t bt_restorer_absent(const struct bauta_restorer *r)
{
    uint64_t n = r->n_absent;
    for (int i = 0; i < r->n_met; i++)
        n += absent_of(&r->met[i]);
    return n;
}

/* Pictures that the base decoder lost still move their objects on. */
static enum bauta_status follow_lost_pictures(struct bauta_restorer *r,
                                              const struct bt_collected *until)
{
    struct bt_collected *lost;
    enum bauta_status status = BAUTA_OK;
    while (!status && (lost = bt_collected_take_before(&r->collected, until))) {
        enum bauta_reveal_state states[BT_MAX_REGIONS];
        note_met(r, &lost->message.head);
        status = open_picture(r, &lost->message, states);
        bt_collected_free(&lost);
    }
    return status;
}

static enum bauta_status worst(const struct bauta_reveal_report *report)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < report->n_regions; i++) {
        if (report->states[i] == BAUTA_REVEAL_BROKEN)
            return BAUTA_ERR_TAMPERED;
        if (report->states[i] == BAUTA_REVEAL_DENIED)
            status = BAUTA_ERR_DENIED;
        else if (report->states[i] == BAUTA_REVEAL_MISSING && !status)
            status = BAUTA_ERR_NOT_FOUND;
    }
    return status;
}

/* Before anything is decoded. */
static bool plan_fits(const struct bt_plan *plan, const struct bauta_picture *picture)
{
    struct bauta_rect whole = {0, 0, picture->width, picture->height};
    for (int i = 0; i < plan->n_regions; i++)
        if (!bt_rect_contains(whole, plan->regions[i].rect))
            return false;
    return bt_plan_is_bounded(plan, picture->width, picture->height);
}

/* An opened window must lie in the picture, or it would be painted outside it. */
static void close_those_outside(struct bauta_restorer *r, struct bauta_reveal_report *report,
                                const struct bauta_picture *picture)
{
    struct bauta_rect whole = {0, 0, picture->width, picture->height};
    for (int i = 0; i < report->n_regions; i++) {
        if (!r->opened[i].open || bt_rect_contains(whole, r->opened[i].window))
            continue;
        r->opened[i].open = false;
        report->states[i] = BAUTA_REVEAL_BROKEN;
    }
}

static enum bauta_status reveal(struct bauta_restorer *r, struct bauta_reveal_report *report,
                                struct bt_revealed *revealed, const struct bt_masked *masked,
                                const struct bt_picture_message *m, bool show)
{
    const struct bt_plan *plan = &m->head.plan;
    report->n_regions = plan->n_regions;
    memcpy(report->regions, plan->regions, (size_t)plan->n_regions * sizeof(plan->regions[0]));
    if (!plan_fits(plan, &masked->picture)) {
        for (int i = 0; i < plan->n_regions; i++)
            report->states[i] = BAUTA_REVEAL_BROKEN;
        return BAUTA_ERR_TAMPERED;
    }
    enum bauta_status status = open_picture(r, m, report->states);
    if (status) {
        report->n_regions = 0;
        return status;
    }
    close_those_outside(r, report, &masked->picture);
    if (!show)
        for (int i = 0; i < plan->n_regions; i++) {
            r->opened[i].open = false;
            report->states[i] = BAUTA_REVEAL_UNWANTED;
        }
    bt_reveal_compose(revealed, &r->frame, masked, plan, r->opened);
    return worst(report);
}

static void name_stream(const struct bauta_restorer *r, uint8_t id[BAUTA_STREAM_ID_SIZE],
                        const uint8_t tag[BT_STREAM_TAG])
{
    const struct bt_reader_key *stream = bt_reader_keys_find(&r->keys, tag);
    memcpy(id, tag, BT_STREAM_TAG);
    if (stream)
        memcpy(id, stream->stream_id, BAUTA_STREAM_ID_SIZE);
}

enum bauta_status bt_restorer_reveal(struct bauta_restorer *r, struct bauta_reveal_report *report,
                                     struct bt_revealed *revealed, const struct bt_masked *masked,
                                     int64_t pts, bool show)
{
    memset(report, 0, sizeof(*report));
    *revealed = (struct bt_revealed){{0}};
    const struct bauta_picture *p = &masked->picture;
    enum bauta_status status = BAUTA_OK;
    if (r->frame.picture.width != p->width || r->frame.picture.height != p->height) {
        bt_frame_clear(&r->frame);
        status = bt_frame_init(&r->frame, p->width, p->height);
    }
    if (status)
        return status == BAUTA_ERR_LIMIT ? BAUTA_ERR_ARGUMENT : status;
    bt_picture_copy(&r->frame.picture, p);
    revealed->picture = r->frame.picture;

    struct bt_collected *c = bt_collected_take(&r->collected, pts);
    if (!c)
        return BAUTA_ERR_NOT_FOUND;
    report->protected_ = true;
    report->changed = c->changed;
    name_stream(r, report->stream_id, c->message.head.stream_tag);
    note_met(r, &c->message.head);
    status = follow_lost_pictures(r, c);
    if (!status)
        status = reveal(r, report, revealed, masked, &c->message, show);
    bt_collected_free(&c);
    return status;
}

enum bauta_status bauta_restorer_reveal(struct bauta_restorer *r,
                                        struct bauta_reveal_report *report,
                                        struct bauta_picture *picture, int64_t pts)
{
    if (!r || !report || bt_picture_check(picture))
        return BAUTA_ERR_ARGUMENT;
    struct bt_masked masked = {*picture};
    struct bt_revealed revealed;
    enum bauta_status status = bt_restorer_reveal(r, report, &revealed, &masked, pts, true);
    if (revealed.picture.width)
        bt_picture_copy(picture, &revealed.picture);
    return status;
}

bool bauta_restorer_stream_id(const struct bauta_restorer *r,
                              uint8_t stream_id[BAUTA_STREAM_ID_SIZE])
{
    if (r->keys.n_items)
        memcpy(stream_id, r->keys.items[0].stream_id, BAUTA_STREAM_ID_SIZE);
    return r->keys.n_items > 0;
}
