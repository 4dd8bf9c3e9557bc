/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "crypto/key.h"
#include "crypto/key_file.h"
#include "crypto/key_pem.h"
#include "crypto/secret.h"

enum bauta_status bauta_signing_key_new(const char *private_path, const char *public_path,
                                        const char *passphrase, const struct bauta_log *log)
{
    return bt_key_pem_new(BT_KEY_ED25519, private_path, public_path, passphrase, log);
}

enum bauta_status bauta_signer_parse(struct bauta_signer **signer, struct bauta_bytes pem,
                                     const char *name, const struct bauta_log *log)
{
    if (!signer || !name || (pem.size && !pem.data))
        return BAUTA_ERR_ARGUMENT;
    *signer = calloc(1, sizeof(**signer));
    if (!*signer)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = bt_key_pem_public((*signer)->bytes, BT_KEY_ED25519, pem, name, log);
    if (!status)
        status = bt_key_id((*signer)->id, (*signer)->bytes);
    if (status)
        bauta_signer_free(signer);
    return status;
}

enum bauta_status bauta_signing_key_parse(struct bauta_signing_key **key, struct bauta_bytes pem,
                                          const char *passphrase, const char *name,
                                          const struct bauta_log *log)
{
    if (!key || !name || (pem.size && !pem.data))
        return BAUTA_ERR_ARGUMENT;
    *key = bt_secret_new(sizeof(**key));
    if (!*key)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = bt_key_pem_private((*key)->bytes, (*key)->public_bytes,
                                                  BT_KEY_ED25519, pem, passphrase, name, log);
    if (!status)
        status = bt_key_id((*key)->id, (*key)->public_bytes);
    if (status)
        bauta_signing_key_free(key);
    return status;
}

enum bauta_status bauta_signer_read(struct bauta_signer **signer, const char *path,
                                    const struct bauta_log *log)
{
    if (!signer || !path)
        return BAUTA_ERR_ARGUMENT;
    *signer = NULL;
    struct bt_buffer text = {0};
    enum bauta_status status = bt_key_file_read(&text, path, NULL, log);
    if (!status)
        status = bauta_signer_parse(signer, bt_buffer_view(&text), path, log);
    bt_buffer_clear(&text);
    return status;
}

enum bauta_status bauta_signing_key_read(struct bauta_signing_key **key, const char *path,
                                         const char *passphrase, const struct bauta_log *log)
{
    if (!key || !path)
        return BAUTA_ERR_ARGUMENT;
    *key = NULL;
    struct bt_buffer text = {0};
    bool open_to_others = false;
    enum bauta_status status = bt_key_file_read(&text, path, &open_to_others, log);
    if (!status)
        status = bauta_signing_key_parse(key, bt_buffer_view(&text), passphrase, path, log);
    bt_buffer_wipe(&text);
    if (status || !open_to_others)
        return status;
    bauta_signing_key_free(key);
    return bt_key_file_refuse_open(path, log);
}

void bauta_signer_free(struct bauta_signer **signer)
{
    if (!signer)
        return;
    free(*signer);
    *signer = NULL;
}

void bauta_signing_key_free(struct bauta_signing_key **key)
{
    if (!key)
        return;
    bt_secret_free(*key, sizeof(**key));
    *key = NULL;
}

void bauta_signer_id(uint8_t id[BAUTA_KEY_ID_SIZE], const struct bauta_signer *signer)
{
    memcpy(id, signer->id, BAUTA_KEY_ID_SIZE);
}

void bauta_signing_key_id(uint8_t id[BAUTA_KEY_ID_SIZE], const struct bauta_signing_key *key)
{
    memcpy(id, key->id, BAUTA_KEY_ID_SIZE);
}
