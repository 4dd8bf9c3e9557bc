/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SIGN_H
#define BT_SIGN_H

#include <bauta/bytes.h>
#include <bauta/key.h>

#include "base/buffer.h"
#include "crypto/sizes.h"

/*
 * Ed25519 (RFC 8032, 5.1) over `purpose`, an ASCII text that keeps what is signed for one purpose
 * from being taken for another ("" where other programs verify), directly followed by `bytes`.
 * BAUTA_ERR_CRYPTO, _MEMORY.
 */
BAUTA_MUST_CHECK enum bauta_status bt_sign(uint8_t signature[BAUTA_SIGNATURE_SIZE],
                                           const struct bauta_signing_key *key, const char *purpose,
                                           struct bauta_bytes bytes);
/* Signs what stands in `out` from `start` on, and appends the signature. */
BAUTA_MUST_CHECK enum bauta_status bt_sign_append(struct bt_buffer *out, size_t start,
                                                  const struct bauta_signing_key *key,
                                                  const char *purpose);
/* BAUTA_ERR_TAMPERED if the signature is not this signer's of this. */
BAUTA_MUST_CHECK enum bauta_status bt_sign_verify(const uint8_t signature[BAUTA_SIGNATURE_SIZE],
                                                  const struct bauta_signer *signer,
                                                  const char *purpose, struct bauta_bytes bytes);

#endif
