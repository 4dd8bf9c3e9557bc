/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PKCS8_H
#define BT_PKCS8_H

#include <stdbool.h>

#include <bauta/bytes.h>
#include <bauta/status.h>

#include "crypto/key_type.h"
#include "crypto/sizes.h"

/*
 * A private key, in PKCS#8 of version 1 or 2 (RFC 5958, 2: PrivateKeyInfo, OneAsymmetricKey):
 *
 *     SEQUENCE {
 *       INTEGER 0 or 1,
 *       SEQUENCE { OBJECT IDENTIFIER, parameters },
 *       OCTET STRING,                                its bytes, in a form of its type's own
 *       [0] attributes                               may be missing
 *       [1] BIT STRING                               of version 2 only, and may be missing
 *     }
 */
struct bt_pkcs8 {
    struct bauta_bytes type;         /* the object identifier */
    struct bauta_bytes bytes;        /* views into what was read */
    struct bauta_bytes public_bytes; /* empty: none is attached */
};

/* BAUTA_ERR_FORMAT: it is none. */
BAUTA_MUST_CHECK enum bauta_status bt_pkcs8_read(struct bt_pkcs8 *key, struct bauta_bytes der);
/* Whether it is of a type; RFC 8410, 3. */
bool bt_pkcs8_is(const struct bt_pkcs8 *key, enum bt_key_type type);
/* The raw bytes of a key of such a type, and those of its public key. BAUTA_ERR_FORMAT: they are
 * not 32 (RFC 8410, 7); BAUTA_ERR_TAMPERED: the public key that is attached is another's. */
BAUTA_MUST_CHECK enum bauta_status bt_pkcs8_raw(uint8_t bytes[BT_RAW_KEY_SIZE],
                                                uint8_t public_bytes[BT_RAW_KEY_SIZE],
                                                const struct bt_pkcs8 *key, enum bt_key_type type);
/* "RSA", for sentences. `name` has room for BT_DER_NAME bytes. */
void bt_pkcs8_type_name(char *name, const struct bt_pkcs8 *key);

#endif
