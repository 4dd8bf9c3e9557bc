/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_H
#define BT_KEY_H

#include <bauta/key.h>

#include "crypto/sizes.h"

/* Raw X25519 keys, for HPKE. */
struct bauta_public_key {
    uint8_t bytes[BT_RAW_KEY_SIZE];
    uint8_t id[BAUTA_KEY_ID_SIZE];
};

struct bauta_private_key {
    uint8_t bytes[BT_RAW_KEY_SIZE];
    uint8_t public_bytes[BT_RAW_KEY_SIZE];
    uint8_t id[BAUTA_KEY_ID_SIZE]; /* of the public key that belongs to it */
};

/* Raw Ed25519 keys. */
struct bauta_signer {
    uint8_t bytes[BT_RAW_KEY_SIZE];
    uint8_t id[BAUTA_KEY_ID_SIZE];
};

struct bauta_signing_key {
    uint8_t bytes[BT_RAW_KEY_SIZE];
    uint8_t public_bytes[BT_RAW_KEY_SIZE];
    uint8_t id[BAUTA_KEY_ID_SIZE];
};

/* Fills in the public half of a signing key whose 32 bytes are given. BAUTA_ERR_CRYPTO. */
BAUTA_MUST_CHECK enum bauta_status bt_signing_key_complete(struct bauta_signing_key *key);

#endif
