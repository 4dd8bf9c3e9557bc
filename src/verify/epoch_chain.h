/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_EPOCH_CHAIN_H
#define BT_EPOCH_CHAIN_H

#include "crypto/hash.h"
#include "verify/findings.h"

enum { BT_MAX_GAPS = 64 };

/* Epochs that were passed over, unless they come later: of one stream, or, where the stream changed
 * meanwhile, from behind an epoch of one to before an epoch of a later one of its run. */
struct bt_epoch_gap {
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    uint32_t first, last;
    uint64_t n_least; /* in the second case, how many at least; else 0 */
    uint8_t to_stream[BAUTA_STREAM_ID_SIZE];
    uint32_t to_epoch;
    double time_s;
    uint32_t file;
};

/* Whether epochs follow one another as their manifests say. */
struct bt_epoch_chain {
    bool pieces; /* are judged: no fault that the recording goes on before and behind them */
    /* Of the latest epoch, by number, whose manifest is good. */
    bool has_latest, latest_is_last;
    bool knows_chain; /* latest_hash is that of the epoch met last */
    uint8_t latest_stream[BAUTA_STREAM_ID_SIZE], latest_hash[BT_HASH_SIZE];
    uint8_t latest_signer[BAUTA_KEY_ID_SIZE];
    uint32_t latest_epoch, latest_file;
    struct bt_epoch_gap gaps[BT_MAX_GAPS];
    int n_gaps;
};

/* Whether an epoch says that it comes after the one that was met last. */
bool bt_epoch_chain_follows(const struct bt_epoch_chain *chain,
                            const struct bt_signed_epoch *epoch);
/* Reports what is wrong with the place of an epoch whose manifest is good. */
void bt_epoch_chain_judge(struct bt_epoch_chain *chain, const struct bt_signed_epoch *epoch,
                          struct bt_findings *findings);
/* Whether an epoch comes next, by what it says itself: nothing proves it. */
bool bt_epoch_chain_expects(const struct bt_epoch_chain *chain,
                            const struct bt_signed_epoch *epoch);
/* Goes on from it. BAUTA_ERR_CRYPTO. */
BAUTA_MUST_CHECK enum bauta_status bt_epoch_chain_go_on(struct bt_epoch_chain *chain,
                                                        const struct bt_signed_epoch *epoch);
/* Passes an epoch whose place nothing proves; by what it says itself, it is not missing. */
void bt_epoch_chain_pass(struct bt_epoch_chain *chain, const struct bt_signed_epoch *epoch);
/* At the end: what is missing still, and whether the recording ends where it should. */
void bt_epoch_chain_finish(struct bt_epoch_chain *chain, double last_s,
                           struct bt_findings *findings);

#endif
