/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_OPENED_GRANT_H
#define BT_OPENED_GRANT_H

#include "authority/grant.h"
#include "crypto/key_nodes.h"

/* The keys in a grant, opened by its holder; in memory for secrets. */
struct bt_opened_grant {
    int n_streams;
    uint8_t stream_ids[BT_MAX_GRANT_STREAMS][BT_GRANT_STREAM_ID];
    struct bt_key_nodes streams[BT_MAX_GRANT_STREAMS]; /* parts of `nodes` */
    struct bt_key_nodes nodes;
};

/* `now_ms` as for bauta_grant_check(). BAUTA_ERR_DENIED: it is another's, wants approval still, or
 * has expired; BAUTA_ERR_TAMPERED: it was altered; having said why. */
BAUTA_MUST_CHECK enum bauta_status bt_opened_grant_init(struct bt_opened_grant *opened,
                                                        const struct bauta_grant *grant,
                                                        const struct bauta_private_key *key,
                                                        uint64_t now_ms,
                                                        const struct bauta_log *log);
/* Its keys of one stream, perhaps none. */
struct bt_key_nodes bt_opened_grant_nodes(const struct bt_opened_grant *opened,
                                          const uint8_t stream_id[BT_GRANT_STREAM_ID]);
void bt_opened_grant_clear(struct bt_opened_grant *opened); /* wipes */

#endif
