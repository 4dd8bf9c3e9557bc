/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/amender.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/reader.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "engine/messages.h"
#include "recovery/envelope.h"
#include "recovery/manifest.h"

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
        bt_buffer_clear(&a->epochs[i].amendment);
    }
    free(a->epochs);
    free(a->streams);
    *a = (struct bt_amender){.settings = NULL};
}

/* The messages of one access unit: copies, since they change. */
struct contents {
    struct bt_buffer items[64];
    int n_items;
    int stream, picture; /* which are the first that can be read, -1 if none */
    struct bt_stream_message stream_message;
    struct bt_picture_message picture_message; /* views into its item */
};

static enum bauta_status keep(void *user, struct bauta_bytes message)
{
    struct contents *c = user;
    if (c->n_items == 64 || message.size == 0)
        return BAUTA_OK; /* no writer puts so many there: what is past them is left out */
    struct bt_buffer *item = &c->items[c->n_items];
    bt_buffer_append(item, message);
    enum bauta_status status = bt_buffer_status(item);
    if (status)
        return status;
    struct bauta_bytes own = bt_buffer_view(item);
    if (message.data[0] == BT_MESSAGE_STREAM && c->stream < 0 &&
        !bt_stream_message_parse(&c->stream_message, own))
        c->stream = c->n_items;
    if (message.data[0] == BT_MESSAGE_PICTURE && c->picture < 0 &&
        !bt_picture_message_parse(&c->picture_message, own))
        c->picture = c->n_items;
    c->n_items++;
    return BAUTA_OK;
}

static enum bauta_status read_contents(struct contents *c, const struct bt_amender *a,
                                       struct bauta_bytes au)
{
    memset(c, 0, sizeof(*c));
    c->stream = c->picture = -1;
    enum bauta_status status = bt_messages_collect(a->codec, au, NULL, keep, c);
    return status == BAUTA_ERR_FORMAT ? BAUTA_OK : status;
}

static void clear_contents(struct contents *c)
{
    for (int i = 0; i < c->n_items; i++)
        bt_buffer_clear(&c->items[i]);
}

static struct bt_amended_epoch *add_epoch(struct bt_amender *a, double time_s)
{
    if (a->n_epochs == a->n_allocated) {
        size_t more = a->n_allocated ? a->n_allocated * 2 : 64;
        void *epochs = realloc(a->epochs, more * sizeof(*a->epochs));
        if (!epochs)
            return NULL;
        a->epochs = epochs;
        a->n_allocated = more;
    }
    struct bt_amended_epoch *e = &a->epochs[a->n_epochs++];
    *e = (struct bt_amended_epoch){.first_s = time_s, .last_s = time_s};
    return e;
}

static struct bt_amended_stream *find_stream(const struct bt_amender *a,
                                             const uint8_t id[BT_STREAM_ID_SIZE])
{
    for (int i = 0; i < a->n_streams; i++)
        if (memcmp(a->streams[i].message.stream_id, id, BT_STREAM_ID_SIZE) == 0)
            return &a->streams[i];
    return NULL;
}

static enum bauta_status note_stream(struct bt_amender *a, const struct bt_stream_message *m)
{
    if (find_stream(a, m->stream_id))
        return BAUTA_OK;
    void *streams = realloc(a->streams, (size_t)(a->n_streams + 1) * sizeof(*a->streams));
    if (!streams)
        return BAUTA_ERR_MEMORY;
    a->streams = streams;
    a->streams[a->n_streams++] = (struct bt_amended_stream){.message = *m};
    return BAUTA_OK;
}

static bool is_asked_for(const struct bauta_amend_settings *s, const struct bauta_region *region)
{
    bool target = s->targets == NULL;
    for (int i = 0; i < s->n_targets; i++)
        target |= s->targets[i] == region->target;
    return target && (s->classes & 1u << region->class_);
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
        if (m->capsules[i].size == 0 || !is_asked_for(a->settings, &m->head.plan.regions[i]))
            continue;
        status = bt_digest(digest, m->capsules[i]);
        bt_amendment_put_erased(&e->erased, e->n_units, i, digest);
    }
    e->n_units++;
    e->slices.failed |= e->erased.failed;
    return status ? status : bt_buffer_status(&e->slices);
}

