/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/key_new.h"
#include "crypto/key_pem.h"
#include "crypto/secret.h"

enum bauta_status bauta_key_new(const char *private_path, const char *public_path,
                                const char *passphrase, const struct bauta_log *log)
{
    return bt_key_new(BT_KEY_X25519, private_path, public_path, passphrase, log);
}

static enum bauta_status load_public(struct bauta_public_key **key,
                                     const struct bt_key_source *source)
{
    if (!key || !source->name || (source->pem.size && !source->pem.data))
        return BAUTA_ERR_ARGUMENT;
    *key = calloc(1, sizeof(**key));
    if (!*key)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = bt_key_pem_public((*key)->bytes, (*key)->id, BT_KEY_X25519, source);
    if (status)
        bauta_public_key_free(key);
    return status;
}

static enum bauta_status load_private(struct bauta_private_key **key,
                                      const struct bt_key_source *source)
{
    if (!key || !source->name || (source->pem.size && !source->pem.data))
        return BAUTA_ERR_ARGUMENT;
    *key = bt_secret_new(sizeof(**key));
    if (!*key)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status =
        bt_key_pem_private((*key)->bytes, (*key)->public_bytes, (*key)->id, BT_KEY_X25519, source);
    if (status)
        bauta_private_key_free(key);
    return status;
}

enum bauta_status bauta_public_key_parse(struct bauta_public_key **key, struct bauta_bytes pem,
                                         const char *name, const struct bauta_log *log)
{
    return load_public(key, &(struct bt_key_source){false, name, pem, NULL, log});
}

enum bauta_status bauta_public_key_read(struct bauta_public_key **key, const char *path,
                                        const struct bauta_log *log)
{
    return load_public(key, &(struct bt_key_source){true, path, {NULL, 0}, NULL, log});
}

enum bauta_status bauta_private_key_parse(struct bauta_private_key **key, struct bauta_bytes pem,
                                          const char *passphrase, const char *name,
                                          const struct bauta_log *log)
{
    return load_private(key, &(struct bt_key_source){false, name, pem, passphrase, log});
}

enum bauta_status bauta_private_key_read(struct bauta_private_key **key, const char *path,
                                         const char *passphrase, const struct bauta_log *log)
{
    return load_private(key, &(struct bt_key_source){true, path, {NULL, 0}, passphrase, log});
}

void bauta_public_key_free(struct bauta_public_key **key)
{
    if (!key)
        return;
    free(*key);
    *key = NULL;
}

void bauta_private_key_free(struct bauta_private_key **key)
{
    if (!key)
        return;
    bt_secret_free(*key, sizeof(**key));
    *key = NULL;
}

void bauta_public_key_id(uint8_t id[BAUTA_KEY_ID_SIZE], const struct bauta_public_key *key)
{
    memcpy(id, key->id, BAUTA_KEY_ID_SIZE);
}

void bauta_private_key_id(uint8_t id[BAUTA_KEY_ID_SIZE], const struct bauta_private_key *key)
{
    memcpy(id, key->id, BAUTA_KEY_ID_SIZE);
}
