/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/verifier.h>

#include <stdlib.h>
#include <string.h>

#include "bitstream/access_unit.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "engine/epoch_verdict.h"
#include "engine/messages.h"
#include "recovery/stream_message.h"

enum { MOST_OPEN = 2, MAX_GAPS = 64 };

/* Epochs of a stream that were passed over, unless they come later. */
struct gap {
    uint8_t stream_id[BT_STREAM_ID_SIZE];
    uint32_t first, last;
    double time_s;
};

struct bauta_verifier {
    struct bauta_verifier_settings settings;
    struct bt_signed_epoch
        *open; /* oldest first; a manifest may stand in the epoch after its own */
    struct bauta_verification result;
    bool faulty;
    double last_s;
    /* Of the latest epoch, by number, whose manifest is good. */
    bool has_latest, latest_is_last, knows_chain;
    uint8_t latest_stream[BT_STREAM_ID_SIZE], latest_hash[BT_HASH_SIZE];
    uint32_t latest_epoch;
    struct gap gaps[MAX_GAPS];
    int n_gaps;
    struct bt_epoch_verdict verdict;
};

enum bauta_status bauta_verifier_new(struct bauta_verifier **verifier,
                                     const struct bauta_verifier_settings *settings)
{
    if (!verifier)
        return BAUTA_ERR_ARGUMENT;
    *verifier = NULL;
    if (!settings || settings->n_signers < 0 || (settings->n_signers && !settings->signers))
        return BAUTA_ERR_ARGUMENT;
    *verifier = calloc(1, sizeof(**verifier));
    if (!*verifier)
        return BAUTA_ERR_MEMORY;
    (*verifier)->settings = *settings;
    return BAUTA_OK;
}

void bauta_verifier_free(struct bauta_verifier **verifier)
{
    if (!verifier || !*verifier)
        return;
    while ((*verifier)->open) {
        struct bt_signed_epoch *epoch = (*verifier)->open;
        (*verifier)->open = epoch->next;
        bt_signed_epoch_free(&epoch);
    }
    free(*verifier);
    *verifier = NULL;
}

static void report(struct bauta_verifier *v, const struct bauta_finding *finding)
{
    v->faulty |= finding->kind > BAUTA_FINDING_JOINED;
    if (v->settings.found)
        v->settings.found(v->settings.user, finding);
}

/* A finding about an epoch as a whole. */
static struct bauta_finding about(const struct bt_signed_epoch *e, enum bauta_finding_kind kind)
{
    struct bauta_finding finding = {.kind = kind,
                                    .first_s = e->units[0].time_s,
                                    .last_s = e->units[0].time_s,
                                    .n = e->n_units,
                                    .epoch = e->epoch};
    for (size_t i = 0; i < e->n_units; i++) {
        double time_s = e->units[i].time_s;
        finding.first_s = time_s < finding.first_s ? time_s : finding.first_s;
        finding.last_s = time_s > finding.last_s ? time_s : finding.last_s;
    }
    memcpy(finding.stream_id, e->stream_tag, BT_STREAM_TAG);
    if (e->has_manifest) {
        memcpy(finding.stream_id, e->manifest.stream_id, sizeof(finding.stream_id));
        memcpy(finding.key_id, e->manifest.signer_id, sizeof(finding.key_id));
    }
    return finding;
}

static void report_epoch(struct bauta_verifier *v, const struct bt_signed_epoch *e,
                         enum bauta_finding_kind kind, uint64_t n)
{
    struct bauta_finding finding = about(e, kind);
    finding.n = n;
    report(v, &finding);
}

static bool report_tally(struct bauta_verifier *v, const struct bt_signed_epoch *e,
                         enum bauta_finding_kind kind)
{
    const struct bt_tally *t = &v->verdict.kinds[kind];
    if (t->n == 0)
        return false;
    struct bauta_finding finding = about(e, kind);
    finding.n = t->n;
    finding.first_s = t->first_s;
    finding.last_s = t->last_s;
    const struct bt_amendment *a = t->amendment;
    if (a) {
        struct bauta_signer signer;
        finding.utc_ms = a->utc_ms;
        if (a->reason.size)
            memcpy(finding.reason, a->reason.data, a->reason.size);
        if (!bt_key_id(signer.id, a->signer))
            memcpy(finding.key_id, signer.id, sizeof(finding.key_id));
    }
    report(v, &finding);
    return kind > BAUTA_FINDING_JOINED;
}

