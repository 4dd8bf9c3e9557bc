/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <string.h>

#include "amend/amender.h"
#include "base/log.h"
#include "base/reader.h"
#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "recovery/envelope.h"
#include "recovery/manifest.h"

struct bt_amended_stream *bt_amender_stream(const struct bt_amender *a,
                                            const uint8_t id[BAUTA_STREAM_ID_SIZE])
{
    for (int i = 0; i < a->n_streams; i++)
        if (memcmp(a->streams[i].message.stream_id, id, BAUTA_STREAM_ID_SIZE) == 0)
            return &a->streams[i];
    return NULL;
}

enum bauta_status bt_amender_note_erased(struct bt_amender *a, const uint8_t tag[BT_STREAM_TAG],
                                         uint32_t target)
{
    uint8_t id[BAUTA_STREAM_ID_SIZE] = {0}; /* of a stream whose head is missing: what is known */
    if (!a->settings->targets || !a->rewrites)
        return BAUTA_OK;
    memcpy(id, tag, BT_STREAM_TAG);
    for (int i = 0; i < a->n_streams; i++)
        if (memcmp(a->streams[i].message.stream_id, tag, BT_STREAM_TAG) == 0)
            memcpy(id, a->streams[i].message.stream_id, sizeof(id));
    return bt_met_people_note(&a->erased, id, target, 1);
}

/* Takes the envelopes with this key id away. */
static void remove_id(struct bt_amended_stream *stream, const uint8_t id[BAUTA_KEY_ID_SIZE])
{
    struct bt_stream_message *m = &stream->message;
    int n = 0;
    for (int i = 0; i < m->n_envelopes; i++)
        if (memcmp(m->envelopes[i].key_id, id, BAUTA_KEY_ID_SIZE) != 0)
            m->envelopes[n++] = m->envelopes[i];
    stream->changes |= n != m->n_envelopes;
    m->n_envelopes = n;
}

static enum bauta_status remove_group(struct bt_amended_stream *stream,
                                      const struct bauta_group *group)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < group->n_members && !status; i++) {
        uint8_t id[BAUTA_KEY_ID_SIZE];
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

static enum bauta_status open_stream(uint8_t stream_key[BT_KEY_SIZE],
                                     const struct bt_stream_message *m,
                                     const struct bauta_private_key *key)
{
    struct bt_envelope_place place = {m->stream_id, m->object_codec};
    for (int i = 0; i < m->n_envelopes; i++)
        if (memcmp(m->envelopes[i].key_id, key->id, BAUTA_KEY_ID_SIZE) == 0 &&
            !bt_envelope_open(stream_key, &m->envelopes[i], &place, key))
            return BAUTA_OK;
    return BAUTA_ERR_DENIED;
}

static enum bauta_status add_all(const struct bauta_amend_settings *s,
                                 struct bt_amended_stream *stream,
                                 const uint8_t stream_key[BT_KEY_SIZE])
{
    struct bt_stream_message *m = &stream->message;
    struct bt_envelope_place place = {m->stream_id, m->object_codec};
    int n = m->n_envelopes + s->n_add;
    for (int i = 0; i < s->n_add_groups; i++)
        n += s->add_groups[i]->n_members;
    if (n > BAUTA_MAX_RECIPIENTS)
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
    uint8_t *stream_key = bt_secret_new(BT_KEY_SIZE);
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
        if (!status && stream->changes && stream->message.n_envelopes == 0 && !s->erase_envelopes)
            status = bt_log_fail(s->log, BAUTA_ERR_UNSUPPORTED,
                                 "%s: would have no recipient left, and nobody could open it any "
                                 "more: if that is meant, bauta lock does it, and says so",
                                 s->input);
        a->result->n_streams += stream->changes;
    }
    bt_secret_free(stream_key, BT_KEY_SIZE);
    return status;
}

static bool is_whole(const struct bauta_amend_settings *s)
{
    return s->since_s == (double)-INFINITY && s->until_s == (double)INFINITY;
}

