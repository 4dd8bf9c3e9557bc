/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_AEAD_H
#define BT_AEAD_H

#include <bauta/bytes.h>
#include <bauta/status.h>

#include "crypto/sizes.h"

/* AES in Galois/counter mode (NIST SP 800-38D), keys of 32 bytes,
 * or 16 for RFC 9180's own vectors. */
struct bt_aead {
    const uint8_t *key;
    size_t key_size;
    const uint8_t *nonce; /* BT_NONCE_SIZE bytes; never twice with one key */
    struct bauta_bytes aad;
};

/* Writes in.size + BT_TAG_SIZE bytes. BAUTA_ERR_CRYPTO; `out` is then all zero. */
BAUTA_MUST_CHECK enum bauta_status bt_aead_seal(uint8_t *out, const struct bt_aead *aead,
                                                struct bauta_bytes in);
/* Writes in.size - BT_TAG_SIZE bytes, only if the seal is good: BAUTA_ERR_TAMPERED, and `out` all
 * zero, if it is not. */
BAUTA_MUST_CHECK enum bauta_status bt_aead_open(uint8_t *out, const struct bt_aead *aead,
                                                struct bauta_bytes in);

#endif
