/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_EPOCH_VERDICT_H
#define BT_EPOCH_VERDICT_H

#include <bauta/verifier.h>

#include "verify/signed_epoch.h"

/* How often each thing was found in an epoch, and between which times. */
struct bt_tally {
    uint64_t n;
    double first_s, last_s;
    const struct bt_amendment *amendment; /* which says so, if one does */
};

/* What comparing an epoch with its manifest gives. */
struct bt_epoch_verdict {
    struct bt_tally kinds[BAUTA_N_FINDINGS];
    uint64_t n_authentic; /* pictures */
    int n_amendments;     /* of trusted signers, whose seal is good */
    struct bt_amendment amendments[BT_MAX_AMENDMENTS];
};

/* Compares the contents of an epoch with its manifest, whose signature was verified already, and
 * notes in its units when they were to be shown. */
BAUTA_MUST_CHECK enum bauta_status bt_epoch_judge(struct bt_epoch_verdict *verdict,
                                                  struct bt_signed_epoch *epoch,
                                                  const struct bauta_signer *const *signers,
                                                  int n_signers);

#endif