static bool is_in_time(const struct bauta_amend_settings *s, const struct bt_amended_epoch *e)
{
    return is_whole(s) ||
           (e->last_s >= s->since_s && e->first_s < s->until_s); /* NAN is in no time */
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
        int region = (int)(bt_reader_u8(&r) << 8);
        region |= (int)bt_reader_u8(&r);
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
    return status ? status
                  : bt_amendment_write(&e->amendments[kind == BT_AMENDMENT_RECIPIENTS], &m,
                                       s->signing_key);
}

static enum bauta_status plan_erasure(struct bt_amender *a, struct bt_amended_epoch *e)
{
    const bool in_time = is_in_time(a->settings, e);
    e->chosen = in_time && e->erased.size > 0;
    if (in_time)
        a->result->n_whole += e->n_whole;
    if (!e->chosen)
        return BAUTA_OK;
    a->result->first_s = fmin(a->result->first_s, e->first_s);
    a->result->last_s = fmax(a->result->last_s, e->last_s);
    e->changes = true;
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

enum bauta_status bt_amender_write_stream(struct bt_buffer *out, const struct bt_amender *a,
                                          const struct bt_stream_message *was)
{
    const struct bt_amended_stream *stream = bt_amender_stream(a, was->stream_id);
    struct bt_stream_message m = stream->message;
    m.epoch = was->epoch;
    m.utc_ms = was->utc_ms;
    bt_stream_message_write(out, &m);
    return bt_buffer_status(out);
}

static enum bauta_status plan_recipients(struct bt_amender *a, struct bt_amended_epoch *e)
{
    const struct bt_amended_stream *stream =
        e->has_stream_message ? bt_amender_stream(a, e->stream_id) : NULL;
    if (!stream || !stream->changes)
        return BAUTA_OK;
    e->changes = true;
    if (!a->settings->signing_key)
        return BAUTA_OK;
    struct bt_buffer message = {0}, nothing = {0};
    uint8_t head[BT_DIGEST_SIZE];
    enum bauta_status status = bt_amender_write_stream(&message, a, &stream->message);
    if (!status)
        status = bt_digest_stream(head, e->recipients, bt_buffer_view(&message));
    if (!status)
        status = write_amendment(a, e, BT_AMENDMENT_RECIPIENTS, &nothing);
    bt_buffer_clear(&message);
    return status;
}

/* Whether there is anything that changes. */
static enum bauta_status judge(const struct bt_amender *a)
{
    const struct bauta_amend_settings *s = a->settings;
    const bool everything = s->erase && s->erase_envelopes;
    if (a->result->n_epochs || (s->erase && is_whole(s) && a->n_copies) ||
        (everything && a->n_unread))
        return BAUTA_OK;
    if (s->erase && a->n_unread)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: nothing that is to be erased is in it, as far as it can be read: "
                           "%llu messages cannot",
                           s->input, (unsigned long long)a->n_unread);
    if (a->result->n_whole)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: nothing that is to be erased is in it, unless in the %llu pictures "
                           "that are hidden whole: erase --target 0 --whole-picture takes these "
                           "out, with everybody in them",
                           s->input, (unsigned long long)a->result->n_whole);
    return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND, "%s: %s", s->input,
                       s->erase ? "nothing that is to be erased is in it"
                                : "its recipients are not changed by this");
}

enum bauta_status bt_amender_plan(struct bt_amender *a)
{
    const struct bauta_amend_settings *s = a->settings;
    bool some = a->n_streams > 0 || a->n_copies || a->n_unread;
    for (size_t i = 0; i < a->n_epochs && !some; i++)
        some = a->epochs[i].erased.size > 0; /* heads of epochs can be cut off */
    if (!some)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: holds no recovery data: it was not protected by Bauta, or the data "
                           "were removed",
                           s->input);
    if (a->n_streams)
        memcpy(a->result->stream_id, a->streams[0].message.stream_id, sizeof(a->result->stream_id));
    enum bauta_status status = plan_streams(a);
    for (size_t i = 0; i < a->n_epochs && !status; i++) {
        struct bt_amended_epoch *e = &a->epochs[i];
        status = s->erase ? plan_erasure(a, e) : BAUTA_OK;
        if (!status)
            status = plan_recipients(a, e);
        a->result->n_epochs += e->changes;
        a->result->n_signed += e->changes && e->manifest.size > 0;
    }
    a->rewrites = true;
    return status ? status : judge(a);
}
