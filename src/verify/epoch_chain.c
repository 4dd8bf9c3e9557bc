/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/epoch_chain.h"

#include <string.h>

#include "recovery/run.h"

/* Streams of one run are so near one another, and not others by chance. */
enum { MOST_KEY_CHANGES = 1024 };

/* Whether an epoch is one of those between two of different streams. */
static bool is_between(const struct bt_epoch_gap *g, const struct bt_manifest *m)
{
    int64_t after = bt_run_distance(g->stream_id, m->stream_id),
            before = bt_run_distance(m->stream_id, g->to_stream);
    return bauta_run_is_same(g->stream_id, m->stream_id) &&
           (after > 0 || (after == 0 && m->epoch >= g->first)) &&
           (before > 0 || (before == 0 && m->epoch < g->to_epoch));
}

/* An epoch that was missed comes after all; gives whether it was. How many are missing still of
 * those between two streams is not known then. */
static bool leaves_gap(struct bt_epoch_chain *c, const struct bt_manifest *m)
{
    for (int i = 0; i < c->n_gaps; i++) {
        struct bt_epoch_gap *g = &c->gaps[i];
        if (g->n_least && is_between(g, m)) {
            *g = c->gaps[--c->n_gaps];
            return true;
        }
        if (g->n_least || memcmp(g->stream_id, m->stream_id, sizeof(g->stream_id)) != 0 ||
            m->epoch < g->first || m->epoch > g->last)
            continue;
        if (g->first == g->last) {
            *g = c->gaps[--c->n_gaps];
        } else if (m->epoch == g->first) {
            g->first++;
        } else if (m->epoch == g->last) {
            g->last--;
        } else if (c->n_gaps < BT_MAX_GAPS) {
            c->gaps[c->n_gaps] = *g;
            c->gaps[c->n_gaps++].first = m->epoch + 1;
            g->last = m->epoch - 1;
        }
        return true;
    }
    return false;
}

