/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FINDINGS_H
#define BT_FINDINGS_H

#include <bauta/verifier.h>

#include "verify/signed_epoch.h"

/* Where findings go, and whether one of them was a fault. */
struct bt_findings {
    void *user;
    void (*found)(void *user, const struct bauta_finding *finding); /* may be NULL */
    bool faulty;
};

void bt_findings_report(struct bt_findings *findings, const struct bauta_finding *finding);
/* A finding about an epoch as a whole; it has units. */
struct bauta_finding bt_findings_about(const struct bt_signed_epoch *epoch,
                                       enum bauta_finding_kind kind);
void bt_findings_report_epoch(struct bt_findings *findings, const struct bt_signed_epoch *epoch,
                              enum bauta_finding_kind kind, uint64_t n);

#endif
