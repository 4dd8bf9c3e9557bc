/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_H
#define BT_KEY_H

#include <bauta/key.h>

/* Raw X25519 keys, for HPKE. */
struct bauta_public_key {
    uint8_t bytes[32];
    uint8_t id[BAUTA_KEY_ID_SIZE];
};

struct bauta_private_key {
    uint8_t bytes[32];
    uint8_t id[BAUTA_KEY_ID_SIZE]; /* of the public key that belongs to it */
};

#endif
