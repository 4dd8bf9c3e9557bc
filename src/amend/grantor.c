/* SPDX-License-Identifier: Apache-2.0 */
#include "amend/grantor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/log.h"
#include "crypto/key.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "recovery/contents.h"
#include "recovery/messages.h"

void bt_grantor_init(struct bt_grantor *g, const struct bauta_grant_settings *settings,
                     enum bauta_codec codec)
{
    *g = (struct bt_grantor){.settings = settings, .codec = codec};
    g->keys.key = settings->key;
}

void bt_grantor_clear(struct bt_grantor *g)
{
    bt_reader_keys_clear(&g->keys);
    for (size_t i = 0; i < g->n_epochs; i++)
        bt_met_people_clear(&g->epochs[i].people);
    bt_met_people_clear(&g->people);
    free(g->epochs);
    g->epochs = NULL;
}

/* Where a stream stands in the list, by the first bytes of its id; the one met last. */
static int find_stream(const struct bt_grantor *g, const uint8_t *id, size_t size)
{
    for (int i = g->n_streams - 1; i >= 0; i--)
        if (memcmp(g->streams[i].stream_id, id, size) == 0)
            return i;
    return -1;
}

static enum bauta_status note_stream(struct bt_grantor *g, const struct bt_stream_message *m)
{
    if (find_stream(g, m->stream_id, sizeof(m->stream_id)) >= 0)
        return BAUTA_OK;
    if (g->n_streams == BT_MAX_GRANT_STREAMS)
        return bt_log_fail(g->settings->log, BAUTA_ERR_LIMIT,
                           "%s: holds more than %d streams: cut it", g->settings->input,
                           BT_MAX_GRANT_STREAMS);
    g->streams[g->n_streams++] = *m;
    if (!g->keys.key)
        return BAUTA_OK;
    enum bauta_status status = bt_reader_keys_learn(&g->keys, m);
    return status == BAUTA_ERR_TAMPERED ? BAUTA_OK : status; /* found out when it is needed */
}

static struct bt_grantor_epoch *find_or_add(struct bt_grantor *g, int stream, uint32_t epoch,
                                            double time_s)
{
    for (size_t i = g->n_epochs; i > 0; i--) /* mostly the last, or the one before */
        if (g->epochs[i - 1].stream == stream && g->epochs[i - 1].epoch == epoch)
            return &g->epochs[i - 1];
    if (!bt_array_grow(&g->epochs, sizeof(*g->epochs), g->n_epochs, &g->n_allocated))
        return NULL;
    struct bt_grantor_epoch *e = &g->epochs[g->n_epochs++];
    *e = (struct bt_grantor_epoch){
        .stream = stream, .epoch = epoch, .first_s = time_s, .last_s = time_s};
    return e;
}

/* Whether somebody of this picture is asked for, and who by number. */
static enum bauta_status note_wanted(struct bt_grantor_epoch *e, const struct bt_grantor *g,
                                     const struct bt_plan *plan)
{
    const struct bauta_grant_settings *s = g->settings;
    enum bauta_status status = BAUTA_OK;
    e->wanted |= s->n_targets == 0 && s->classes == BAUTA_MASK_BOTH;
    for (int i = 0; i < plan->n_regions && !status; i++) {
        const struct bauta_region *r = &plan->regions[i];
        bool target = false;
        for (int k = 0; k < s->n_targets; k++)
            target |= s->targets[k] == r->target;
        if ((s->n_targets && !target) || !(s->classes & 1u << r->class_))
            continue;
        e->wanted = true;
        if (target)
            status = bt_met_people_note(&e->people, g->streams[e->stream].stream_id, r->target, 1);
    }
    return status;
}

/* Of all times; others are not about pictures that have none. */
static bool is_whole(const struct bauta_grant_settings *s)
{
    return s->since_s == (double)-INFINITY && s->until_s == (double)INFINITY &&
           s->since_utc_ms == 0 && s->until_utc_ms == 0;
}

static enum bauta_status note_picture(struct bt_grantor *g, const struct bt_contents *c,
                                      double time_s)
{
    const struct bt_picture_head *head = &c->picture_message.head;
    const int stream = find_stream(g, head->stream_tag, sizeof(head->stream_tag));
    if (stream < 0)
        return BAUTA_OK;
    struct bt_grantor_epoch *e = find_or_add(g, stream, head->epoch, time_s);
    if (!e)
        return BAUTA_ERR_MEMORY;
    e->first_s = fmin(e->first_s, time_s);
    e->last_s = fmax(e->last_s, time_s);
    if (c->stream >= 0 && c->stream_message.epoch == head->epoch)
        e->utc_ms = c->stream_message.utc_ms;
    if (isnan(time_s) && !is_whole(g->settings))
        return BAUTA_OK;
    return note_wanted(e, g, &head->plan);
}

enum bauta_status bt_grantor_collect(struct bt_grantor *g, struct bauta_bytes au, double time_s)
{
    struct bt_contents c;
    enum bauta_status status = bt_contents_read(&c, g->codec, au);
    if (status == BAUTA_ERR_FORMAT)
        status = BAUTA_OK;
    if (!status && c.stream >= 0)
        status = note_stream(g, &c.stream_message);
    if (!status && c.picture >= 0)
        status = note_picture(g, &c, bt_messages_time(time_s));
    bt_contents_clear(&c);
    return status;
}