/* An epoch that was missed comes after all; gives whether it was. */
static bool leaves_gap(struct bauta_verifier *v, const struct bt_manifest *m)
{
    for (int i = 0; i < v->n_gaps; i++) {
        struct gap *g = &v->gaps[i];
        if (memcmp(g->stream_id, m->stream_id, sizeof(g->stream_id)) != 0 || m->epoch < g->first ||
            m->epoch > g->last)
            continue;
        if (g->first == g->last) {
            *g = v->gaps[--v->n_gaps];
        } else if (m->epoch == g->first) {
            g->first++;
        } else if (m->epoch == g->last) {
            g->last--;
        } else if (v->n_gaps < MAX_GAPS) {
            v->gaps[v->n_gaps] = *g;
            v->gaps[v->n_gaps++].first = m->epoch + 1;
            g->last = m->epoch - 1;
        }
        return true;
    }
    return false;
}

static void note_gap(struct bauta_verifier *v, const struct bt_manifest *m, double time_s)
{
    v->faulty = true;
    if (v->n_gaps == MAX_GAPS)
        return; /* the first ones are told; that it is faulty is certain */
    struct gap *g = &v->gaps[v->n_gaps++];
    *g = (struct gap){.first = v->latest_epoch + 1, .last = m->epoch - 1, .time_s = time_s};
    memcpy(g->stream_id, m->stream_id, sizeof(g->stream_id));
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

/* A manifest of another stream than the one before: keys were rotated, or files were joined. */
static bool follows_other_stream(struct bauta_verifier *v, const struct bt_signed_epoch *e)
{
    if (!is_zero(e->manifest.previous, sizeof(e->manifest.previous))) {
        report_epoch(v, e, BAUTA_FINDING_CHAIN, 0);
        return false;
    }
    if (!v->latest_is_last)
        report_epoch(v, e, BAUTA_FINDING_TAIL_CUT, 0);
    report_epoch(v, e, BAUTA_FINDING_JOINED, 0);
    return true;
}

/* Whether the epoch follows on what was met before it. */
static void judge_place(struct bauta_verifier *v, const struct bt_signed_epoch *e)
{
    const struct bt_manifest *m = &e->manifest;
    bool follows = v->knows_chain && memcmp(m->previous, v->latest_hash, BT_HASH_SIZE) == 0;
    bool same_stream = memcmp(m->stream_id, v->latest_stream, sizeof(v->latest_stream)) == 0;
    if (follows)
        return;
    if (!v->has_latest) {
        if (!is_zero(m->previous, sizeof(m->previous)))
            report_epoch(v, e, BAUTA_FINDING_HEAD_CUT, m->epoch);
    } else if (!same_stream) {
        if (v->knows_chain)
            follows_other_stream(v, e);
    } else if (m->epoch > v->latest_epoch + 1) {
        note_gap(v, m, e->units[0].time_s);
    } else if (m->epoch <= v->latest_epoch) {
        leaves_gap(v, m);
        report_epoch(v, e, BAUTA_FINDING_EPOCH_MOVED, 1);
    } else if (v->knows_chain) {
        report_epoch(v, e, BAUTA_FINDING_CHAIN, 0);
    }
}

static enum bauta_status go_on(struct bauta_verifier *v, const struct bt_signed_epoch *e)
{
    const struct bt_manifest *m = &e->manifest;
    bool same_stream = memcmp(m->stream_id, v->latest_stream, sizeof(v->latest_stream)) == 0;
    if (v->has_latest && same_stream && m->epoch <= v->latest_epoch)
        return BAUTA_OK;
    v->has_latest = v->knows_chain = true;
    v->latest_is_last = m->last;
    v->latest_epoch = m->epoch;
    memcpy(v->latest_stream, m->stream_id, sizeof(v->latest_stream));
    return bt_hash_bytes(v->latest_hash, bt_buffer_view(&e->manifest_bytes));
}

/* An epoch whose place nothing proves; by what it says itself, it is not missing. */
static void pass_unproven(struct bauta_verifier *v, const struct bt_signed_epoch *e)
{
    v->knows_chain = false;
    if (v->has_latest && e->is_named && e->epoch > v->latest_epoch &&
        memcmp(e->stream_tag, v->latest_stream, BT_STREAM_TAG) == 0)
        v->latest_epoch = e->epoch;
}

static const struct bauta_signer *find_signer(const struct bauta_verifier *v,
                                              const struct bt_manifest *m)
{
    for (int i = 0; i < v->settings.n_signers; i++)
        if (memcmp(v->settings.signers[i]->id, m->signer_id, sizeof(m->signer_id)) == 0)
            return v->settings.signers[i];
    return NULL;
}

static enum bauta_status judge(struct bauta_verifier *v, const struct bt_signed_epoch *e)
{
    v->result.n_epochs++;
    v->result.n_pictures += e->n_units;
    const struct bauta_signer *signer = e->has_manifest ? find_signer(v, &e->manifest) : NULL;
    enum bauta_status status =
        signer ? bt_manifest_verify(&e->manifest, signer) : BAUTA_ERR_NOT_FOUND;
    if (status == BAUTA_ERR_NOT_FOUND || status == BAUTA_ERR_TAMPERED) {
        pass_unproven(v, e);
        report_epoch(v, e,
                     !e->has_manifest ? BAUTA_FINDING_UNSIGNED
                     : signer         ? BAUTA_FINDING_FORGED
                                      : BAUTA_FINDING_UNKNOWN_SIGNER,
                     e->n_units);
        return BAUTA_OK;
    }
    if (!status)
        status = bt_epoch_judge(&v->verdict, e, v->settings.signers, v->settings.n_signers);
    if (status)
        return status;
    judge_place(v, e);
    bool faulty = false;
    for (int kind = 0; kind < BAUTA_N_FINDINGS; kind++)
        faulty |= report_tally(v, e, (enum bauta_finding_kind)kind);
    if (!faulty)
        report_epoch(v, e, BAUTA_FINDING_AUTHENTIC, e->n_units);
    v->result.n_authentic += v->verdict.n_authentic;
    return go_on(v, e);
}

static enum bauta_status close_oldest(struct bauta_verifier *v)
{
    struct bt_signed_epoch *epoch = v->open;
    v->open = epoch->next;
    enum bauta_status status = epoch->n_units ? judge(v, epoch) : BAUTA_OK;
    bt_signed_epoch_free(&epoch);
    return status;
}

/* What stands in one access unit. */
struct contents {
    struct bauta_verifier *verifier;
    struct bt_buffer stream, picture;           /* the first of each that can be read */
    struct bt_buffer others[BT_MAX_AMENDMENTS]; /* manifests and amendments */
    int n_others;
};

static enum bauta_status keep(struct bt_buffer *to, struct bauta_bytes message)
{
    bt_buffer_append(to, message);
    return bt_buffer_status(to);
}

static enum bauta_status sort(void *user, struct bauta_bytes message)
{
    struct contents *c = user;
    unsigned type = message.size ? message.data[0] : 0;
    if (type == BT_MESSAGE_STREAM && c->stream.size == 0) {
        struct bt_stream_message m;
        return bt_stream_message_parse(&m, message) ? BAUTA_OK : keep(&c->stream, message);
    }
    if (type == BT_MESSAGE_PICTURE && c->picture.size == 0) {
        struct bt_picture_message m;
        return bt_picture_message_parse(&m, message) ? BAUTA_OK : keep(&c->picture, message);
    }
    if ((type == BT_MESSAGE_MANIFEST || type == BT_MESSAGE_AMENDMENT) &&
        c->n_others < BT_MAX_AMENDMENTS)
        return keep(&c->others[c->n_others++], message);
    return BAUTA_OK;
}

static void clear_contents(struct contents *c)
{
    bt_buffer_clear(&c->stream);
    bt_buffer_clear(&c->picture);
    for (int i = 0; i < c->n_others; i++)
        bt_buffer_clear(&c->others[i]);
}

static bool is_named(const struct bt_signed_epoch *e, const uint8_t *tag, uint32_t epoch)
{
    return e->is_named && e->epoch == epoch && memcmp(e->stream_tag, tag, BT_STREAM_TAG) == 0;
}

/* The newest of that name: an epoch may stand there twice. */
static struct bt_signed_epoch *find_open(const struct bauta_verifier *v, const uint8_t *tag,
                                         uint32_t epoch)
{
    struct bt_signed_epoch *found = NULL;
    for (struct bt_signed_epoch *e = v->open; e; e = e->next)
        if (is_named(e, tag, epoch))
            found = e;
    return found;
}

static struct bt_signed_epoch *newest(const struct bauta_verifier *v)
{
    struct bt_signed_epoch *e = v->open;
    while (e && e->next)
        e = e->next;
    return e;
}

static enum bauta_status begin(struct bauta_verifier *v, struct bt_signed_epoch **epoch)
{
    int n_open = 0;
    enum bauta_status status = BAUTA_OK;
    for (const struct bt_signed_epoch *e = v->open; e; e = e->next)
        n_open++;
    for (; n_open >= MOST_OPEN && !status; n_open--)
        status = close_oldest(v);
    *epoch = calloc(1, sizeof(**epoch));
    if (!*epoch)
        return BAUTA_ERR_MEMORY;
    struct bt_signed_epoch *before = newest(v);
    *(before ? &before->next : &v->open) = *epoch;
    return status;
}

static void name(struct bt_signed_epoch *e, const uint8_t *tag, uint32_t epoch)
{
    if (e->is_named)
        return;
    e->is_named = true;
    e->epoch = epoch;
    memcpy(e->stream_tag, tag, BT_STREAM_TAG);
}

/* The epoch that an access unit belongs to, by decoding order. A new one begins only at a
 * random-access point, so that recovery data put there from elsewhere do not tear it apart. */
static enum bauta_status place_unit(struct bauta_verifier *v, struct bt_signed_epoch **epoch,
                                    const struct contents *c, struct bauta_bytes au)
{
    struct bt_stream_message s = {.epoch = 0};
    struct bt_picture_message p;
    bool has_stream = c->stream.size && !bt_stream_message_parse(&s, bt_buffer_view(&c->stream));
    bool has_picture =
        c->picture.size && !bt_picture_message_parse(&p, bt_buffer_view(&c->picture));
    *epoch = newest(v);
    bool goes_on = *epoch && has_picture && is_named(*epoch, p.head.stream_tag, p.head.epoch);
    bool begins = !*epoch || has_stream ||
                  (!goes_on && bt_access_unit_random_access((enum bt_codec)v->settings.codec, au));
    enum bauta_status status = begins ? begin(v, epoch) : BAUTA_OK;
    if (status)
        return status;
    if (has_stream)
        name(*epoch, s.stream_id, s.epoch);
    else if (has_picture && begins)
        name(*epoch, p.head.stream_tag, p.head.epoch);
    return BAUTA_OK;
}

/* Gives a manifest to its epoch, which may be the one before. */
static enum bauta_status take_manifest(struct bauta_verifier *v, struct bauta_bytes bytes)
{
    struct bt_manifest m;
    if (bt_manifest_parse(&m, bytes))
        return BAUTA_OK; /* altered beyond reading: the epoch is without */
    struct bt_signed_epoch *e = find_open(v, m.stream_id, m.epoch);
    if (!e) {
        e = newest(v);
        name(e, m.stream_id, m.epoch); /* all its own messages are gone */
        if (find_open(v, m.stream_id, m.epoch) != e)
            return BAUTA_OK;
    }
    if (e->has_manifest)
        return BAUTA_OK;
    enum bauta_status status = keep(&e->manifest_bytes, bytes);
    if (!status)
        status = bt_manifest_parse(&e->manifest, bt_buffer_view(&e->manifest_bytes));
    e->has_manifest = status == BAUTA_OK;
    return status;
}

static enum bauta_status take_amendment(struct bauta_verifier *v, struct bauta_bytes bytes)
{
    struct bt_amendment a;
    struct bt_signed_epoch *e =
        bt_amendment_parse(&a, bytes) ? NULL : find_open(v, a.stream_id, a.epoch);
    if (!e || e->n_amendments == BT_MAX_AMENDMENTS)
        return BAUTA_OK;
    return keep(&e->amendment_bytes[e->n_amendments++], bytes);
}

static enum bauta_status take_unit(struct bauta_verifier *v, const struct contents *c,
                                   struct bauta_bytes au, double time_s)
{
    struct bt_signed_epoch *e;
    enum bauta_status status = place_unit(v, &e, c, au);
    if (status)
        return status;
    struct bt_found_unit *unit = bt_signed_epoch_add(e, time_s);
    if (!unit)
        return BAUTA_ERR_MEMORY;
    status = bt_messages_hash_slices(unit->slices, v->settings.codec, au);
    if (status == BAUTA_ERR_FORMAT) /* no slice left: a picture that matches none */
        status = BAUTA_OK;
    if (!status)
        status = bt_parameter_sets_add(&e->parameters, v->settings.codec, au);
    if (!status && c->stream.size && !e->has_stream_message) {
        status = bt_digest_stream(e->stream, e->recipients, bt_buffer_view(&c->stream));
        e->has_stream_message = true;
    }
    struct bt_picture_message p;
    if (!status && c->picture.size && !bt_picture_message_parse(&p, bt_buffer_view(&c->picture)))
        status = bt_found_unit_set(unit, &p);
    for (int i = 0; i < c->n_others && !status; i++) {
        struct bauta_bytes bytes = bt_buffer_view(&c->others[i]);
        status = (bytes.data[0] == BT_MESSAGE_MANIFEST ? take_manifest : take_amendment)(v, bytes);
    }
    return status;
}

enum bauta_status bauta_verifier_collect(struct bauta_verifier *v, struct bauta_bytes au,
                                         double time_s)
{
    if (!v || (au.size && !au.data))
        return BAUTA_ERR_ARGUMENT;
    struct contents c = {.verifier = v};
    v->last_s = time_s > v->last_s ? time_s : v->last_s;
    enum bauta_status status = bt_messages_collect(v->settings.codec, au, NULL, sort, &c);
    if (status == BAUTA_ERR_FORMAT) /* damaged bytes: what was read of them counts */
        status = BAUTA_OK;
    if (!status)
        status = take_unit(v, &c, au, time_s);
    clear_contents(&c);
    return status;
}

static void report_gaps(struct bauta_verifier *v)
{
    for (int i = 0; i < v->n_gaps; i++) {
        const struct gap *g = &v->gaps[i];
        struct bauta_finding finding = {.kind = BAUTA_FINDING_EPOCH_CUT,
                                        .first_s = g->time_s,
                                        .last_s = g->time_s,
                                        .n = (uint64_t)g->last - g->first + 1,
                                        .epoch = g->first};
        memcpy(finding.stream_id, g->stream_id, sizeof(finding.stream_id));
        report(v, &finding);
    }
    v->n_gaps = 0;
}

enum bauta_status bauta_verifier_finish(struct bauta_verifier *v,
                                        struct bauta_verification *verification)
{
    if (!v || !verification)
        return BAUTA_ERR_ARGUMENT;
    enum bauta_status status = BAUTA_OK;
    while (v->open && !status)
        status = close_oldest(v);
    report_gaps(v);
    if (v->has_latest && !v->latest_is_last) {
        struct bauta_finding finding = {.kind = BAUTA_FINDING_TAIL_CUT,
                                        .first_s = v->last_s,
                                        .last_s = v->last_s,
                                        .epoch = v->latest_epoch};
        memcpy(finding.stream_id, v->latest_stream, sizeof(finding.stream_id));
        report(v, &finding);
    }
    v->result.authentic = v->result.n_pictures > 0 && !v->faulty;
    *verification = v->result;
    return status;
}

const char *bauta_finding_name(enum bauta_finding_kind kind)
{
    static const char *const names[BAUTA_N_FINDINGS] = {"authentic",
                                                        "erased",
                                                        "locked for good",
                                                        "rewrapped",
                                                        "joined",
                                                        "unsigned",
                                                        "unknown signer",
                                                        "forged signature",
                                                        "picture changed",
                                                        "pictures cut out",
                                                        "pictures added",
                                                        "picture moved",
                                                        "recovery data stripped",
                                                        "recovery data changed",
                                                        "recovery data swapped",
                                                        "header changed",
                                                        "recipients changed",
                                                        "parameters changed",
                                                        "epochs cut out",
                                                        "epoch moved",
                                                        "chain broken",
                                                        "head cut off",
                                                        "tail cut off"};
    return (unsigned)kind < BAUTA_N_FINDINGS ? names[kind] : NULL;
}
