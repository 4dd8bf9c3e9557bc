/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x25519.h"

#include <stdbool.h>
#include <stddef.h>
#include <openssl/evp.h>

#include <bauta/secrets.h>

#include "crypto/random.h"

enum bauta_status bt_x25519_generate(uint8_t private_key[BT_RAW_KEY_SIZE])
{
    return bt_random(private_key, 32); /* any 32 bytes: RFC 7748 clamps them on use */
}

enum bauta_status bt_x25519_public(uint8_t public_key[BT_RAW_KEY_SIZE],
                                   const uint8_t private_key[BT_RAW_KEY_SIZE])
{
    size_t size = 32;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key, 32);
    bool done = key && EVP_PKEY_get_raw_public_key(key, public_key, &size) == 1;
    EVP_PKEY_free(key);
    return done ? BAUTA_OK : BAUTA_ERR_CRYPTO;
}

enum bauta_status bt_x25519_agree(uint8_t secret[BT_SHARED_SECRET_SIZE],
                                  const uint8_t private_key[BT_RAW_KEY_SIZE],
                                  const uint8_t peer_public_key[BT_RAW_KEY_SIZE])
{
    size_t size = 32;
    EVP_PKEY *own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key, 32);
    EVP_PKEY *peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, peer_public_key, 32);
    EVP_PKEY_CTX *context = own && peer ? EVP_PKEY_CTX_new(own, NULL) : NULL;
    bool ready = context && EVP_PKEY_derive_init(context) == 1 &&
                 EVP_PKEY_derive_set_peer(context, peer) == 1;
    bool done =
        ready && EVP_PKEY_derive(context, secret, &size) == 1; /* refuses an all-zero secret */
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(own);
    EVP_PKEY_free(peer);
    if (!done)
        bauta_wipe(secret, 32);
    if (done)
        return BAUTA_OK;
    return ready ? BAUTA_ERR_FORMAT : BAUTA_ERR_CRYPTO;
}
