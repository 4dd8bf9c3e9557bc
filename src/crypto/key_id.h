/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_ID_H
#define BT_KEY_ID_H

#include <bauta/key.h>

#include "crypto/sizes.h"

/* The first bytes of SHA-256 over the raw bytes of a public key. */
BAUTA_MUST_CHECK enum bauta_status bt_key_id(uint8_t id[BAUTA_KEY_ID_SIZE],
                                             const uint8_t public_bytes[BT_RAW_KEY_SIZE]);

#endif
