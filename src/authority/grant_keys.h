/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_GRANT_KEYS_H
#define BT_GRANT_KEYS_H

#include "authority/statement.h"
#include "crypto/key_nodes.h"

enum { BT_MAX_GRANT_KEYS = 1 << 17 };

/*
 * Which keys a statement stands for, in the order in which a grant holds them: stream by stream,
 * span by span. Everybody of every class: the nodes that cover the span. Some classes: for each
 * epoch, each class's. Some targets: for each epoch, each class, each target's. Fills `nodes`, all
 * but the keys, which the caller frees with bt_secret_free(); `n_of_stream` has a place for each
 * stream. BAUTA_ERR_LIMIT: more than BT_MAX_GRANT_KEYS.
 */
BAUTA_MUST_CHECK enum bauta_status bt_grant_keys(struct bt_key_nodes *nodes, size_t *n_of_stream,
                                                 const struct bt_statement *s);
/* How many that are; BT_MAX_GRANT_KEYS + 1 if more than the limit. */
size_t bt_grant_count_keys(const struct bt_statement *s);

#endif
