/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/epoch_verdict.h"

#include <math.h>
#include <string.h>

#include "base/reader.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "verify/findings.h"

/* One comparison. */
struct judging {
    struct bt_epoch_verdict *verdict;
    struct bt_signed_epoch *epoch;
    const struct bt_manifest *manifest;
    struct bt_reader times; /* of the manifest, from that of unit `n_times` on */
    size_t n_times;
};

static void tally(struct judging *j, enum bauta_finding_kind kind, double time_s)
{
    struct bt_tally *t = &j->verdict->kinds[kind];
    if (t->n++ == 0)
        t->first_s = t->last_s = time_s;
    t->first_s = fmin(t->first_s, time_s); /* of two, the one that is a number */
    t->last_s = fmax(t->last_s, time_s);
}

/* What is so of the epoch as a whole. */
static void tally_epoch(struct judging *j, enum bauta_finding_kind kind)
{
    const struct bauta_finding whole = bt_findings_about(j->epoch, kind);
    tally(j, kind, whole.first_s);
    j->verdict->kinds[kind].last_s = fmax(j->verdict->kinds[kind].last_s, whole.last_s);
}

static bool is_trusted(const struct bt_amendment *a, const struct bauta_signer *const *signers,
                       int n_signers)
{
    for (int i = 0; i < n_signers; i++)
        if (memcmp(signers[i]->bytes, a->signer, sizeof(a->signer)) == 0)
            return bt_amendment_verify(a) == BAUTA_OK;
    return false;
}

/* Keeps those amendments that count: of this very manifest, by somebody who may. */
static enum bauta_status take_amendments(struct judging *j,
                                         const struct bauta_signer *const *signers, int n_signers)
{
    uint8_t hash[BT_HASH_SIZE];
    enum bauta_status status = bt_hash_bytes(hash, bt_buffer_view(&j->epoch->manifest_bytes));
    for (int i = 0; i < j->epoch->n_amendments && !status; i++) {
        struct bt_amendment a;
        if (!bt_amendment_parse(&a, bt_buffer_view(&j->epoch->amendment_bytes[i])) &&
            memcmp(a.manifest, hash, sizeof(hash)) == 0 && is_trusted(&a, signers, n_signers))
            j->verdict->amendments[j->verdict->n_amendments++] = a;
    }
    return status;
}

/* Nobody is left: the number of envelopes, and nothing after it, is 0. */
static bool has_no_recipients(const struct bt_signed_epoch *epoch)
{
    static const uint8_t none = 0;
    uint8_t digest[BT_DIGEST_SIZE];
    return !bt_digest(digest, (struct bauta_bytes){&none, 1}) &&
           memcmp(digest, epoch->recipients, sizeof(digest)) == 0;
}

static void judge_recipients(struct judging *j)
{
    const struct bt_epoch_verdict *v = j->verdict;
    for (int i = 0; i < v->n_amendments; i++) {
        const struct bt_amendment *a = &v->amendments[i];
        if (a->kind != BT_AMENDMENT_RECIPIENTS ||
            memcmp(a->recipients, j->epoch->recipients, BT_DIGEST_SIZE) != 0)
            continue;
        enum bauta_finding_kind kind =
            has_no_recipients(j->epoch) ? BAUTA_FINDING_LOCKED : BAUTA_FINDING_REWRAPPED;
        tally_epoch(j, kind);
        j->verdict->kinds[kind].amendment = a;
        return;
    }
    tally_epoch(j, BAUTA_FINDING_RECIPIENTS_CHANGED);
}

/* What stands once in an epoch: stream message and parameter sets. */
static enum bauta_status judge_heads(struct judging *j)
{
    const struct bt_signed_epoch *e = j->epoch;
    if (!e->has_stream_message || memcmp(e->stream, j->manifest->stream, BT_DIGEST_SIZE) != 0)
        tally_epoch(j, BAUTA_FINDING_HEADER_CHANGED);
    else if (memcmp(e->recipients, j->manifest->recipients, BT_DIGEST_SIZE) != 0)
        judge_recipients(j);
    uint8_t parameters[BT_DIGEST_SIZE];
    enum bauta_status status = bt_parameter_sets_digest(parameters, &e->parameters);
    if (status == BAUTA_ERR_LIMIT ||
        (!status && j->manifest->has_parameters &&
         memcmp(parameters, j->manifest->parameters, BT_DIGEST_SIZE) != 0)) {
        tally_epoch(j, BAUTA_FINDING_PARAMETERS_CHANGED);
        status = BAUTA_OK;
    }
    return status;
}

/* The two halves of a unit in the manifest. */
static const uint8_t *slices_of(const struct judging *j, size_t index)
{
    return j->manifest->units.data + index * BT_MANIFEST_UNIT;
}

static const uint8_t *recovery_of(const struct judging *j, size_t index)
{
    return slices_of(j, index) + BT_SLICES_HASH;
}

static bool same_slices(const struct judging *j, size_t index, const struct bt_found_unit *u)
{
    return memcmp(slices_of(j, index), u->slices, BT_SLICES_HASH) == 0;
}

static bool same_recovery(const struct judging *j, size_t index, const struct bt_found_unit *u)
{
    return u->has_message && memcmp(recovery_of(j, index), u->recovery, BT_DIGEST_SIZE) == 0;
}

static bool matches(const struct judging *j, size_t index, const struct bt_found_unit *u)
{
    return same_slices(j, index, u) || same_recovery(j, index, u);
}

/* Whether the digests of what was erased, by the amendments, make the picture message whole again.
 */
