/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pkcs8.h"

#include <string.h>
#include <openssl/evp.h>

#include "crypto/der.h"

#define X25519  "\x2b\x65\x6e" /* RFC 8410, 3 */
#define ED25519 "\x2b\x65\x70"
#define RSA     "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
#define EC      "\x2a\x86\x48\xce\x3d\x02\x01"

enum { KEY = 32 };

enum bauta_status bt_pkcs8_read(struct bt_pkcs8 *key, struct bauta_bytes der)
{
    *key = (struct bt_pkcs8){.type = {NULL, 0}};
    struct bt_reader r;
    bt_reader_init(&r, der);
    struct bt_reader whole = bt_der_enter(&r, BT_DER_SEQUENCE);
    uint64_t version = bt_der_number(&whole);
    struct bt_reader type = bt_der_enter(&whole, BT_DER_SEQUENCE);
    key->type = bt_der_take(&type, BT_DER_OBJECT);
    key->bytes = bt_der_take(&whole, BT_DER_OCTETS);
    if (bt_der_follows(&whole, BT_DER_CONTEXT))
        bt_der_take(&whole, BT_DER_CONTEXT);
    if (bt_der_follows(&whole, BT_DER_CONTEXT_1)) {
        struct bt_reader bits = bt_der_enter(&whole, BT_DER_CONTEXT_1);
        if (bt_reader_u8(&bits) != 0) /* unused bits of the last byte */
            return BAUTA_ERR_FORMAT;
        key->public_bytes = bt_reader_take(&bits, bt_reader_left(&bits));
    }
    const bool sound = !whole.overrun && !type.overrun && version <= 1 &&
                       bt_reader_left(&whole) == 0 && bt_reader_left(&r) == 0;
    return sound ? BAUTA_OK : BAUTA_ERR_FORMAT;
}

bool bt_pkcs8_is(const struct bt_pkcs8 *key, enum bt_key_type type)
{
    return bt_der_is(key->type, type == BT_KEY_ED25519 ? ED25519 : X25519, sizeof(X25519) - 1);
}

void bt_pkcs8_type_name(char *name, const struct bt_pkcs8 *key)
{
    if (bt_der_is(key->type, RSA, sizeof(RSA) - 1))
        strcpy(name, "RSA");
    else if (bt_der_is(key->type, EC, sizeof(EC) - 1))
        strcpy(name, "EC");
    else
        bt_der_name(name, key->type);
}

enum bauta_status bt_pkcs8_raw(uint8_t bytes[BT_RAW_KEY_SIZE],
                               uint8_t public_bytes[BT_RAW_KEY_SIZE], const struct bt_pkcs8 *key,
                               enum bt_key_type type)
{
    struct bt_reader r;
    size_t size = KEY;
    bt_reader_init(&r, key->bytes);
    struct bauta_bytes raw = bt_der_take(&r, BT_DER_OCTETS); /* CurvePrivateKey */
    if (r.overrun || raw.size != KEY || bt_reader_left(&r) > 0)
        return BAUTA_ERR_FORMAT;
    EVP_PKEY *made =
        EVP_PKEY_new_raw_private_key_ex(NULL, bt_key_type_name(type), NULL, raw.data, raw.size);
    const bool done = made && EVP_PKEY_get_raw_public_key(made, public_bytes, &size) == 1;
    EVP_PKEY_free(made);
    if (!done)
        return BAUTA_ERR_CRYPTO;
    if (key->public_bytes.size > 0 &&
        (key->public_bytes.size != KEY || memcmp(key->public_bytes.data, public_bytes, KEY) != 0))
        return BAUTA_ERR_TAMPERED;
    memcpy(bytes, raw.data, KEY);
    return BAUTA_OK;
}
