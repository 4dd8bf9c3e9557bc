/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CAPSULE_H
#define BT_CAPSULE_H

#include <bauta/status.h>
#include <bauta/target.h>

#include "base/privacy.h"
#include "recovery/wire.h"

/*
 * What a capsule is bound to. The key is the target key of (stream key, epoch, class, target), the
 * nonce the picture's number in 96 bits, the associated data the stream id followed by the head of
 * the picture message. A key and a nonce meet once: a picture holds a target and class once, its
 * number is unique in its epoch, and the stream key is fresh in every run.
 */
struct bt_seal_context {
    const uint8_t *epoch_key; /* 32 bytes */
    const uint8_t *stream_id; /* BAUTA_STREAM_ID_SIZE bytes */
    uint32_t picture;
    struct bauta_bytes head_bytes;
};

/* Seals `record` (which stays as it is; wipe it) into `capsule`. BAUTA_ERR_CRYPTO or _MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_capsule_seal(struct bt_capsule *capsule,
                                                   const struct bt_record *record,
                                                   const struct bt_seal_context *context,
                                                   enum bauta_class class_, uint32_t target);

/* Opens `capsule` into `record`; BAUTA_ERR_TAMPERED if it is not exactly what was sealed in this
 * very place, and `record` stays empty. */
BAUTA_MUST_CHECK enum bauta_status bt_capsule_open(struct bt_record *record,
                                                   struct bauta_bytes capsule,
                                                   const struct bt_seal_context *context,
                                                   enum bauta_class class_, uint32_t target);

/* The same with the target key itself; context->epoch_key is not read. */
BAUTA_MUST_CHECK enum bauta_status bt_capsule_open_with(struct bt_record *record,
                                                        struct bauta_bytes capsule,
                                                        const struct bt_seal_context *context,
                                                        const uint8_t target_key[BT_KEY_SIZE]);

void bt_capsule_clear(struct bt_capsule *capsule);

#endif
