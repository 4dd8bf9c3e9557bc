/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_EPOCH_TIMES_H
#define BT_EPOCH_TIMES_H

#include "verify/signed_epoch.h"

/* By how much a file's clock is ahead of the one that was signed, as it was found last. */
struct bt_file_clock {
    bool known;
    uint32_t file;
    double ahead_s, since_s; /* since this time of the signed clock */
};

/* What comparing an epoch's time stamps with what was signed gives. */
struct bt_times_verdict {
    uint64_t n_held;         /* pictures with both */
    bool faulty;             /* one of them at least is shown at another time */
    double signed_s, told_s; /* how long they last, as signed and by the file */
    double off_s;            /* how far the worst is off */
};

/*
 * Compares. A file's clock may begin anywhere, has ticks, and may differ from the signer's as two
 * good clocks do; it may not run faster or slower, pause, or jump. `goes_on`: the epoch follows the
 * one that was compared before. BAUTA_ERR_MEMORY.
 */
BAUTA_MUST_CHECK enum bauta_status bt_epoch_times_judge(struct bt_times_verdict *verdict,
                                                        struct bt_file_clock *clock,
                                                        const struct bt_signed_epoch *epoch,
                                                        bool goes_on);

#endif
