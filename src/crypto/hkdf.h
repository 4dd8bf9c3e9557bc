/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_HKDF_H
#define BT_HKDF_H

#include <bauta/bytes.h>
#include <bauta/status.h>

#include "crypto/sizes.h"

/* HKDF with SHA-256, RFC 5869. Both wipe what they make on failure and say BAUTA_ERR_CRYPTO. */

/* RFC 5869, 2.2: `prk` is 32 bytes; an empty salt stands for 32 zero bytes. */
BAUTA_MUST_CHECK enum bauta_status
bt_hkdf_extract(uint8_t prk[BT_HASH_SIZE], struct bauta_bytes salt, struct bauta_bytes secret);
/* RFC 5869, 2.3: at most 255 * 32 bytes, from a key of at least 32. */
BAUTA_MUST_CHECK enum bauta_status bt_hkdf_expand(uint8_t *out, size_t size, struct bauta_bytes prk,
                                                  struct bauta_bytes info);

#endif