/* A manifest stands in the last access unit of its epoch, or in the first of the next. */
static enum bauta_status note_manifests(struct bt_amender *a, const struct contents *c)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < c->n_items && !status; i++) {
        struct bt_manifest m;
        struct bauta_bytes bytes = bt_buffer_view(&c->items[i]);
        if (bytes.data[0] != BT_MESSAGE_MANIFEST || bt_manifest_parse(&m, bytes))
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

static enum bauta_status study(struct bt_amender *a, const struct contents *c,
                               struct bauta_bytes au, double time_s)
{
    struct bt_amended_epoch *e = a->n_epochs ? &a->epochs[a->n_epochs - 1] : NULL;
    enum bauta_status status = c->stream >= 0 ? note_stream(a, &c->stream_message) : BAUTA_OK;
    if (status)
        return status;
    if (!e || c->stream >= 0)
        e = add_epoch(a, time_s);
    if (!e)
        return BAUTA_ERR_MEMORY;
    if (c->stream >= 0) {
        e->has_stream_message = true;
        e->epoch = c->stream_message.epoch;
        memcpy(e->stream_id, c->stream_message.stream_id, BT_STREAM_ID_SIZE);
    }
    e->first_s = fmin(e->first_s, time_s);
    e->last_s = fmax(e->last_s, time_s);
    status = note_unit(a, e, c->picture >= 0 ? &c->picture_message : NULL, au);
    return status ? status : note_manifests(a, c);
}

enum bauta_status bt_amender_study(struct bt_amender *a, struct bauta_bytes au, double time_s)
{
    struct contents *c = malloc(sizeof(*c));
    if (!c)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = read_contents(c, a, au);
    if (!status)
        status = study(a, c, au, time_s);
    clear_contents(c);
    free(c);
    return status;
}

/* Takes the envelopes with this key id away. */
static void remove_id(struct bt_amended_stream *stream, const uint8_t id[BT_KEY_ID_SIZE])
{
    struct bt_stream_message *m = &stream->message;
    int n = 0;
    for (int i = 0; i < m->n_envelopes; i++)
        if (memcmp(m->envelopes[i].key_id, id, BT_KEY_ID_SIZE) != 0)
            m->envelopes[n++] = m->envelopes[i];
    stream->changes |= n != m->n_envelopes;
    m->n_envelopes = n;
}

static enum bauta_status remove_group(struct bt_amended_stream *stream,
                                      const struct bauta_group *group)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < group->n_members && !status; i++) {
        uint8_t id[BT_KEY_ID_SIZE];
        status = bt_envelope_member_id(id, group, i);
        if (!status)
            remove_id(stream, id);
    }
    return status;
}

static enum bauta_status remove_all(const struct bauta_amend_settings *s,
                                    struct bt_amended_stream *stream)
{
    enum bauta_status status = BAUTA_OK;
    if (s->erase_envelopes) {
        stream->changes |= stream->message.n_envelopes > 0;
        stream->message.n_envelopes = 0;
    }
    for (int i = 0; i < s->n_remove; i++)
        remove_id(stream, s->remove[i]->id);
    for (int i = 0; i < s->n_remove_groups && !status; i++)
        status = remove_group(stream, s->remove_groups[i]);
    return status;
}

static enum bauta_status open_stream(uint8_t stream_key[32], const struct bt_stream_message *m,
                                     const struct bauta_private_key *key)
{
    struct bt_envelope_place place = {m->stream_id, m->object_codec};
    for (int i = 0; i < m->n_envelopes; i++)
        if (memcmp(m->envelopes[i].key_id, key->id, BT_KEY_ID_SIZE) == 0 &&
            !bt_envelope_open(stream_key, &m->envelopes[i], &place, key))
            return BAUTA_OK;
    return BAUTA_ERR_DENIED;
}

static enum bauta_status add_all(const struct bauta_amend_settings *s,
                                 struct bt_amended_stream *stream, const uint8_t stream_key[32])
{
    struct bt_stream_message *m = &stream->message;
    struct bt_envelope_place place = {m->stream_id, m->object_codec};
    int n = m->n_envelopes + s->n_add;
    for (int i = 0; i < s->n_add_groups; i++)
        n += s->add_groups[i]->n_members;
    if (n > BT_MAX_RECIPIENTS)
        return bt_log_fail(s->log, BAUTA_ERR_LIMIT, "%s: has no room for so many recipients",
                           s->input);
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < s->n_add && !status; i++) {
        remove_id(stream, s->add[i]->id); /* not twice */
        status = bt_envelope_seal(&m->envelopes[m->n_envelopes++], &place, stream_key, s->add[i]);
    }
    for (int i = 0; i < s->n_add_groups && !status; i++) {
        status =
            bt_envelope_split(&m->envelopes[m->n_envelopes], &place, stream_key, s->add_groups[i]);
        m->n_envelopes += s->add_groups[i]->n_members;
    }
    stream->changes = true;
    return status;
}

