/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_HPKE_H
#define BT_HPKE_H

#include <bauta/bytes.h>
#include <bauta/status.h>

#include "crypto/aead.h"

/*
 * Hybrid public key encryption, RFC 9180, base mode, single shot, with DHKEM(X25519, HKDF-SHA256)
 * (0x0020), HKDF-SHA256 (0x0001) and AES-256-GCM (0x0002). OpenSSL 3.0 has the parts, not the whole
 * (its own HPKE came with 3.2). AES-128-GCM (0x0001) is there because RFC 9180's appendix has its
 * vectors, which run through the same code.
 */
enum bt_hpke_aead { BT_HPKE_AES_128_GCM = 1, BT_HPKE_AES_256_GCM = 2 };

struct bt_hpke_suite {
    enum bt_hpke_aead aead;
    struct bauta_bytes info, aad;
};

/* Seals `plain` to a public key of 32 bytes: writes `enc` (32 bytes) and plain.size + BT_TAG_SIZE
 * bytes of `sealed`. BAUTA_ERR_FORMAT if the key is unfit, BAUTA_ERR_CRYPTO. */
BAUTA_MUST_CHECK enum bauta_status bt_hpke_seal(uint8_t enc[BT_ENC_SIZE], uint8_t *sealed,
                                                const struct bt_hpke_suite *suite,
                                                const uint8_t recipient[BT_RAW_KEY_SIZE],
                                                struct bauta_bytes plain);
/* The same with a given ephemeral private key; only for published vectors: one key, one use. */
BAUTA_MUST_CHECK enum bauta_status bt_hpke_seal_with(uint8_t enc[BT_ENC_SIZE], uint8_t *sealed,
                                                     const struct bt_hpke_suite *suite,
                                                     const uint8_t recipient[BT_RAW_KEY_SIZE],
                                                     struct bauta_bytes plain,
                                                     const uint8_t ephemeral[BT_RAW_KEY_SIZE]);
/* Writes sealed.size - BT_TAG_SIZE bytes.
 * BAUTA_ERR_TAMPERED if it was not sealed to this key, so. */
BAUTA_MUST_CHECK enum bauta_status bt_hpke_open(uint8_t *plain, const struct bt_hpke_suite *suite,
                                                const uint8_t private_key[BT_RAW_KEY_SIZE],
                                                const uint8_t enc[BT_ENC_SIZE],
                                                struct bauta_bytes sealed);

#endif