/* Whether an epoch overlaps the time that is asked for. */
static bool is_in_time(const struct bauta_grant_settings *s, const struct bt_grantor_epoch *e)
{
    if (s->since_utc_ms || s->until_utc_ms) {
        if (isnan(e->first_s)) /* never shown */
            return false;
        uint64_t last = e->utc_ms + (uint64_t)((e->last_s - e->first_s) * 1000);
        return e->utc_ms && last >= s->since_utc_ms &&
               (!s->until_utc_ms || e->utc_ms < s->until_utc_ms);
    }
    return is_whole(s) || (e->last_s >= s->since_s && e->first_s < s->until_s);
}

static int compare(const void *a, const void *b)
{
    const struct bt_grantor_epoch *x = a, *y = b;
    if (x->stream != y->stream)
        return x->stream < y->stream ? -1 : 1;
    return x->epoch < y->epoch ? -1 : x->epoch > y->epoch;
}

/* Leaves the epochs that are asked for, in order. */
static enum bauta_status choose(struct bt_grantor *g)
{
    size_t n = 0;
    enum bauta_status status = BAUTA_OK;
    for (size_t i = 0; i < g->n_epochs; i++) {
        struct bt_grantor_epoch *e = &g->epochs[i];
        const bool chosen = e->wanted && is_in_time(g->settings, e);
        for (size_t k = 0; chosen && !status && k < e->people.n_items; k++) {
            const struct bauta_met_person *p = &e->people.items[k];
            status = bt_met_people_note(&g->people, p->stream_id, p->target, p->n);
        }
        bt_met_people_clear(&e->people);
        if (chosen)
            g->epochs[n++] = *e;
    }
    g->n_epochs = n;
    if (n)
        qsort(g->epochs, n, sizeof(*g->epochs), compare);
    return status;
}

/* A grant that names somebody who is not there says what is not so. */
static enum bauta_status look_for_all(const struct bt_grantor *g)
{
    const struct bauta_grant_settings *s = g->settings;
    for (int i = 0; i < s->n_targets; i++) {
        bool met = false;
        for (size_t k = 0; k < g->people.n_items; k++)
            met |= g->people.items[k].target == s->targets[i];
        if (!met)
            return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                               "%s: target %lu is not in it, in that time and class: nothing is "
                               "granted",
                               s->input, (unsigned long)s->targets[i]);
    }
    return BAUTA_OK;
}

static struct bt_grant_stream *stream_of(struct bt_statement *s, const struct bt_stream_message *m,
                                         size_t n_epochs)
{
    struct bt_grant_stream *last = s->n_streams ? &s->streams[s->n_streams - 1] : NULL;
    if (last && memcmp(last->stream_id, m->stream_id, sizeof(last->stream_id)) == 0)
        return last;
    struct bt_grant_stream *stream = &s->streams[s->n_streams];
    stream->spans = calloc(n_epochs, sizeof(*stream->spans));
    if (!stream->spans)
        return NULL;
    s->n_streams++;
    memcpy(stream->stream_id, m->stream_id, sizeof(stream->stream_id));
    stream->object_codec = m->object_codec;
    return stream;
}

static enum bauta_status write_spans(struct bt_statement *s, const struct bt_grantor *g)
{
    double first_s = INFINITY, last_s = 0;
    for (size_t i = 0; i < g->n_epochs; i++) {
        const struct bt_grantor_epoch *e = &g->epochs[i];
        struct bt_grant_stream *stream = stream_of(s, &g->streams[e->stream], g->n_epochs);
        if (!stream)
            return BAUTA_ERR_MEMORY;
        size_t n = stream->n_spans;
        if (n && (uint64_t)stream->spans[n - 1].last + 1 == e->epoch)
            stream->spans[n - 1].last = e->epoch;
        else
            stream->spans[stream->n_spans++] = (struct bt_grant_span){e->epoch, e->epoch};
        first_s = fmin(first_s, e->first_s);
        last_s = fmax(last_s, e->last_s);
    }
    if (isinf(first_s)) /* nothing of it is shown */
        first_s = 0;
    s->since_ms = (uint64_t)(fmax(first_s, 0) * 1000);
    s->until_ms = (uint64_t)(fmax(last_s, 0) * 1000);
    return BAUTA_OK;
}

static void write_targets(struct bt_statement *s, const struct bauta_grant_settings *settings)
{
    for (int i = 0; i < settings->n_targets; i++) {
        int at = 0;
        while (at < s->n_targets && s->targets[at] < settings->targets[i])
            at++;
        if (at < s->n_targets && s->targets[at] == settings->targets[i])
            continue;
        memmove(s->targets + at + 1, s->targets + at,
                (size_t)(s->n_targets - at) * sizeof(s->targets[0]));
        s->targets[at] = settings->targets[i];
        s->n_targets++;
    }
}