/* The envelopes that each stream shall have. */
static enum bauta_status plan_streams(struct bt_amender *a)
{
    const struct bauta_amend_settings *s = a->settings;
    uint8_t *stream_key = bt_secret_new(32);
    enum bauta_status status = stream_key ? BAUTA_OK : BAUTA_ERR_MEMORY;
    for (int i = 0; i < a->n_streams && !status; i++) {
        struct bt_amended_stream *stream = &a->streams[i];
        bool adds = s->n_add + s->n_add_groups > 0;
        if (adds && open_stream(stream_key, &stream->message, s->key))
            status = bt_log_fail(
                s->log, BAUTA_ERR_DENIED,
                "%s: this key opens nothing in it: it is not one of its recipients", s->input);
        if (!status)
            status = remove_all(s, stream);
        if (!status && adds)
            status = add_all(s, stream, stream_key);
        a->result->n_streams += stream->changes;
    }
    bt_secret_free(stream_key, 32);
    return status;
}

static bool is_in_time(const struct bauta_amend_settings *s, const struct bt_amended_epoch *e)
{
    return e->last_s >= s->since_s && e->first_s < s->until_s;
}

/* Entries name units by their place in the manifest, which in a file that lost pictures is not that
 * in the file. */
static enum bauta_status translate(struct bt_buffer *out, const struct bt_amended_epoch *e)
{
    struct bt_manifest m;
    if (!e->manifest.size || bt_manifest_parse(&m, bt_buffer_view(&e->manifest))) {
        bt_buffer_append(out, bt_buffer_view(&e->erased));
        return bt_buffer_status(out);
    }
    uint32_t unit = 0, next = 0;
    struct bt_reader r;
    bt_reader_init(&r, bt_buffer_view(&e->erased));
    while (bt_reader_left(&r)) {
        uint32_t position = bt_reader_u32(&r);
        int region = bt_reader_u8(&r);
        struct bauta_bytes digest = bt_reader_take(&r, BT_DIGEST_SIZE);
        for (; unit <= position; unit++) {
            const uint8_t *slices = e->slices.data + (size_t)unit * BT_SLICES_HASH;
            uint32_t at = next;
            while (at < m.n_units && memcmp(m.units.data + (size_t)at * BT_MANIFEST_UNIT, slices,
                                            BT_SLICES_HASH) != 0)
                at++;
            next = at < m.n_units ? at + 1 : next + 1; /* a changed picture keeps its place */
        }
        bt_amendment_put_erased(out, next - 1, region, digest.data);
    }
    return bt_buffer_status(out);
}

static enum bauta_status write_amendment(struct bt_amender *a, struct bt_amended_epoch *e,
                                         enum bt_amendment_kind kind, struct bt_buffer *erased)
{
    const struct bauta_amend_settings *s = a->settings;
    struct bt_amendment m = {.epoch = e->epoch, .kind = kind, .utc_ms = s->utc_ms};
    enum bauta_status status = BAUTA_OK;
    memcpy(m.stream_id, e->stream_id, sizeof(m.stream_id));
    if (s->reason)
        m.reason = (struct bauta_bytes){(const uint8_t *)s->reason, strlen(s->reason)};
    if (e->manifest.size)
        status = bt_hash_bytes(m.manifest, bt_buffer_view(&e->manifest));
    m.erased = bt_buffer_view(erased);
    memcpy(m.recipients, e->recipients, sizeof(m.recipients));
    return status ? status : bt_amendment_write(&e->amendment, &m, s->signing_key);
}

static enum bauta_status plan_erasure(struct bt_amender *a, struct bt_amended_epoch *e)
{
    e->chosen = is_in_time(a->settings, e) && e->erased.size > 0;
    if (!e->chosen)
        return BAUTA_OK;
    a->result->n_epochs++;
    a->result->n_capsules += e->erased.size / BT_ERASED_SIZE;
    struct bt_buffer erased = {0};
    enum bauta_status status = BAUTA_OK;
    if (a->settings->signing_key) {
        status = translate(&erased, e);
        if (!status)
            status = write_amendment(a, e, BT_AMENDMENT_ERASED, &erased);
    }
    bt_buffer_clear(&erased);
    return status;
}

/* The stream message of an epoch with the envelopes that its stream shall have. */
static enum bauta_status write_stream(struct bt_buffer *out, const struct bt_amender *a,
                                      const struct bt_stream_message *was)
{
    const struct bt_amended_stream *stream = find_stream(a, was->stream_id);
    struct bt_stream_message m = stream->message;
    m.epoch = was->epoch;
    m.utc_ms = was->utc_ms;
    bt_stream_message_write(out, &m);
    return bt_buffer_status(out);
}

