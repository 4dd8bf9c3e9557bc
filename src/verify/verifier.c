/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/verifier.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bitstream/access_unit.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/key_id.h"
#include "recovery/contents.h"
#include "recovery/messages.h"
#include "verify/epoch_chain.h"
#include "verify/epoch_times.h"
#include "verify/epoch_verdict.h"
#include "verify/findings.h"
#include "verify/remains.h"

enum { MOST_OPEN = 2 };

struct bauta_verifier {
    struct bauta_verifier_settings settings;
    /* Oldest first; a manifest may stand in the epoch after its own. */
    struct bt_signed_epoch *open;
    struct bauta_verification result;
    struct bt_findings findings;
    struct bt_epoch_chain chain;
    struct bt_remains remains;
    double last_s;
    bool finishing;
    struct bt_epoch_verdict verdict;
    double tick_s; /* of the file at hand */
    uint32_t file;
    struct bt_file_clock clock;
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
    (*verifier)->chain.pieces = settings->pieces;
    (*verifier)->findings = (struct bt_findings){settings->user, settings->found, false};
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
    bt_remains_clear(&(*verifier)->remains);
    free(*verifier);
    *verifier = NULL;
}

static bool report_tally(struct bauta_verifier *v, const struct bt_signed_epoch *e,
                         enum bauta_finding_kind kind)
{
    const struct bt_tally *t = &v->verdict.kinds[kind];
    if (t->n == 0)
        return false;
    struct bauta_finding finding = bt_findings_about(e, kind);
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
    bt_findings_report(&v->findings, &finding);
    return bauta_finding_is_fault(kind);
}

static const struct bauta_signer *find_signer(const struct bauta_verifier *v,
                                              const struct bt_manifest *m)
{
    for (int i = 0; i < v->settings.n_signers; i++)
        if (memcmp(v->settings.signers[i]->id, m->signer_id, sizeof(m->signer_id)) == 0)
            return v->settings.signers[i];
    return NULL;
}

/* Holds the file's time stamps against what was signed. */
static enum bauta_status judge_times(struct bauta_verifier *v, const struct bt_signed_epoch *e,
                                     bool *faulty)
{
    struct bt_times_verdict t;
    bool goes_on = bt_epoch_chain_follows(&v->chain, e);
    enum bauta_status status = bt_epoch_times_judge(&t, &v->clock, e, goes_on);
    if (status)
        return status;
    for (size_t i = 0; i < e->n_units; i++) {
        if (isnan(e->units[i].signed_s))
            v->result.n_untimed++;
        else if (isnan(e->units[i].stamp.s) && !isnan(e->units[i].time_s))
            v->result.n_unstamped++;
    }
    *faulty = t.faulty;
    if (!t.faulty)
        return BAUTA_OK;
    struct bauta_finding finding = bt_findings_about(e, BAUTA_FINDING_TIMES_CHANGED);
    finding.first_picture = e->first_number;
    finding.last_picture = e->first_number + e->n_units - 1;
    finding.signed_s = t.signed_s;
    finding.told_s = t.told_s;
    finding.off_s = t.off_s;
    bt_findings_report(&v->findings, &finding);
    return BAUTA_OK;
}

static enum bauta_status judge(struct bauta_verifier *v, struct bt_signed_epoch *e)
{
    e->first_number = v->result.n_pictures;
    v->result.n_epochs++;
    v->result.n_pictures += e->n_units;
    const struct bauta_signer *signer = e->has_manifest ? find_signer(v, &e->manifest) : NULL;
    enum bauta_status status =
        signer ? bt_manifest_verify(&e->manifest, signer) : BAUTA_ERR_NOT_FOUND;
    if (status == BAUTA_ERR_NOT_FOUND || status == BAUTA_ERR_TAMPERED) {
        bool ends = v->finishing && !v->open && v->settings.pieces && !e->has_manifest &&
                    bt_epoch_chain_expects(&v->chain, e);
        bt_epoch_chain_pass(&v->chain, e);
        bt_findings_report_epoch(&v->findings, e,
                                 ends               ? BAUTA_FINDING_ENDS_OPEN
                                 : !e->has_manifest ? BAUTA_FINDING_UNSIGNED
                                 : signer           ? BAUTA_FINDING_FORGED
                                                    : BAUTA_FINDING_UNKNOWN_SIGNER,
                                 e->n_units);
        return BAUTA_OK;
    }
    if (!status)
        status = bt_epoch_judge(&v->verdict, e, v->settings.signers, v->settings.n_signers);
    if (status)
        return status;
    bool left = false, late = false;
    status = judge_times(v, e, &late);
    if (status)
        return status;
    bt_epoch_chain_judge(&v->chain, e, &v->findings);
    status = bt_remains_judge_epoch(&v->remains, &left, e, &v->verdict, &v->findings);
    if (status)
        return status;
    bool faulty = late || left;
    for (int kind = 0; kind < BAUTA_N_FINDINGS; kind++)
        faulty |= report_tally(v, e, (enum bauta_finding_kind)kind);
    if (!faulty)
        bt_findings_report_epoch(&v->findings, e, BAUTA_FINDING_AUTHENTIC, e->n_units);
    v->result.n_authentic += late ? 0 : v->verdict.n_authentic;
    return bt_epoch_chain_go_on(&v->chain, e);
}

static enum bauta_status close_oldest(struct bauta_verifier *v)
{
    struct bt_signed_epoch *epoch = v->open;
    v->open = epoch->next;
    enum bauta_status status = epoch->n_units ? judge(v, epoch) : BAUTA_OK;
    bt_signed_epoch_free(&epoch);
    return status;
}

