/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/epoch_chain.h"

#include <string.h>

/* An epoch that was missed comes after all; gives whether it was. */
static bool leaves_gap(struct bt_epoch_chain *c, const struct bt_manifest *m)
{
    for (int i = 0; i < c->n_gaps; i++) {
        struct bt_epoch_gap *g = &c->gaps[i];
        if (memcmp(g->stream_id, m->stream_id, sizeof(g->stream_id)) != 0 || m->epoch < g->first ||
            m->epoch > g->last)
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

static void note_gap(struct bt_epoch_chain *c, const struct bt_signed_epoch *e,
                     struct bt_findings *findings)
{
    const struct bt_manifest *m = &e->manifest;
    findings->faulty = true;
    if (c->n_gaps == BT_MAX_GAPS)
        return; /* the first ones are told; that it is faulty is certain */
    struct bt_epoch_gap *g = &c->gaps[c->n_gaps++];
    *g = (struct bt_epoch_gap){.first = c->latest_epoch + 1,
                               .last = m->epoch - 1,
                               .time_s = e->units[0].time_s,
                               .file = e->units[0].stamp.file};
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
    } else if (!same_stream) {
        if (c->knows_chain)
            follow_other_stream(c, e, findings);
    } else if (m->epoch > c->latest_epoch + 1) {
        note_gap(c, e, findings);
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
    if (c->has_latest && same_stream && m->epoch <= c->latest_epoch)
        return BAUTA_OK;
    c->has_latest = c->knows_chain = true;
    c->latest_is_last = m->last;
    c->latest_epoch = m->epoch;
    c->latest_file = e->units[0].stamp.file;
    memcpy(c->latest_stream, m->stream_id, sizeof(c->latest_stream));
    return bt_hash_bytes(c->latest_hash, bt_buffer_view(&e->manifest_bytes));
}

bool bt_epoch_chain_expects(const struct bt_epoch_chain *c, const struct bt_signed_epoch *e)
{
    return c->knows_chain && e->is_named && e->epoch == c->latest_epoch + 1 &&
           memcmp(e->stream_tag, c->latest_stream, BT_STREAM_TAG) == 0;
}

void bt_epoch_chain_pass(struct bt_epoch_chain *c, const struct bt_signed_epoch *e)
{
    c->knows_chain = false;
    if (c->has_latest && e->is_named && e->epoch > c->latest_epoch &&
        memcmp(e->stream_tag, c->latest_stream, BT_STREAM_TAG) == 0)
        c->latest_epoch = e->epoch;
}

static void report_gaps(struct bt_epoch_chain *c, struct bt_findings *findings)
{
    for (int i = 0; i < c->n_gaps; i++) {
        const struct bt_epoch_gap *g = &c->gaps[i];
        struct bauta_finding finding = {.kind = BAUTA_FINDING_EPOCH_CUT,
                                        .first_s = g->time_s,
                                        .last_s = g->time_s,
                                        .n = (uint64_t)g->last - g->first + 1,
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
