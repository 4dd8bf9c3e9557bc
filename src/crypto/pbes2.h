/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PBES2_H
#define BT_PBES2_H

#include <bauta/bytes.h>
#include <bauta/log.h>
#include <bauta/status.h>

/* What a passphrase protects, and in sentences. */
struct bt_sealed_key {
    struct bauta_bytes der; /* EncryptedPrivateKeyInfo (RFC 5958, 3) */
    const char *passphrase; /* or NULL */
    const char *name;
    const struct bauta_log *log;
};

/*
 * Takes the passphrase off a private key: scheme PBES2 (RFC 8018, 6.2) with PBKDF2 or scrypt (RFC
 * 7914), and AES-128-CBC or AES-256-CBC. `*plain` is the PKCS#8 within, to be freed with
 * bt_secret_free(). Before any derivation: BAUTA_ERR_FORMAT, damaged; BAUTA_ERR_UNSUPPORTED,
 * another scheme, which the log names; BAUTA_ERR_LIMIT, key_cost.h. BAUTA_ERR_DENIED: the
 * passphrase is wrong, or NULL. One wrong one in 256 gives bytes that are no key.
 */
BAUTA_MUST_CHECK enum bauta_status bt_pbes2_open(uint8_t **plain, size_t *size,
                                                 const struct bt_sealed_key *sealed);
/* "the passphrase is wrong", and BAUTA_ERR_DENIED. */
BAUTA_MUST_CHECK enum bauta_status bt_pbes2_wrong(const struct bt_sealed_key *sealed);

#endif