static enum bauta_status keep(struct bt_buffer *to, struct bauta_bytes message)
{
    bt_buffer_append(to, message);
    return bt_buffer_status(to);
}

/* Picture messages that are not the unit's own: of originals that may be somewhere still. */
static enum bauta_status note_remains(struct bauta_verifier *v, const struct bt_contents *c,
                                      double time_s)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < c->n_messages && !status; i++)
        if (c->messages[i].type == BT_MESSAGE_PICTURE && i != c->picture)
            status = bt_remains_note(&v->remains, c->messages[i].bytes, time_s, v->file);
    return status;
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
                                    const struct bt_contents *c, struct bauta_bytes au)
{
    const struct bt_stream_message *s = &c->stream_message;
    const struct bt_picture_head *p = &c->picture_message.head;
    bool has_stream = c->stream >= 0;
    const bool has_picture = c->picture >= 0, first = has_picture && p->picture == 0;
    *epoch = newest(v);
    if (has_stream && !first && *epoch && (*epoch)->has_stream_message &&
        is_named(*epoch, s->stream_id, s->epoch))
        has_stream = false; /* said once more */
    bool goes_on = *epoch && has_picture && is_named(*epoch, p->stream_tag, p->epoch);
    bool begins =
        !*epoch || has_stream || (!goes_on && bt_access_unit_random_access(v->settings.codec, au));
    enum bauta_status status = begins ? begin(v, epoch) : BAUTA_OK;
    if (status)
        return status;
    if (has_stream)
        name(*epoch, s->stream_id, s->epoch);
    else if (has_picture && begins)
        name(*epoch, p->stream_tag, p->epoch);
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

/* Manifests and amendments, for epochs that are open. More than a writer puts there are passed. */
static enum bauta_status take_others(struct bauta_verifier *v, const struct bt_contents *c)
{
    int n_others = 0;
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < c->n_messages && n_others < BT_MAX_AMENDMENTS && v->open && !status; i++) {
        const struct bt_message *message = &c->messages[i];
        if (message->type != BT_MESSAGE_MANIFEST && message->type != BT_MESSAGE_AMENDMENT)
            continue;
        n_others++;
        status = message->type == BT_MESSAGE_MANIFEST ? take_manifest(v, message->bytes)
                                                      : take_amendment(v, message->bytes);
    }
    return status;
}

static enum bauta_status take_unit(struct bauta_verifier *v, const struct bt_contents *c,
                                   struct bauta_bytes au, double time_s,
                                   const struct bt_stamp *stamp)
{
    struct bt_signed_epoch *e;
    enum bauta_status status = place_unit(v, &e, c, au);
    if (status)
        return status;
    struct bt_found_unit *unit = bt_signed_epoch_add(e, time_s, stamp);
    if (!unit)
        return BAUTA_ERR_MEMORY;
    status = bt_messages_hash_slices(unit->slices, v->settings.codec, au);
    if (!status)
        status = bt_parameter_sets_add(&e->parameters, v->settings.codec, au);
    if (!status && c->stream >= 0 && !e->has_stream_message) {
        status = bt_digest_stream(e->stream, e->recipients, c->messages[c->stream].bytes);
        e->has_stream_message = true;
        e->utc_ms = c->stream_message.utc_ms;
    }
    if (!status && c->picture >= 0)
        status = bt_found_unit_set(unit, &c->picture_message);
    return status ? status : take_others(v, c);
}

enum bauta_status bauta_verifier_collect(struct bauta_verifier *v, struct bauta_bytes au,
                                         double time_s)
{
    return bauta_verifier_collect_stamped(v, au, time_s, (double)NAN);
}

void bauta_verifier_begin_file(struct bauta_verifier *v, double tick_s)
{
    v->file++;
    v->tick_s = tick_s;
}

enum bauta_status bauta_verifier_collect_stamped(struct bauta_verifier *v, struct bauta_bytes au,
                                                 double time_s, double stamp_s)
{
    if (!v || (au.size && !au.data))
        return BAUTA_ERR_ARGUMENT;
    const struct bt_stamp stamp = {bt_messages_time(stamp_s), v->tick_s, v->file};
    time_s = bt_messages_time(time_s);
    struct bt_contents c;
    enum bauta_status status = bt_contents_read(&c, v->settings.codec, au);
    if (status == BAUTA_ERR_FORMAT) /* damaged bytes: what was read of them counts */
        status = BAUTA_OK;
    if (!status)
        status = note_remains(v, &c, time_s);
    if (c.is_picture)
        v->last_s = fmax(v->last_s, time_s);
    v->result.n_hidden += c.is_picture && isnan(time_s);
    if (!status)
        status = c.is_picture ? take_unit(v, &c, au, time_s, &stamp) : take_others(v, &c);
    bt_contents_clear(&c);
    return status;
}

enum bauta_status bauta_verifier_finish(struct bauta_verifier *v,
                                        struct bauta_verification *verification)
{
    if (!v || !verification)
        return BAUTA_ERR_ARGUMENT;
    enum bauta_status status = BAUTA_OK;
    v->finishing = true;
    while (v->open && !status)
        status = close_oldest(v);
    bt_epoch_chain_finish(&v->chain, v->last_s, &v->findings);
    bt_remains_finish(&v->remains, &v->findings);
    v->result.authentic = v->result.n_pictures > 0 && !v->findings.faulty;
    *verification = v->result;
    return status;
}
