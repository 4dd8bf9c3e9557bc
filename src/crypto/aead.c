/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <openssl/evp.h>

#include <bauta/secrets.h>

static const EVP_CIPHER *cipher_for(const struct bt_aead *aead)
{
    return aead->key_size == 16 ? EVP_aes_128_gcm() : EVP_aes_256_gcm();
}

static bool begin(EVP_CIPHER_CTX *context, const struct bt_aead *aead, bool seal)
{
    int written = 0;
    if (aead->aad.size > INT_MAX ||
        EVP_CipherInit_ex(context, cipher_for(aead), NULL, aead->key, aead->nonce, seal) != 1)
        return false;
    return aead->aad.size == 0 ||
           EVP_CipherUpdate(context, NULL, &written, aead->aad.data, (int)aead->aad.size) == 1;
}

static bool update(EVP_CIPHER_CTX *context, uint8_t *out, struct bauta_bytes in)
{
    int written = 0;
    return in.size == 0 || (EVP_CipherUpdate(context, out, &written, in.data, (int)in.size) == 1 &&
                            (size_t)written == in.size);
}

enum bauta_status bt_aead_seal(uint8_t *out, const struct bt_aead *aead, struct bauta_bytes in)
{
    int written = 0;
    EVP_CIPHER_CTX *context = in.size < INT_MAX ? EVP_CIPHER_CTX_new() : NULL;
    bool done =
        context && begin(context, aead, true) && update(context, out, in) &&
        EVP_EncryptFinal_ex(context, out + in.size, &written) == 1 &&
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, BT_TAG_SIZE, out + in.size) == 1;
    EVP_CIPHER_CTX_free(context);
    if (!done)
        bauta_wipe(out, in.size + BT_TAG_SIZE);
    return done ? BAUTA_OK : BAUTA_ERR_CRYPTO;
}

enum bauta_status bt_aead_open(uint8_t *out, const struct bt_aead *aead, struct bauta_bytes in)
{
    if (in.size < BT_TAG_SIZE || in.size >= INT_MAX)
        return BAUTA_ERR_TAMPERED;
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    if (!context)
        return BAUTA_ERR_MEMORY;
    int written = 0;
    struct bauta_bytes text = {in.data, in.size - BT_TAG_SIZE};
    uint8_t tag[BT_TAG_SIZE];
    memcpy(tag, in.data + text.size, BT_TAG_SIZE);
    /* GCM decrypts as it goes; nothing may be used before the tag is checked,
     * so wipe if it is bad. */
    bool good = begin(context, aead, false) && update(context, out, text) &&
                EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, BT_TAG_SIZE, tag) == 1 &&
                EVP_DecryptFinal_ex(context, out + text.size, &written) == 1;
    EVP_CIPHER_CTX_free(context);
    if (!good)
        bauta_wipe(out, text.size);
    return good ? BAUTA_OK : BAUTA_ERR_TAMPERED;
}
