/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_PEM_H
#define BT_KEY_PEM_H

#include <stdbool.h>

#include <bauta/bytes.h>
#include <bauta/key.h>

/* The two kinds of keys that files hold, by the names that OpenSSL has for them; each has 32 raw
 * bytes, private and public. */
enum bt_key_type { BT_KEY_X25519, BT_KEY_ED25519 };

const char *bt_key_type_name(enum bt_key_type type);

/* Where a key comes from: a file, or PEM in memory. */
struct bt_key_source {
    bool is_file;
    const char *name;       /* the file, or what stands for it in sentences */
    struct bauta_bytes pem; /* if it is none */
    const char *passphrase; /* of a private key; or NULL */
    const struct bauta_log *log;
};

/* The raw bytes of a public key, from SubjectPublicKeyInfo as PEM, and its id. BAUTA_ERR_IO;
 * BAUTA_ERR_FORMAT: it is none of this type; the log says what it is. */
BAUTA_MUST_CHECK enum bauta_status bt_key_pem_public(uint8_t bytes[32],
                                                     uint8_t id[BAUTA_KEY_ID_SIZE],
                                                     enum bt_key_type type,
                                                     const struct bt_key_source *source);
/* Those of a private key and of the public key that belongs to it, from PKCS#8 as PEM.
 * BAUTA_ERR_DENIED: the passphrase is wrong, or NULL where one is needed, or others can read the
 * file; and pbes2.h's. */
BAUTA_MUST_CHECK enum bauta_status bt_key_pem_private(uint8_t bytes[32], uint8_t public_bytes[32],
                                                      uint8_t id[BAUTA_KEY_ID_SIZE],
                                                      enum bt_key_type type,
                                                      const struct bt_key_source *source);
/* A fresh pair into two new files, as bauta_key_new() says. */
BAUTA_MUST_CHECK enum bauta_status bt_key_pem_new(enum bt_key_type type, const char *private_path,
                                                  const char *public_path, const char *passphrase,
                                                  const struct bauta_log *log);

#endif