static bool is_erased(struct judging *j, size_t index, const struct bt_found_unit *u)
{
    static const uint8_t none[BT_DIGEST_SIZE];
    const struct bt_amendment *by = NULL;
    if (!u->capsules)
        return false;
    struct bt_capsule_digests digests = *u->capsules;
    for (int k = 0; k < digests.n_regions; k++)
        for (int i = 0; i < j->verdict->n_amendments; i++) {
            const struct bt_amendment *a = &j->verdict->amendments[i];
            const uint8_t *erased = bt_amendment_find(a, (uint32_t)index, k);
            if (!erased || memcmp(digests.items[k], none, sizeof(none)) != 0)
                continue;
            memcpy(digests.items[k], erased, BT_DIGEST_SIZE);
            by = a;
        }
    uint8_t recovery[BT_DIGEST_SIZE];
    if (!by || bt_digest_recovery(recovery, bt_buffer_view(&u->head_bytes), &digests) ||
        memcmp(recovery, recovery_of(j, index), BT_DIGEST_SIZE) != 0)
        return false;
    j->verdict->kinds[BAUTA_FINDING_ERASED].amendment = by;
    return true;
}

static bool belongs_elsewhere(const struct judging *j, const struct bt_found_unit *u)
{
    if (memcmp(u->stream_tag, j->manifest->stream_id, BT_STREAM_TAG) != 0)
        return true;
    for (size_t i = 0; i < j->manifest->n_units; i++)
        if (same_recovery(j, i, u))
            return true;
    return false;
}

/* When unit `index` was to be shown, on the signer's clock; those asked for rise. Before times were
 * signed it was told of an epoch's first picture only, by the time of day. */
static double signed_time(struct judging *j, size_t index)
{
    uint32_t after_us = 0;
    if (!j->manifest->timed) {
        bool told = index == 0 && j->epoch->utc_ms &&
                    j->verdict->kinds[BAUTA_FINDING_HEADER_CHANGED].n == 0;
        return told ? (double)j->epoch->utc_ms * 1e-3 : (double)NAN;
    }
    for (; j->n_times <= index; j->n_times++)
        after_us = bt_reader_vlq(&j->times);
    return ((double)j->manifest->start_us + (double)after_us) * 1e-6;
}

/* A unit that stands where the manifest has unit `index`. */
static void judge_unit(struct judging *j, size_t index, struct bt_found_unit *u)
{
    bool authentic = true;
    u->signed_s = signed_time(j, index);
    if (!same_slices(j, index, u)) {
        tally(j, BAUTA_FINDING_PICTURE_CHANGED, u->time_s);
        authentic = false;
    }
    if (!same_recovery(j, index, u)) {
        enum bauta_finding_kind kind = BAUTA_FINDING_RECOVERY_CHANGED;
        if (!u->has_message)
            kind = BAUTA_FINDING_RECOVERY_STRIPPED;
        else if (is_erased(j, index, u))
            kind = BAUTA_FINDING_ERASED;
        else if (belongs_elsewhere(j, u))
            kind = BAUTA_FINDING_RECOVERY_SWAPPED;
        tally(j, kind, u->time_s);
        authentic &= kind == BAUTA_FINDING_ERASED;
    }
    j->verdict->n_authentic += authentic;
}

/* `n_missing` units of the manifest and `n_strange` found ones stand between two that match: as
 * many as are on both sides were changed altogether. */
static void judge_between(struct judging *j, size_t n_missing, size_t n_strange, double time_s)
{
    for (; n_missing && n_strange; n_missing--, n_strange--) {
        tally(j, BAUTA_FINDING_PICTURE_CHANGED, time_s);
        tally(j, BAUTA_FINDING_RECOVERY_CHANGED, time_s);
    }
    for (; n_missing; n_missing--)
        tally(j, BAUTA_FINDING_PICTURE_CUT, time_s);
    for (; n_strange; n_strange--)
        tally(j, BAUTA_FINDING_PICTURE_ADDED, time_s);
}

/* The first unit of the manifest from `from` to before `to` that `u` matches; `to` if none. */
static size_t find(const struct judging *j, size_t from, size_t to, const struct bt_found_unit *u)
{
    while (from < to && !matches(j, from, u))
        from++;
    return from;
}

static void judge_units(struct judging *j)
{
    size_t next = 0, n_strange = 0, n = j->manifest->n_units;
    double time_s = j->epoch->units[0].time_s;
    for (size_t i = 0; i < j->epoch->n_units; i++) {
        struct bt_found_unit *u = &j->epoch->units[i];
        size_t at = find(j, next, n, u);
        if (at < n) {
            judge_between(j, at - next, n_strange, time_s);
            judge_unit(j, at, u);
            next = at + 1;
            n_strange = 0;
        } else if (find(j, 0, next, u) < next) {
            tally(j, BAUTA_FINDING_PICTURE_MOVED, u->time_s);
        } else {
            n_strange++;
        }
        time_s = u->time_s;
    }
    judge_between(j, n - next, n_strange, time_s);
}

enum bauta_status bt_epoch_judge(struct bt_epoch_verdict *verdict, struct bt_signed_epoch *epoch,
                                 const struct bauta_signer *const *signers, int n_signers)
{
    memset(verdict, 0, sizeof(*verdict));
    struct judging j = {.verdict = verdict, .epoch = epoch, .manifest = &epoch->manifest};
    bt_reader_init(&j.times, epoch->manifest.times);
    enum bauta_status status = take_amendments(&j, signers, n_signers);
    if (!status)
        status = judge_heads(&j);
    if (!status)
        judge_units(&j);
    return status;
}
