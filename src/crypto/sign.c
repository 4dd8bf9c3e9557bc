/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <stdbool.h>
#include <string.h>
#include <openssl/evp.h>

#include "base/buffer.h"
#include "crypto/key.h"
#include "crypto/key_id.h"

static void join(struct bt_buffer *to, const char *purpose, struct bauta_bytes bytes)
{
    bt_buffer_append(to, (struct bauta_bytes){(const uint8_t *)purpose, strlen(purpose)});
    bt_buffer_append(to, bytes);
}

enum bauta_status bt_sign(uint8_t signature[BAUTA_SIGNATURE_SIZE],
                          const struct bauta_signing_key *key, const char *purpose,
                          struct bauta_bytes bytes)
{
    struct bt_buffer text = {0};
    join(&text, purpose, bytes);
    enum bauta_status status = bt_buffer_status(&text);
    EVP_PKEY *own = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->bytes, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t size = BAUTA_SIGNATURE_SIZE;
    if (!status && (!own || !context || EVP_DigestSignInit(context, NULL, NULL, NULL, own) != 1 ||
                    EVP_DigestSign(context, signature, &size, text.data, text.size) != 1))
        status = BAUTA_ERR_CRYPTO;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(own);
    bt_buffer_clear(&text);
    return status;
}

enum bauta_status bt_sign_append(struct bt_buffer *out, size_t start,
                                 const struct bauta_signing_key *key, const char *purpose)
{
    uint8_t signature[BAUTA_SIGNATURE_SIZE];
    enum bauta_status status = bt_buffer_status(out);
    if (!status)
        status = bt_sign(signature, key, purpose,
                         (struct bauta_bytes){out->data + start, out->size - start});
    if (status)
        return status;
    bt_buffer_append(out, (struct bauta_bytes){signature, sizeof(signature)});
    return bt_buffer_status(out);
}

enum bauta_status bt_sign_verify(const uint8_t signature[BAUTA_SIGNATURE_SIZE],
                                 const struct bauta_signer *signer, const char *purpose,
                                 struct bauta_bytes bytes)
{
    struct bt_buffer text = {0};
    join(&text, purpose, bytes);
    enum bauta_status status = bt_buffer_status(&text);
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, signer->bytes, 32);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!status && (!key || !context || EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) != 1))
        status = BAUTA_ERR_CRYPTO;
    if (!status &&
        EVP_DigestVerify(context, signature, BAUTA_SIGNATURE_SIZE, text.data, text.size) != 1)
        status = BAUTA_ERR_TAMPERED;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    bt_buffer_clear(&text);
    return status;
}

enum bauta_status bt_signing_key_complete(struct bauta_signing_key *key)
{
    size_t size = sizeof(key->public_bytes);
    EVP_PKEY *own = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key->bytes, 32);
    bool done = own && EVP_PKEY_get_raw_public_key(own, key->public_bytes, &size) == 1;
    EVP_PKEY_free(own);
    return done ? bt_key_id(key->id, key->public_bytes) : BAUTA_ERR_CRYPTO;
}
