/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_pem.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/log.h"
#include "crypto/der.h"
#include "crypto/key_file.h"
#include "crypto/key_id.h"
#include "crypto/pbes2.h"
#include "crypto/pem_blocks.h"
#include "crypto/pkcs8.h"
#include "crypto/secret.h"
#include "crypto/weak_key.h"

/* A text with a key in it, and how it is spoken of. */
struct text {
    enum bt_key_type type; /* wanted */
    const char *half;      /* "private" or "public" */
    struct bauta_bytes pem;
    const char *passphrase, *name;
    const struct bauta_log *log;
};

/* Says what a text holds instead of what was wanted. */
static enum bauta_status refuse(const struct text *t, const char *instead)
{
    return bt_log_fail(t->log, BAUTA_ERR_FORMAT, "%s: not an %s %s key, but %s", t->name,
                       bt_key_type_name(t->type), t->half, instead);
}

static enum bauta_status refuse_block(const struct text *t, const struct bt_pem_block *block)
{
    char words[128];
    bt_pem_words(words, sizeof(words), block, t->pem);
    return refuse(t, words);
}

static enum bauta_status refuse_type(const struct text *t, const char *type)
{
    char words[128];
    const char *other = bt_key_type_name(t->type == BT_KEY_X25519 ? BT_KEY_ED25519 : BT_KEY_X25519);
    snprintf(words, sizeof(words), "a key of type %.80s%s", type,
             strcasecmp(type, other) != 0 ? ""
             : t->type == BT_KEY_X25519   ? ", which is for signing"
                                          : ", which is for opening");
    return refuse(t, words);
}

static enum bauta_status find_block(struct bt_pem_block *block, const char *const *labels,
                                    const struct text *t)
{
    if (t->pem.size >= BT_KEY_FILE_MOST)
        return bt_log_fail(t->log, BAUTA_ERR_FORMAT, "%s: too large for a key file", t->name);
    return bt_pem_block_find(block, labels, t->pem);
}

static enum bauta_status refuse_weak(const uint8_t bytes[BT_RAW_KEY_SIZE], const struct text *t)
{
    enum bauta_status status = bt_weak_key_check(t->type, bytes);
    if (status != BAUTA_ERR_FORMAT)
        return status;
    return bt_log_fail(t->log, status, "%s: a weak %s public key, which no program makes: %s",
                       t->name, bt_key_type_name(t->type),
                       t->type == BT_KEY_X25519 ? "what is sealed to it is open to others"
                                                : "anybody can sign in its name");
}

static enum bauta_status parse_public(uint8_t bytes[BT_RAW_KEY_SIZE], const struct text *t)
{
    static const char *const labels[] = {"PUBLIC KEY", NULL};
    struct bt_pem_block block;
    enum bauta_status status = find_block(&block, labels, t);
    if (status)
        return status;
    EVP_PKEY *parsed = NULL;
    size_t size = 32;
    const unsigned char *at = block.data;
    if (!block.label || strcmp(block.label, labels[0]) != 0)
        status = refuse_block(t, &block);
    else if ((parsed = d2i_PUBKEY(NULL, &at, (long)block.size)) == NULL)
        status = refuse(t, "a PUBLIC KEY that is damaged, or of a type that is not known");
    else if (!EVP_PKEY_is_a(parsed, bt_key_type_name(t->type)))
        status = refuse_type(t, EVP_PKEY_get0_type_name(parsed));
    else if (EVP_PKEY_get_raw_public_key(parsed, bytes, &size) != 1)
        status = BAUTA_ERR_CRYPTO;
    else
        status = refuse_weak(bytes, t);
    EVP_PKEY_free(parsed);
    bt_pem_block_clear(&block);
    return status;
}