static enum bauta_status plan_recipients(struct bt_amender *a, struct bt_amended_epoch *e)
{
    const struct bt_amended_stream *stream =
        e->has_stream_message ? find_stream(a, e->stream_id) : NULL;
    if (!stream || !stream->changes)
        return BAUTA_OK;
    a->result->n_epochs++;
    if (!a->settings->signing_key)
        return BAUTA_OK;
    struct bt_buffer message = {0}, nothing = {0};
    uint8_t head[BT_DIGEST_SIZE];
    enum bauta_status status = write_stream(&message, a, &stream->message);
    if (!status)
        status = bt_digest_stream(head, e->recipients, bt_buffer_view(&message));
    if (!status)
        status = write_amendment(a, e, BT_AMENDMENT_RECIPIENTS, &nothing);
    bt_buffer_clear(&message);
    return status;
}

enum bauta_status bt_amender_plan(struct bt_amender *a)
{
    const struct bauta_amend_settings *s = a->settings;
    if (a->n_streams == 0)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: holds no recovery data: it was not protected by Bauta, or the data "
                           "were removed",
                           s->input);
    memcpy(a->result->stream_id, a->streams[0].message.stream_id, sizeof(a->result->stream_id));
    enum bauta_status status = plan_streams(a);
    for (size_t i = 0; i < a->n_epochs && !status; i++)
        status = (s->erase ? plan_erasure : plan_recipients)(a, &a->epochs[i]);
    if (!status && a->result->n_epochs == 0)
        status = bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND, "%s: %s", s->input,
                             s->erase ? "nothing that is to be erased is in it"
                                      : "its recipients are not changed by this");
    return status;
}

/* A picture message without the capsules that are to go. */
static enum bauta_status write_picture(struct bt_amender *a, struct bt_buffer *out,
                                       const struct bt_picture_message *m)
{
    bt_buffer_append(out, m->head_bytes);
    for (int i = 0; i < m->head.plan.n_regions; i++) {
        struct bauta_bytes capsule = m->capsules[i];
        if (capsule.size && is_asked_for(a->settings, &m->head.plan.regions[i])) {
            a->result->capsule_bytes += capsule.size;
            capsule.size = 0;
        }
        bt_buffer_put_vlq(out, (uint32_t)capsule.size);
        bt_buffer_append(out, capsule);
    }
    return bt_buffer_status(out);
}

static enum bauta_status change(struct bt_amender *a, struct contents *c,
                                const struct bt_amended_epoch *e)
{
    struct bt_buffer changed = {0};
    enum bauta_status status = BAUTA_OK;
    if (c->stream >= 0) {
        status = write_stream(&changed, a, &c->stream_message);
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

/* Whether a message stays: of those that are to change only those that were read. */
static bool stays(const struct bt_amender *a, const struct contents *c, int index)
{
    unsigned type = c->items[index].data[0];
    if (type == BT_MESSAGE_PICTURE && a->settings->erase)
        return index == c->picture;
    return type != BT_MESSAGE_STREAM || index == c->stream;
}

static enum bauta_status rewrite(struct bt_amender *a, struct bt_buffer *out, struct contents *c,
                                 const struct bt_amended_epoch *e, struct bauta_bytes au)
{
    struct bauta_bytes messages[65];
    int n_messages = 0;
    enum bauta_status status = change(a, c, e);
    if (status)
        return status;
    for (int i = 0; i < c->n_items; i++)
        if (stays(a, c, i))
            messages[n_messages++] = bt_buffer_view(&c->items[i]);
    if (c->stream >= 0 && e->amendment.size)
        messages[n_messages++] = bt_buffer_view(&e->amendment);
    a->result->n_pictures++;
    status = bt_messages_replace(out, a->codec, au, messages, n_messages);
    if (status == BAUTA_ERR_FORMAT) /* without slices there is no place for messages */
        status = bt_messages_replace(out, a->codec, au, NULL, 0);
    return status;
}

enum bauta_status bt_amender_rewrite(struct bt_amender *a, struct bt_buffer *out,
                                     struct bauta_bytes au)
{
    struct contents *c = malloc(sizeof(*c));
    if (!c)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = read_contents(c, a, au);
    if (!status && (a->n_met == 0 || c->stream >= 0))
        a->n_met++;
    if (!status && a->n_met > a->n_epochs) /* the file is not what it was in the first pass */
        status = BAUTA_ERR_IO;
    if (!status && c->n_items == 0)
        bt_buffer_append(out, au);
    else if (!status)
        status = rewrite(a, out, c, &a->epochs[a->n_met - 1], au);
    clear_contents(c);
    free(c);
    return status ? status : bt_buffer_status(out);
}
