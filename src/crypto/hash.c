/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <openssl/evp.h>

void bt_hash_init(struct bt_hash *hash)
{
    hash->context = EVP_MD_CTX_new();
    hash->failed = !hash->context || EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) != 1;
}

void bt_hash_add(struct bt_hash *hash, struct bauta_bytes bytes)
{
    if (!hash->failed && bytes.size)
        hash->failed = EVP_DigestUpdate(hash->context, bytes.data, bytes.size) != 1;
}

enum bauta_status bt_hash_finish(struct bt_hash *hash, uint8_t out[BT_HASH_SIZE])
{
    if (!hash->failed)
        hash->failed = EVP_DigestFinal_ex(hash->context, out, NULL) != 1;
    EVP_MD_CTX_free(hash->context);
    hash->context = NULL;
    return hash->failed ? BAUTA_ERR_CRYPTO : BAUTA_OK;
}

enum bauta_status bt_hash_bytes(uint8_t out[BT_HASH_SIZE], struct bauta_bytes bytes)
{
    struct bt_hash hash;
    bt_hash_init(&hash);
    bt_hash_add(&hash, bytes);
    return bt_hash_finish(&hash, out);
}
