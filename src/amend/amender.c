/* SPDX-License-Identifier: Apache-2.0 */
#include "amend/amender.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "recovery/contents.h"
#include "recovery/manifest.h"
#include "recovery/messages.h"

void bt_amender_init(struct bt_amender *a, const struct bauta_amend_settings *settings,
                     struct bauta_amend_result *result, enum bauta_codec codec)
{
    *a = (struct bt_amender){.settings = settings, .codec = codec, .result = result};
}

void bt_amender_clear(struct bt_amender *a)
{
    for (size_t i = 0; i < a->n_epochs; i++) {
        bt_buffer_clear(&a->epochs[i].slices);
        bt_buffer_clear(&a->epochs[i].manifest);
        bt_buffer_clear(&a->epochs[i].erased);
        bt_buffer_clear(&a->epochs[i].amendments[0]);
        bt_buffer_clear(&a->epochs[i].amendments[1]);
    }
    free(a->epochs);
    free(a->streams);
    bt_met_people_clear(&a->erased);
    *a = (struct bt_amender){.settings = NULL};
}

/* One access unit, and what stays of it: copies of messages, since they change. */
struct unit {
    struct bt_amender *amender;
    struct bt_contents found;
    struct bt_buffer *items; /* room for as many as were found */
    int n_items;
    int stream_item, picture; /* which items are its own, -1 if none */
    int stream;               /* that, unless it only says once more what was said; then -1 */
    struct bt_picture_message picture_message; /* views into its item */
    struct bt_picture_message copy;            /* the one at hand, if it is not its own */
    uint64_t n_copies, copy_bytes;  /* capsules to be erased that go with their message */
    uint64_t n_envelopes, n_unread; /* the same of envelopes, and of what nobody reads */
};

static bool is_asked_for(const struct bauta_amend_settings *s, const struct bauta_region *region)
{
    bool target = s->targets == NULL;
    for (int i = 0; i < s->n_targets; i++)
        target |= s->targets[i] == region->target;
    return target && (s->classes & 1u << region->class_);
}

/* Whether a message stays as it is or changed. Where something is erased only what can be read. */
static bool stays(const struct bt_amender *a, const struct bt_message *message, bool own)
{
    struct bt_manifest manifest;
    struct bt_amendment amendment;
    switch (message->type) {
    case BT_MESSAGE_STREAM:
        return own;
    case BT_MESSAGE_PICTURE:
        return own || !a->settings->erase;
    case BT_MESSAGE_MANIFEST:
        return !a->settings->erase || !bt_manifest_parse(&manifest, message->bytes);
    case BT_MESSAGE_AMENDMENT:
        return !a->settings->erase || !bt_amendment_parse(&amendment, message->bytes);
    default:
        return !a->settings->erase;
    }
}

/* Counts what goes with a message that does not stay. */
static enum bauta_status note_left_out(struct unit *c, const struct bt_message *message)
{
    struct bt_stream_message stream;
    enum bauta_status status = BAUTA_OK;
    if (message->type == BT_MESSAGE_STREAM) {
        if (!bt_stream_message_parse(&stream, message->bytes))
            c->n_envelopes += (uint64_t)stream.n_envelopes;
        return BAUTA_OK;
    }
    if (message->type != BT_MESSAGE_PICTURE || bt_picture_message_parse(&c->copy, message->bytes)) {
        c->n_unread++;
        return BAUTA_OK;
    }
    for (int i = 0; i < c->copy.head.plan.n_regions && !status; i++) {
        const struct bauta_region *region = &c->copy.head.plan.regions[i];
        if (c->copy.capsules[i].size == 0 || !is_asked_for(c->amender->settings, region))
            continue;
        c->n_copies++;
        c->copy_bytes += c->copy.capsules[i].size;
        status = bt_amender_note_erased(c->amender, c->copy.head.stream_tag, region->target);
    }
    return status;
}

