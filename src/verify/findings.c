/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/findings.h"

#include <math.h>
#include <string.h>

void bt_findings_report(struct bt_findings *findings, const struct bauta_finding *finding)
{
    findings->faulty |= bauta_finding_is_fault(finding->kind);
    struct bauta_finding told = *finding;
    if (isnan(told.first_s)) /* none of them is shown */
        told.first_s = told.last_s = 0;
    if (findings->found)
        findings->found(findings->user, &told);
}

struct bauta_finding bt_findings_about(const struct bt_signed_epoch *e,
                                       enum bauta_finding_kind kind)
{
    struct bauta_finding finding = {.kind = kind,
                                    .first_s = e->units[0].time_s,
                                    .last_s = e->units[0].time_s,
                                    .n = e->n_units,
                                    .epoch = e->epoch,
                                    .file = e->units[0].stamp.file};
    for (size_t i = 0; i < e->n_units; i++) {
        double time_s = e->units[i].time_s;
        finding.first_s = fmin(finding.first_s, time_s);
        finding.last_s = fmax(finding.last_s, time_s);
    }
    memcpy(finding.stream_id, e->stream_tag, BT_STREAM_TAG);
    if (e->has_manifest) {
        memcpy(finding.stream_id, e->manifest.stream_id, sizeof(finding.stream_id));
        memcpy(finding.key_id, e->manifest.signer_id, sizeof(finding.key_id));
    }
    return finding;
}

void bt_findings_report_epoch(struct bt_findings *findings, const struct bt_signed_epoch *e,
                              enum bauta_finding_kind kind, uint64_t n)
{
    struct bauta_finding finding = bt_findings_about(e, kind);
    finding.n = n;
    bt_findings_report(findings, &finding);
}

bool bauta_finding_continues(const struct bauta_finding *last, uint32_t last_epoch,
                             const struct bauta_finding *f)
{
    return last->kind == f->kind && last->utc_ms == f->utc_ms &&
           (f->epoch == last_epoch || f->epoch == last_epoch + 1) &&
           memcmp(last->stream_id, f->stream_id, sizeof(f->stream_id)) == 0 &&
           memcmp(last->key_id, f->key_id, sizeof(f->key_id)) == 0 &&
           strcmp(last->reason, f->reason) == 0;
}

/* Not told by the numbers, so that a new kind can stand anywhere; no default, so that the compiler
 * asks what it is. */
bool bauta_finding_is_fault(enum bauta_finding_kind kind)
{
    switch (kind) {
    case BAUTA_FINDING_AUTHENTIC:
    case BAUTA_FINDING_ERASED:
    case BAUTA_FINDING_LOCKED:
    case BAUTA_FINDING_REWRAPPED:
    case BAUTA_FINDING_BEGINS:
    case BAUTA_FINDING_ENDS:
    case BAUTA_FINDING_ENDS_OPEN:
    case BAUTA_FINDING_JOINED:
        return false;
    case BAUTA_FINDING_UNSIGNED:
    case BAUTA_FINDING_UNKNOWN_SIGNER:
    case BAUTA_FINDING_FORGED:
    case BAUTA_FINDING_PICTURE_CHANGED:
    case BAUTA_FINDING_PICTURE_CUT:
    case BAUTA_FINDING_PICTURE_ADDED:
    case BAUTA_FINDING_PICTURE_MOVED:
    case BAUTA_FINDING_RECOVERY_STRIPPED:
    case BAUTA_FINDING_RECOVERY_CHANGED:
    case BAUTA_FINDING_RECOVERY_SWAPPED:
    case BAUTA_FINDING_NOT_ERASED:
    case BAUTA_FINDING_HEADER_CHANGED:
    case BAUTA_FINDING_RECIPIENTS_CHANGED:
    case BAUTA_FINDING_PARAMETERS_CHANGED:
    case BAUTA_FINDING_EPOCH_CUT:
    case BAUTA_FINDING_EPOCH_MOVED:
    case BAUTA_FINDING_CHAIN:
    case BAUTA_FINDING_HEAD_CUT:
    case BAUTA_FINDING_TAIL_CUT:
    case BAUTA_FINDING_TIMES_CHANGED:
        return true;
    }
    return true;
}

const char *bauta_finding_name(enum bauta_finding_kind kind)
{
    static const char *const names[BAUTA_N_FINDINGS] = {"authentic",
                                                        "erased",
                                                        "locked",
                                                        "rewrapped",
                                                        "begins here: the recording goes on before",
                                                        "ends here: the recording goes on after",
                                                        "a signature may come with what follows",
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
                                                        "erased, and still there",
                                                        "header changed",
                                                        "recipients changed",
                                                        "parameters changed",
                                                        "epochs cut out",
                                                        "epoch moved",
                                                        "chain broken",
                                                        "head cut off",
                                                        "tail cut off",
                                                        "shown at other times"};
    return (unsigned)kind < BAUTA_N_FINDINGS ? names[kind] : NULL;
}
