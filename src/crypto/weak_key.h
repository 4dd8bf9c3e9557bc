/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WEAK_KEY_H
#define BT_WEAK_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/status.h>

#include "crypto/key_type.h"
#include "crypto/sizes.h"

/*
 * Whether a public key protects what it is used for. BAUTA_ERR_FORMAT: it does not. An X25519 key
 * of small order gives everybody the same secret (RFC 7748, 6.1), and one in another than its only
 * right form (RFC 7748, 5: 255 bits, below 2^255 - 19) would let one member of a group pass for
 * two; an Ed25519 key of small order has signatures that nobody made. No program makes such a key.
 * BAUTA_ERR_CRYPTO.
 */
BAUTA_MUST_CHECK enum bauta_status bt_weak_key_check(enum bt_key_type type,
                                                     const uint8_t public_key[BT_RAW_KEY_SIZE]);

#endif