/* Epochs are missing before this one; `n_least` as in a gap. */
static void note_gap(struct bt_epoch_chain *c, const struct bt_signed_epoch *e, uint64_t n_least,
                     struct bt_findings *findings)
{
    const struct bt_manifest *m = &e->manifest;
    findings->faulty = true;
    if (c->n_gaps == BT_MAX_GAPS)
        return; /* the first ones are told; that it is faulty is certain */
    struct bt_epoch_gap *g = &c->gaps[c->n_gaps++];
    *g = (struct bt_epoch_gap){.first = c->latest_epoch + 1,
                               .last = m->epoch - 1,
                               .n_least = n_least,
                               .to_epoch = m->epoch,
                               .time_s = e->units[0].time_s,
                               .file = e->units[0].stamp.file};
    memcpy(g->stream_id, c->latest_stream, sizeof(g->stream_id));
    memcpy(g->to_stream, m->stream_id, sizeof(g->to_stream));
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

/* A manifest of another stream than the one before: keys were rotated, or files were joined. */
static void follow_other_stream(const struct bt_epoch_chain *c, const struct bt_signed_epoch *e,
                                struct bt_findings *findings)
{
    if (!is_zero(e->manifest.previous, sizeof(e->manifest.previous))) {
        bt_findings_report_epoch(findings, e, BAUTA_FINDING_CHAIN, 0);
        return;
    }
    if (!c->latest_is_last)
        bt_findings_report_epoch(findings, e, BAUTA_FINDING_TAIL_CUT, 0);
    bt_findings_report_epoch(findings, e, BAUTA_FINDING_JOINED, 0);
}

/* Whether a stream is of the run of the one before, and signed by the same. */
static bool is_same_run(const struct bt_epoch_chain *c, const struct bt_manifest *m)
{
    return bauta_run_is_same(c->latest_stream, m->stream_id) &&
           memcmp(c->latest_signer, m->signer_id, sizeof(m->signer_id)) == 0;
}

/* A manifest of another stream of the run, which does not follow on the one before. */
static void follow_run(struct bt_epoch_chain *c, const struct bt_signed_epoch *e,
                       struct bt_findings *findings)
{
    const struct bt_manifest *m = &e->manifest;
    int64_t after = bt_run_distance(c->latest_stream, m->stream_id);
    if (after < 0) {
        leaves_gap(c, m);
        bt_findings_report_epoch(findings, e, BAUTA_FINDING_EPOCH_MOVED, 1);
    } else if (is_zero(m->previous, sizeof(m->previous))) { /* only a run's first stream has this */
        bt_findings_report_epoch(findings, e, BAUTA_FINDING_CHAIN, 0);
    } else if (after > 1 || m->epoch > 0 || c->knows_chain) {
        uint64_t n_least = (uint64_t)after - 1 + m->epoch; /* of the streams between one each */
        note_gap(c, e, n_least ? n_least : 1, findings);
    }
}

bool bt_epoch_chain_follows(const struct bt_epoch_chain *c, const struct bt_signed_epoch *e)
{
    return c->knows_chain && memcmp(e->manifest.previous, c->latest_hash, BT_HASH_SIZE) == 0;
}

void bt_epoch_chain_judge(struct bt_epoch_chain *c, const struct bt_signed_epoch *e,
                          struct bt_findings *findings)
{
    const struct bt_manifest *m = &e->manifest;
    bool same_stream = memcmp(m->stream_id, c->latest_stream, sizeof(c->latest_stream)) == 0;
    if (bt_epoch_chain_follows(c, e))
        return;
    if (!c->has_latest) {
        if (!is_zero(m->previous, sizeof(m->previous)))
            bt_findings_report_epoch(
                findings, e, c->pieces ? BAUTA_FINDING_BEGINS : BAUTA_FINDING_HEAD_CUT, m->epoch);
    } else if (!same_stream && is_same_run(c, m)) {
        follow_run(c, e, findings);
    } else if (!same_stream) {
        if (c->knows_chain)
            follow_other_stream(c, e, findings);
    } else if (m->epoch > c->latest_epoch + 1) {
        note_gap(c, e, 0, findings);
    } else if (m->epoch <= c->latest_epoch) {
        leaves_gap(c, m);
        bt_findings_report_epoch(findings, e, BAUTA_FINDING_EPOCH_MOVED, 1);
    } else if (c->knows_chain) {
        bt_findings_report_epoch(findings, e, BAUTA_FINDING_CHAIN, 0);
    }
}

enum bauta_status bt_epoch_chain_go_on(struct bt_epoch_chain *c, const struct bt_signed_epoch *e)
{
    const struct bt_manifest *m = &e->manifest;
    bool same_stream = memcmp(m->stream_id, c->latest_stream, sizeof(c->latest_stream)) == 0;
    bool before = same_stream
                      ? m->epoch <= c->latest_epoch
                      : is_same_run(c, m) && bt_run_distance(c->latest_stream, m->stream_id) < 0;
    if (c->has_latest && before)
        return BAUTA_OK;
    c->has_latest = c->knows_chain = true;
    c->latest_is_last = m->last;
    c->latest_epoch = m->epoch;
    c->latest_file = e->units[0].stamp.file;
    memcpy(c->latest_stream, m->stream_id, sizeof(c->latest_stream));
    memcpy(c->latest_signer, m->signer_id, sizeof(c->latest_signer));
    return bt_hash_bytes(c->latest_hash, bt_buffer_view(&e->manifest_bytes));
}

bool bt_epoch_chain_expects(const struct bt_epoch_chain *c, const struct bt_signed_epoch *e)
{
    if (!c->knows_chain || !e->is_named)
        return false;
    int64_t after = bt_run_distance(c->latest_stream, e->stream_tag);
    return after == 0 ? e->epoch == c->latest_epoch + 1 : after == 1 && e->epoch == 0;
}

void bt_epoch_chain_pass(struct bt_epoch_chain *c, const struct bt_signed_epoch *e)
{
    c->knows_chain = false;
    if (!c->has_latest || !e->is_named)
        return;
    int64_t after = bt_run_distance(c->latest_stream, e->stream_tag);
    if (after < 0 || after > MOST_KEY_CHANGES || (after == 0 && e->epoch <= c->latest_epoch))
        return;
    c->latest_epoch = e->epoch;
    memcpy(c->latest_stream, e->stream_tag, BT_STREAM_TAG);
}

static void report_gaps(struct bt_epoch_chain *c, struct bt_findings *findings)
{
    for (int i = 0; i < c->n_gaps; i++) {
        const struct bt_epoch_gap *g = &c->gaps[i];
        struct bauta_finding finding = {.kind = BAUTA_FINDING_EPOCH_CUT,
                                        .first_s = g->time_s,
                                        .last_s = g->time_s,
                                        .n = g->n_least ? g->n_least
                                                        : (uint64_t)g->last - g->first + 1,
                                        .at_least = g->n_least > 0,
                                        .epoch = g->first,
                                        .file = g->file};
        memcpy(finding.stream_id, g->stream_id, sizeof(finding.stream_id));
        bt_findings_report(findings, &finding);
    }
    c->n_gaps = 0;
}

void bt_epoch_chain_finish(struct bt_epoch_chain *c, double last_s, struct bt_findings *findings)
{
    report_gaps(c, findings);
    if (!c->has_latest || c->latest_is_last)
        return;
    struct bauta_finding finding = {.kind = c->pieces ? BAUTA_FINDING_ENDS : BAUTA_FINDING_TAIL_CUT,
                                    .first_s = last_s,
                                    .last_s = last_s,
                                    .epoch = c->latest_epoch,
                                    .file = c->latest_file};
    memcpy(finding.stream_id, c->latest_stream, sizeof(finding.stream_id));
    bt_findings_report(findings, &finding);
}
