/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MESSAGES_H
#define BT_MESSAGES_H

#include <bauta/protector.h>

#include <stdbool.h>

#include "base/buffer.h"
#include "recovery/wire.h"

/* Between messages and access units: the slices hash, and SEI in and out. */

/* The leading bytes of SHA-256 over the picture's coded slices as they stand in `au`: for each VCL
 * NAL unit its size in 32 bits and its bytes. BAUTA_ERR_FORMAT if there is none. */
BAUTA_MUST_CHECK enum bauta_status bt_messages_hash_slices(uint8_t hash[BT_SLICES_HASH],
                                                           enum bauta_codec codec,
                                                           struct bauta_bytes au);

/* Writes `au` with the messages, each in an SEI NAL unit of its own, before its first slice. */
BAUTA_MUST_CHECK enum bauta_status bt_messages_insert(struct bt_buffer *out, enum bauta_codec codec,
                                                      struct bauta_bytes au,
                                                      const struct bauta_bytes *messages,
                                                      int n_messages);

/* Writes `au` with these messages, perhaps none, in place of all that it has of Bauta's. With
 * `n_unread` (or NULL) also NAL units go, and are counted there, that bear Bauta's UUID and are no
 * SEI that can be read, nor slices or parameter sets. BAUTA_ERR_FORMAT: there are messages, and
 * `au` has no slice. */
BAUTA_MUST_CHECK enum bauta_status
bt_messages_replace(struct bt_buffer *out, uint64_t *n_unread, enum bauta_codec codec,
                    struct bauta_bytes au, const struct bauta_bytes *messages, int n_messages);

/* The time of a picture as readers keep it: NAN for one that is never shown, which callers may also
 * say by an infinite time. */
double bt_messages_time(double time_s);

/* Whether `au` holds an original that somebody may be able to open: a capsule, or a picture message
 * that cannot be read, as of a later version. */
BAUTA_MUST_CHECK enum bauta_status bt_messages_sealed(bool *sealed, enum bauta_codec codec,
                                                      struct bauta_bytes au);

/* Calls `found` for every message of Bauta in `au`, in order, until it fails; the bytes hold for
 * the call. `*sei_bytes` (or NULL) grows by the size of the NAL units that carry them. */
BAUTA_MUST_CHECK enum bauta_status
bt_messages_collect(enum bauta_codec codec, struct bauta_bytes au, size_t *sei_bytes,
                    enum bauta_status (*found)(void *user, struct bauta_bytes message), void *user);

#endif