static enum bauta_status keep(struct unit *c, int number)
{
    const struct bt_message *message = &c->found.messages[number];
    if (message->bytes.size == 0)
        return BAUTA_OK;
    if (!stays(c->amender, message, bt_contents_is_own(&c->found, number)))
        return note_left_out(c, message);
    struct bt_buffer *item = &c->items[c->n_items++];
    bt_buffer_append(item, message->bytes);
    enum bauta_status status = bt_buffer_status(item);
    if (!status && number == c->found.stream)
        c->stream = c->stream_item = c->n_items - 1;
    if (!status && number == c->found.picture) {
        c->picture = c->n_items - 1;
        status = bt_picture_message_parse(&c->picture_message, bt_buffer_view(item));
    }
    return status;
}

static enum bauta_status read_unit(struct unit *c, struct bt_amender *a, struct bauta_bytes au)
{
    memset(c, 0, sizeof(*c));
    c->amender = a;
    c->stream = c->stream_item = c->picture = -1;
    enum bauta_status status = bt_contents_read(&c->found, a->codec, au);
    if (status == BAUTA_ERR_FORMAT)
        status = BAUTA_OK;
    if (!status && c->found.n_messages) {
        c->items = calloc((size_t)c->found.n_messages, sizeof(*c->items));
        status = c->items ? BAUTA_OK : BAUTA_ERR_MEMORY;
    }
    for (int i = 0; i < c->found.n_messages && !status; i++)
        status = keep(c, i);
    return status;
}

static void clear_unit(struct unit *c)
{
    for (int i = 0; i < c->n_items; i++)
        bt_buffer_clear(&c->items[i]);
    free(c->items);
    bt_contents_clear(&c->found);
}

static struct bt_amended_epoch *add_epoch(struct bt_amender *a, double time_s)
{
    if (!bt_array_grow(&a->epochs, sizeof(*a->epochs), a->n_epochs, &a->n_allocated))
        return NULL;
    struct bt_amended_epoch *e = &a->epochs[a->n_epochs++];
    *e = (struct bt_amended_epoch){.first_s = time_s, .last_s = time_s};
    return e;
}

static enum bauta_status note_stream(struct bt_amender *a, const struct bt_stream_message *m)
{
    if (bt_amender_stream(a, m->stream_id))
        return BAUTA_OK;
    void *streams = realloc(a->streams, (size_t)(a->n_streams + 1) * sizeof(*a->streams));
    if (!streams)
        return BAUTA_ERR_MEMORY;
    a->streams = streams;
    a->streams[a->n_streams++] = (struct bt_amended_stream){.message = *m};
    return BAUTA_OK;
}

/* Notes an access unit, and the digests of what is to be erased in it, should its epoch be chosen.
 */
static enum bauta_status note_unit(struct bt_amender *a, struct bt_amended_epoch *e,
                                   const struct bt_picture_message *m, struct bauta_bytes au)
{
    uint8_t slices[BT_SLICES_HASH] = {0};
    enum bauta_status status = bt_messages_hash_slices(slices, a->codec, au);
    if (status == BAUTA_ERR_FORMAT)
        status = BAUTA_OK;
    bt_buffer_append(&e->slices, (struct bauta_bytes){slices, sizeof(slices)});
    for (int i = 0; m && a->settings->erase && i < m->head.plan.n_regions && !status; i++) {
        uint8_t digest[BT_DIGEST_SIZE];
        const struct bauta_region *region = &m->head.plan.regions[i];
        const bool asked_for = is_asked_for(a->settings, region);
        e->n_whole +=
            m->capsules[i].size && !asked_for && region->target == BAUTA_TARGET_WHOLE_PICTURE;
        if (m->capsules[i].size == 0 || !asked_for)
            continue;
        status = bt_digest(digest, m->capsules[i]);
        bt_amendment_put_erased(&e->erased, e->n_units, i, digest);
    }
    e->n_units++;
    e->slices.failed |= e->erased.failed;
    return status ? status : bt_buffer_status(&e->slices);
}

