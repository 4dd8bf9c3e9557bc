/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_PEM_H
#define BT_KEY_PEM_H

#include <stdbool.h>

#include <bauta/bytes.h>
#include <bauta/key.h>

#include "crypto/key_type.h"
#include "crypto/sizes.h"

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
BAUTA_MUST_CHECK enum bauta_status bt_key_pem_public(uint8_t bytes[BT_RAW_KEY_SIZE],
                                                     uint8_t id[BAUTA_KEY_ID_SIZE],
                                                     enum bt_key_type type,
                                                     const struct bt_key_source *source);
/* Those of a private key and of the public key that belongs to it, from PKCS#8 as PEM.
 * BAUTA_ERR_DENIED: the passphrase is wrong, or NULL where one is needed, or others can read the
 * file; and pbes2.h's. */
BAUTA_MUST_CHECK enum bauta_status bt_key_pem_private(uint8_t bytes[BT_RAW_KEY_SIZE],
                                                      uint8_t public_bytes[BT_RAW_KEY_SIZE],
                                                      uint8_t id[BAUTA_KEY_ID_SIZE],
                                                      enum bt_key_type type,
                                                      const struct bt_key_source *source);
#endif
