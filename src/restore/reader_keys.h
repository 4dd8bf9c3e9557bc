/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_READER_KEYS_H
#define BT_READER_KEYS_H

#include <stdbool.h>

#include <bauta/key.h>

#include "authority/opened_grant.h"
#include "crypto/key_nodes.h"
#include "recovery/stream_message.h"

/* A stream that a reader has met, and what it can open of it. */
struct bt_reader_key {
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    int object_codec;
    struct bt_key_node root;   /* the stream key, if an envelope opened */
    struct bt_key_nodes nodes; /* the root, or a grant's; none: nothing opens */
    bool has_epoch;
    struct bt_key_node epoch; /* derived last, to save time */
};

enum { BT_MAX_STREAMS = 64 }; /* that one reader remembers; files joined together have several */

struct bt_reader_keys {
    const struct bauta_private_key *key; /* borrowed; opens envelopes, unless there is a grant */
    const struct bt_opened_grant *grant; /* borrowed, or NULL: then only its keys count */
    struct bt_reader_key *items;
    int n_items;
};

/* Learns from a stream message: opens its envelope for this key if there is one, or finds the
 * grant's keys for it. BAUTA_OK also when there is none; BAUTA_ERR_TAMPERED when there is one that
 * does not open. */
BAUTA_MUST_CHECK enum bauta_status bt_reader_keys_learn(struct bt_reader_keys *keys,
                                                        const struct bt_stream_message *message);
/* The stream of a picture message, NULL if its stream message was not met. */
struct bt_reader_key *bt_reader_keys_find(const struct bt_reader_keys *keys,
                                          const uint8_t stream_tag[BT_STREAM_TAG]);
/* The key that a capsule is sealed with. BAUTA_ERR_DENIED if this reader has no right to it. */
BAUTA_MUST_CHECK enum bauta_status bt_reader_key_target(uint8_t target_key[BT_KEY_SIZE],
                                                        struct bt_reader_key *key,
                                                        const struct bt_key_place *place);
void bt_reader_keys_clear(struct bt_reader_keys *keys); /* wipes */

#endif