/* A manifest stands in the last access unit of its epoch, or in the first of the next. */
static enum bauta_status note_manifests(struct bt_amender *a, const struct unit *c)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < c->found.n_messages && !status; i++) {
        struct bt_manifest m;
        const struct bauta_bytes bytes = c->found.messages[i].bytes;
        if (c->found.messages[i].type != BT_MESSAGE_MANIFEST || bt_manifest_parse(&m, bytes))
            continue;
        for (size_t back = 1; back <= 2 && back <= a->n_epochs; back++) {
            struct bt_amended_epoch *e = &a->epochs[a->n_epochs - back];
            if (e->manifest.size || m.epoch != e->epoch ||
                memcmp(m.stream_id, e->stream_id, sizeof(m.stream_id)) != 0)
                continue;
            bt_buffer_append(&e->manifest, bytes);
            status = bt_buffer_status(&e->manifest);
            break;
        }
    }
    return status;
}

/* Whether a unit begins another epoch than `e`, which may be NULL: its stream message may only say
 * once more what that of `e` said, and is then not its own. */
static bool begins(struct unit *c, const struct bt_amended_epoch *e)
{
    const struct bt_stream_message *m = &c->found.stream_message;
    bool first = c->picture >= 0 && c->picture_message.head.picture == 0;
    if (c->stream >= 0 && !first && e && e->has_stream_message && e->epoch == m->epoch &&
        memcmp(e->stream_id, m->stream_id, sizeof(m->stream_id)) == 0)
        c->stream = -1;
    return !e || c->stream >= 0;
}

static enum bauta_status study(struct bt_amender *a, struct unit *c, struct bauta_bytes au,
                               double time_s)
{
    struct bt_amended_epoch *e = a->n_epochs ? &a->epochs[a->n_epochs - 1] : NULL;
    a->n_copies += c->n_copies;
    a->n_unread += c->n_unread;
    if (!c->found.is_picture)
        return note_manifests(a, c);
    const bool another = begins(c, e);
    enum bauta_status status = c->stream >= 0 ? note_stream(a, &c->found.stream_message) : BAUTA_OK;
    if (status)
        return status;
    if (another)
        e = add_epoch(a, time_s);
    if (!e)
        return BAUTA_ERR_MEMORY;
    if (c->stream >= 0) {
        e->has_stream_message = true;
        e->epoch = c->found.stream_message.epoch;
        memcpy(e->stream_id, c->found.stream_message.stream_id, BAUTA_STREAM_ID_SIZE);
    }
    e->first_s = fmin(e->first_s, time_s);
    e->last_s = fmax(e->last_s, time_s);
    status = note_unit(a, e, c->picture >= 0 ? &c->picture_message : NULL, au);
    return status ? status : note_manifests(a, c);
}

enum bauta_status bt_amender_study(struct bt_amender *a, struct bauta_bytes au, double time_s)
{
    struct unit *c = malloc(sizeof(*c));
    if (!c)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = read_unit(c, a, au);
    if (!status)
        status = study(a, c, au, bt_messages_time(time_s));
    clear_unit(c);
    free(c);
    return status;
}

/* A picture message without the capsules that are to go. */
static enum bauta_status write_picture(struct bt_amender *a, struct bt_buffer *out,
                                       const struct bt_picture_message *m)
{
    enum bauta_status status = BAUTA_OK;
    bt_buffer_append(out, m->head_bytes);
    for (int i = 0; i < m->head.plan.n_regions && !status; i++) {
        const struct bauta_region *region = &m->head.plan.regions[i];
        struct bauta_bytes capsule = m->capsules[i];
        if (capsule.size && is_asked_for(a->settings, region)) {
            a->result->n_capsules++;
            a->result->capsule_bytes += capsule.size;
            capsule.size = 0;
            status = bt_amender_note_erased(a, m->head.stream_tag, region->target);
        }
        bt_buffer_put_vlq(out, (uint32_t)capsule.size);
        bt_buffer_append(out, capsule);
    }
    return status ? status : bt_buffer_status(out);
}

