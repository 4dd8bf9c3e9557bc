/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WRITER_KEYS_H
#define BT_WRITER_KEYS_H

#include <stdbool.h>

#include "crypto/group.h"
#include "crypto/key.h"
#include "recovery/stream_message.h"

/* Everybody that streams are sealed to. */
struct bt_recipients {
    int n_keys, n_groups;
    struct bauta_public_key keys[BAUTA_MAX_RECIPIENTS];
    struct bauta_group groups[BAUTA_MAX_RECIPIENTS / 2];
};

/* Copies them. BAUTA_ERR_ARGUMENT: nobody, or more envelopes (one a key, one a member) than a
 * stream message has room for. */
BAUTA_MUST_CHECK enum bauta_status
bt_recipients_init(struct bt_recipients *recipients, const struct bauta_public_key *const *keys,
                   int n_keys, const struct bauta_group *const *groups, int n_groups);

/* The key of a stream that is being written; it lives in memory only. Pictures that have not left
 * when the next stream begins still need it, so it is counted. */
struct bt_writer_keys {
    int n_users;
    uint8_t stream_key[BT_KEY_SIZE];
    bool has_epoch;
    uint32_t epoch; /* that epoch_key is for */
    uint8_t epoch_key[BT_KEY_SIZE];
    struct bt_stream_message message; /* all but epoch and time, which each epoch fills in */
};

/* A fresh random key, sealed to everybody, for the stream of a run that comes after `before`, or,
 * with NULL, the first of a new run. */
BAUTA_MUST_CHECK enum bauta_status bt_writer_keys_new(struct bt_writer_keys **keys,
                                                      const struct bt_recipients *recipients,
                                                      enum bauta_codec object_codec,
                                                      const struct bt_writer_keys *before);
struct bt_writer_keys *bt_writer_keys_ref(struct bt_writer_keys *keys);
void bt_writer_keys_unref(struct bt_writer_keys **keys); /* the last one wipes */
/* Derives the epoch's key into keys->epoch_key. */
BAUTA_MUST_CHECK enum bauta_status bt_writer_keys_enter(struct bt_writer_keys *keys,
                                                        uint32_t epoch);

#endif
