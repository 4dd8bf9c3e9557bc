/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_REMAINS_H
#define BT_REMAINS_H

#include "verify/epoch_verdict.h"
#include "verify/findings.h"

/* Short names of digests, good enough to tell those of one recording apart. */
struct bt_remains_list {
    uint64_t *items;
    size_t n, n_allocated;
};

/* What stands beside the pictures of one of the recording's files. */
struct bt_remains_file {
    uint32_t file;          /* as in a finding */
    size_t first;           /* of `others` */
    uint64_t n_unread;      /* messages that cannot be read */
    double first_s, last_s; /* of pictures with such messages, or others */
};

/*
 * What a recording says was erased, and is in it all the same: as a picture's own capsule, or in a
 * picture message beside it, which readers pass over and others may not.
 */
struct bt_remains {
    struct bt_remains_list erased; /* by amendments of trusted signers */
    struct bt_remains_list others; /* capsules in messages that are no picture's own */
    struct bt_remains_file *files; /* that have some, in order */
    size_t n_files, n_allocated;
};

/* Takes a picture message of a file that is not its access unit's own. */
BAUTA_MUST_CHECK enum bauta_status bt_remains_note(struct bt_remains *remains,
                                                   struct bauta_bytes message, double time_s,
                                                   uint32_t file);
/* Takes what was erased in an epoch, and reports what of it is still its pictures' own: `*found`.
 */
BAUTA_MUST_CHECK enum bauta_status bt_remains_judge_epoch(struct bt_remains *remains, bool *found,
                                                          const struct bt_signed_epoch *epoch,
                                                          const struct bt_epoch_verdict *verdict,
                                                          struct bt_findings *findings);
/* At the end: reports what stands in other messages, of each file. */
void bt_remains_finish(struct bt_remains *remains, struct bt_findings *findings);
void bt_remains_clear(struct bt_remains *remains);

#endif
