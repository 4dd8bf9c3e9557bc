/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_X25519_H
#define BT_X25519_H

#include <stdint.h>

#include <bauta/status.h>

#include "crypto/sizes.h"

/* X25519, RFC 7748; keys and secrets are 32 bytes. */

BAUTA_MUST_CHECK enum bauta_status bt_x25519_generate(uint8_t private_key[BT_RAW_KEY_SIZE]);
BAUTA_MUST_CHECK enum bauta_status bt_x25519_public(uint8_t public_key[BT_RAW_KEY_SIZE],
                                                    const uint8_t private_key[BT_RAW_KEY_SIZE]);
/* BAUTA_ERR_FORMAT for a peer's key of small order,
 * which gives an all-zero secret (RFC 7748, 6.1). */
BAUTA_MUST_CHECK enum bauta_status bt_x25519_agree(uint8_t secret[BT_SHARED_SECRET_SIZE],
                                                   const uint8_t private_key[BT_RAW_KEY_SIZE],
                                                   const uint8_t peer_public_key[BT_RAW_KEY_SIZE]);

#endif