/* The key in a PKCS#8 structure. */
static enum bauta_status take_private(uint8_t bytes[BT_RAW_KEY_SIZE],
                                      uint8_t public_bytes[BT_RAW_KEY_SIZE], struct bauta_bytes der,
                                      const struct text *t)
{
    char type[BT_DER_NAME];
    struct bt_pkcs8 key;
    enum bauta_status status = bt_pkcs8_read(&key, der);
    if (!status && !bt_pkcs8_is(&key, t->type)) {
        bt_pkcs8_type_name(type, &key);
        return refuse_type(t, type);
    }
    if (!status)
        status = bt_pkcs8_raw(bytes, public_bytes, &key, t->type);
    if (status == BAUTA_ERR_TAMPERED)
        return bt_log_fail(t->log, BAUTA_ERR_FORMAT,
                           "%s: the public key that is attached to this private key is another "
                           "key's",
                           t->name);
    return status == BAUTA_ERR_FORMAT ? refuse(t, "a PRIVATE KEY that is damaged") : status;
}

static enum bauta_status take_sealed(uint8_t bytes[BT_RAW_KEY_SIZE],
                                     uint8_t public_bytes[BT_RAW_KEY_SIZE], struct bauta_bytes der,
                                     const struct text *t)
{
    const struct bt_sealed_key sealed = {der, t->passphrase, t->name, t->log};
    uint8_t *plain;
    size_t size;
    struct bt_pkcs8 key;
    enum bauta_status status = bt_pbes2_open(&plain, &size, &sealed);
    if (status)
        return status;
    const struct bauta_bytes opened = {plain, size};
    if (bt_pkcs8_read(&key, opened)) /* one wrong passphrase in 256 leaves bytes */
        status = bt_pbes2_wrong(&sealed);
    else
        status = take_private(bytes, public_bytes, opened, t);
    bt_secret_free(plain, size);
    return status;
}

static enum bauta_status parse_private(uint8_t bytes[BT_RAW_KEY_SIZE],
                                       uint8_t public_bytes[BT_RAW_KEY_SIZE], const struct text *t)
{
    static const char *const labels[] = {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", NULL};
    struct bt_pem_block block;
    enum bauta_status status = find_block(&block, labels, t);
    if (status)
        return status;
    const struct bauta_bytes der = {block.data, block.size};
    if (block.label && strcmp(block.label, labels[0]) == 0)
        status = take_private(bytes, public_bytes, der, t);
    else if (block.label && strcmp(block.label, labels[1]) == 0)
        status = take_sealed(bytes, public_bytes, der, t);
    else
        status = refuse_block(t, &block);
    bt_pem_block_clear(&block);
    return status;
}

enum bauta_status bt_key_pem_public(uint8_t bytes[BT_RAW_KEY_SIZE], uint8_t id[BAUTA_KEY_ID_SIZE],
                                    enum bt_key_type type, const struct bt_key_source *source)
{
    struct bt_buffer text = {0};
    enum bauta_status status =
        source->is_file ? bt_key_file_read(&text, source->name, NULL, source->log) : BAUTA_OK;
    if (!status)
        status = parse_public(bytes,
                              &(struct text){type, "public",
                                             source->is_file ? bt_buffer_view(&text) : source->pem,
                                             NULL, source->name, source->log});
    bt_buffer_clear(&text);
    return status ? status : bt_key_id(id, bytes);
}

enum bauta_status bt_key_pem_private(uint8_t bytes[BT_RAW_KEY_SIZE],
                                     uint8_t public_bytes[BT_RAW_KEY_SIZE],
                                     uint8_t id[BAUTA_KEY_ID_SIZE], enum bt_key_type type,
                                     const struct bt_key_source *source)
{
    struct bt_buffer text = {0};
    bool open_to_others = false;
    enum bauta_status status =
        source->is_file ? bt_key_file_read(&text, source->name, &open_to_others, source->log)
                        : BAUTA_OK;
    if (!status)
        status = parse_private(bytes, public_bytes,
                               &(struct text){type, "private",
                                              source->is_file ? bt_buffer_view(&text) : source->pem,
                                              source->passphrase, source->name, source->log});
    bt_buffer_wipe(&text);
    if (!status && open_to_others)
        status = bt_key_file_refuse_open(source->name, source->log);
    return status ? status : bt_key_id(id, public_bytes);
}
