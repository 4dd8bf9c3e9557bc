/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_STREAM_KEYS_H
#define BT_STREAM_KEYS_H

#include <stdbool.h>

#include <bauta/key.h>

#include "recovery/stream_message.h"

/* The key of a stream that is being written; it lives in memory only. */
struct bt_writer_keys {
    uint8_t stream_key[32];
    bool has_epoch;
    uint32_t epoch; /* that epoch_key is for */
    uint8_t epoch_key[32];
    struct bt_stream_message message; /* all but epoch and time, which each epoch fills in */
};

/* A fresh random stream id and key, sealed to each recipient. */
BAUTA_MUST_CHECK enum bauta_status
bt_writer_keys_init(struct bt_writer_keys *keys, const struct bauta_public_key *const *recipients,
                    int n_recipients, int object_codec);
/* Derives the epoch's key into keys->epoch_key. */
BAUTA_MUST_CHECK enum bauta_status bt_writer_keys_enter(struct bt_writer_keys *keys,
                                                        uint32_t epoch);
void bt_writer_keys_clear(struct bt_writer_keys *keys); /* wipes */

/* A stream that a reader has met. */
struct bt_reader_key {
    uint8_t stream_id[BT_STREAM_ID_SIZE];
    int object_codec;
    bool open; /* false: not sealed to this reader's key */
    uint8_t stream_key[32];
    bool has_epoch;
    uint32_t epoch; /* that epoch_key is for */
    uint8_t epoch_key[32];
};

enum { BT_MAX_STREAMS = 64 }; /* that one reader remembers; files joined together have several */

struct bt_reader_keys {
    const struct bauta_private_key *key; /* borrowed */
    struct bt_reader_key *items;
    int n_items;
};

/* Learns from a stream message: opens its envelope for this key if there is one. BAUTA_OK also when
 * there is none; BAUTA_ERR_TAMPERED when there is one that does not open. */
BAUTA_MUST_CHECK enum bauta_status bt_reader_keys_learn(struct bt_reader_keys *keys,
                                                        const struct bt_stream_message *message);
/* The stream of a picture message, NULL if its stream message was not met. */
struct bt_reader_key *bt_reader_keys_find(const struct bt_reader_keys *keys,
                                          const uint8_t stream_tag[BT_STREAM_TAG]);
/* Derives the epoch's key into key->epoch_key. BAUTA_ERR_DENIED if the stream is not open. */
BAUTA_MUST_CHECK enum bauta_status bt_reader_key_enter(struct bt_reader_key *key, uint32_t epoch);
void bt_reader_keys_clear(struct bt_reader_keys *keys); /* wipes */

#endif