static enum bauta_status change(struct bt_amender *a, struct unit *c,
                                const struct bt_amended_epoch *e)
{
    struct bt_buffer changed = {0};
    enum bauta_status status = BAUTA_OK;
    if (c->stream >= 0) {
        status = bt_amender_write_stream(&changed, a, &c->found.stream_message);
        if (!status) {
            bt_buffer_clear(&c->items[c->stream]);
            c->items[c->stream] = changed;
        }
        changed = (struct bt_buffer){0};
    }
    if (!status && c->picture >= 0 && e->chosen) {
        status = write_picture(a, &changed, &c->picture_message);
        if (!status) {
            bt_buffer_clear(&c->items[c->picture]);
            c->items[c->picture] = changed;
            changed = (struct bt_buffer){0};
        }
    }
    bt_buffer_clear(&changed);
    return status;
}

/* What is gone from the file with this access unit. */
static void count(struct bt_amender *a, const struct unit *c)
{
    struct bauta_amend_result *result = a->result;
    if (a->settings->erase) {
        result->n_capsules += c->n_copies;
        result->capsule_bytes += c->copy_bytes;
        result->n_unread += c->n_unread;
    }
    if (a->settings->erase_envelopes) {
        result->n_envelopes += c->n_envelopes;
        if (c->found.stream >= 0)
            result->n_envelopes += (uint64_t)c->found.stream_message.n_envelopes;
    }
}

static enum bauta_status rewrite(struct bt_amender *a, struct bt_buffer *out, struct unit *c,
                                 const struct bt_amended_epoch *e, struct bauta_bytes au)
{
    int n_messages = 0;
    enum bauta_status status = change(a, c, e);
    if (status)
        return status;
    struct bauta_bytes *messages = malloc(((size_t)c->n_items + 2) * sizeof(*messages));
    if (!messages)
        return BAUTA_ERR_MEMORY;
    for (int i = 0; i < c->n_items; i++) /* a stream message that is said once more goes */
        if (i != c->stream_item || i == c->stream)
            messages[n_messages++] = bt_buffer_view(&c->items[i]);
    for (int i = 0; i < 2; i++)
        if (c->stream >= 0 && e->amendments[i].size)
            messages[n_messages++] = bt_buffer_view(&e->amendments[i]);
    a->result->n_pictures++;
    status = bt_messages_replace(out, a->settings->erase ? &a->result->n_unread : NULL, a->codec,
                                 au, messages, n_messages);
    free(messages);
    return status;
}

/* The access unit without messages, or one that has no place for them. */
static enum bauta_status clean(struct bt_amender *a, struct bt_buffer *out, struct bauta_bytes au)
{
    return bt_messages_replace(out, a->settings->erase ? &a->result->n_unread : NULL, a->codec, au,
                               NULL, 0);
}

enum bauta_status bt_amender_rewrite(struct bt_amender *a, struct bt_buffer *out,
                                     struct bauta_bytes au)
{
    struct unit *c = malloc(sizeof(*c));
    if (!c)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = read_unit(c, a, au);
    const bool is_picture = c->found.is_picture;
    if (!status)
        count(a, c);
    if (!status && is_picture && begins(c, a->n_met ? &a->epochs[a->n_met - 1] : NULL))
        a->n_met++;
    if (!status && a->n_met > a->n_epochs) /* the file is not what it was in the first pass */
        status = BAUTA_ERR_IO;
    const bool all_stay = !is_picture && c->n_items == c->found.n_messages;
    if (!status && !a->settings->erase && (c->found.n_messages == 0 || all_stay))
        bt_buffer_append(out, au);
    else if (!status && (c->n_items == 0 || !is_picture))
        status = clean(a, out, au);
    else if (!status)
        status = rewrite(a, out, c, &a->epochs[a->n_met - 1], au);
    clear_unit(c);
    free(c);
    return status ? status : bt_buffer_status(out);
}
