/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hkdf.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <bauta/secrets.h>

static OSSL_PARAM octets(const char *name, struct bauta_bytes bytes)
{
    static uint8_t nothing;
    /* OpenSSL's parameters are not const, but input ones are only read */
    union {
        const uint8_t *in;
        uint8_t *out;
    } data = {bytes.size ? bytes.data : &nothing};
    return OSSL_PARAM_construct_octet_string(name, data.out, bytes.size);
}

static enum bauta_status derive(uint8_t *out, size_t size, int mode, struct bauta_bytes key,
                                OSSL_PARAM other)
{
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                           OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
                           octets(OSSL_KDF_PARAM_KEY, key), other, OSSL_PARAM_construct_end()};
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf ? EVP_KDF_CTX_new(kdf) : NULL;
    int done = context && EVP_KDF_derive(context, out, size, params) == 1;
    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    if (!done)
        bauta_wipe(out, size);
    return done ? BAUTA_OK : BAUTA_ERR_CRYPTO;
}

enum bauta_status bt_hkdf_extract(uint8_t prk[BT_HASH_SIZE], struct bauta_bytes salt,
                                  struct bauta_bytes secret)
{
    return derive(prk, 32, EVP_KDF_HKDF_MODE_EXTRACT_ONLY, secret,
                  octets(OSSL_KDF_PARAM_SALT, salt));
}

enum bauta_status bt_hkdf_expand(uint8_t *out, size_t size, struct bauta_bytes prk,
                                 struct bauta_bytes info)
{
    return derive(out, size, EVP_KDF_HKDF_MODE_EXPAND_ONLY, prk, octets(OSSL_KDF_PARAM_INFO, info));
}