static enum bauta_status write_statement(struct bauta_grant *grant, const struct bt_grantor *g)
{
    const struct bauta_grant_settings *settings = g->settings;
    struct bt_statement *s = &grant->statement;
    memcpy(s->holder, settings->recipient->bytes, sizeof(s->holder));
    s->issued_ms = settings->issued_ms;
    s->expires_ms = settings->expires_ms;
    s->classes = settings->classes;
    strcpy(s->reason, settings->reason ? settings->reason : "");
    strcpy(s->case_, settings->case_ ? settings->case_ : "");
    write_targets(s, settings);
    enum bauta_status status = bt_random(s->id, sizeof(s->id));
    if (!status)
        status = write_spans(s, g);
    if (status)
        return status;
    bt_statement_write(&grant->statement_bytes, s);
    status = bt_buffer_status(&grant->statement_bytes);
    if (status)
        return status;
    struct bt_statement check; /* what a reader would refuse must not be written */
    status = bt_statement_parse(&check, bt_buffer_view(&grant->statement_bytes));
    bt_statement_clear(&check);
    return status ? bt_log_fail(settings->log, status,
                                "reason and case may have %d bytes, on one line", BT_MAX_GRANT_TEXT)
                  : BAUTA_OK;
}

/* The stream keys by the private key at hand, and with them everything. */
static enum bauta_status fill(struct bauta_grant *grant, const struct bt_grantor *g)
{
    const size_t size = sizeof(uint8_t[BT_MAX_GRANT_STREAMS][BT_KEY_SIZE]);
    uint8_t(*stream_keys)[BT_KEY_SIZE] = bt_secret_new(size);
    enum bauta_status status = stream_keys ? BAUTA_OK : BAUTA_ERR_MEMORY;
    for (int i = 0; i < grant->statement.n_streams && !status; i++) {
        const struct bt_reader_key *key =
            bt_reader_keys_find(&g->keys, grant->statement.streams[i].stream_id);
        if (key && key->nodes.n_items)
            memcpy(stream_keys[i], key->root.key, 32);
        else
            status = bt_log_fail(g->settings->log, BAUTA_ERR_DENIED,
                                 "%s: this key opens nothing in it: it is not one of its "
                                 "recipients",
                                 g->settings->input);
    }
    if (!status)
        status = bt_grant_complete(grant, stream_keys);
    bt_secret_free(stream_keys, size);
    return status;
}

static const struct bt_envelope *find_envelope(const struct bt_stream_message *m,
                                               const uint8_t id[BAUTA_KEY_ID_SIZE])
{
    for (int i = 0; i < m->n_envelopes; i++)
        if (memcmp(m->envelopes[i].key_id, id, BAUTA_KEY_ID_SIZE) == 0)
            return &m->envelopes[i];
    return NULL;
}

/* The shares of the group's members, for them to open. */
static enum bauta_status ask(struct bauta_grant *grant, const struct bt_grantor *g)
{
    grant->group = *g->settings->group;
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < grant->statement.n_streams; i++) {
        int stream = find_stream(g, grant->statement.streams[i].stream_id, BAUTA_STREAM_ID_SIZE);
        for (int k = 0; k < grant->group.n_members; k++) {
            uint8_t id[BAUTA_KEY_ID_SIZE];
            status = bt_envelope_member_id(id, &grant->group, k);
            const struct bt_envelope *e = status ? NULL : find_envelope(&g->streams[stream], id);
            if (!e)
                return status ? status
                              : bt_log_fail(g->settings->log, BAUTA_ERR_DENIED,
                                            "%s: is not sealed to this group", g->settings->input);
            bt_buffer_append(&grant->shares, (struct bauta_bytes){e->enc, sizeof(e->enc)});
            bt_buffer_append(&grant->shares, (struct bauta_bytes){e->sealed, sizeof(e->sealed)});
        }
    }
    return bt_buffer_status(&grant->shares);
}

static enum bauta_status make(struct bauta_grant *grant, struct bt_grantor *g)
{
    const struct bauta_grant_settings *s = g->settings;
    if (g->n_streams == 0)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: holds no recovery data: it was not protected by Bauta, or the data "
                           "were removed",
                           s->input);
    enum bauta_status status = choose(g);
    if (status)
        return status;
    if (g->n_epochs == 0)
        return bt_log_fail(s->log, BAUTA_ERR_NOT_FOUND,
                           "%s: nobody that is asked for is in it, in that time", s->input);
    status = look_for_all(g);
    if (!status)
        status = write_statement(grant, g);
    if (!status)
        status = s->group ? ask(grant, g) : fill(grant, g);
    if (!status && s->signing_key)
        status = bt_grant_sign(grant, s->signing_key);
    if (status == BAUTA_ERR_LIMIT)
        return bt_log_fail(s->log, status, "%s: too many keys for one grant: ask for less",
                           s->input);
    return status;
}

enum bauta_status bt_grantor_finish(struct bt_grantor *g, struct bauta_grant **grant)
{
    *grant = calloc(1, sizeof(**grant));
    if (!*grant)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = make(*grant, g);
    if (status)
        bauta_grant_free(grant);
    return status;
}
