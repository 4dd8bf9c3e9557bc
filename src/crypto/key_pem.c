/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_pem.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/log.h"
#include "crypto/key.h"
#include "crypto/key_file.h"
#include "crypto/wipe.h"

const char *bt_key_type_name(enum bt_key_type type)
{
    return type == BT_KEY_ED25519 ? "Ed25519" : "X25519";
}

/* What OpenSSL asks for a passphrase; without one it must not ask the terminal. */
struct passphrase {
    const char *text;
    bool asked;
};

static int give_passphrase(char *buffer, int size, int writing, void *opaque)
{
    (void)writing;
    struct passphrase *p = opaque;
    p->asked = true;
    size_t length = p->text ? strlen(p->text) : 0;
    if (!p->text || size < 0 || length > (size_t)size)
        return -1;
    memcpy(buffer, p->text, length);
    return (int)length;
}

/* What was expected, for sentences. */
struct wanted {
    enum bt_key_type type;
    const char *half; /* "private" or "public" */
};

/* Says what a PEM text holds instead of what was wanted. */
static enum bauta_status refuse(struct bauta_bytes pem, const char *name,
                                const struct wanted *wanted, EVP_PKEY *key,
                                const struct bauta_log *log)
{
    char kind[64] = "";
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    char *pem_name = NULL, *header = NULL;
    unsigned char *data = NULL;
    long size = 0;
    if (bio && PEM_read_bio(bio, &pem_name, &header, &data, &size) == 1)
        snprintf(kind, sizeof(kind), "%s", pem_name);
    OPENSSL_free(pem_name);
    OPENSSL_free(header);
    if (data)
        bt_wipe(data, (size_t)size);
    OPENSSL_free(data);
    BIO_free(bio);
    const char *type = key ? EVP_PKEY_get0_type_name(key) : NULL;
    const char *want = bt_key_type_name(wanted->type);
    if (type && !EVP_PKEY_is_a(key, want))
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not an %s %s key, but a key of type %s",
                           name, want, wanted->half, type);
    if (kind[0])
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not an %s %s key, but a PEM file of '%s'%s",
                           name, want, wanted->half, kind,
                           key ? "" : " that cannot be read as one");
    return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not an %s %s key: there is no PEM text in it",
                       name, want, wanted->half);
}

static BIO *open_text(struct bauta_bytes pem)
{
    return pem.size < BT_KEY_FILE_MOST
               ? BIO_new_mem_buf(pem.data ? (const void *)pem.data : "", (int)pem.size)
               : NULL;
}

static enum bauta_status parse_public(uint8_t bytes[32], enum bt_key_type type,
                                      struct bauta_bytes pem, const char *name,
                                      const struct bauta_log *log)
{
    BIO *bio = open_text(pem);
    if (!bio)
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: too large for a key file", name);
    struct passphrase none = {NULL, false};
    const struct wanted wanted = {type, "public"};
    EVP_PKEY *parsed = PEM_read_bio_PUBKEY(bio, NULL, give_passphrase, &none);
    size_t size = 32;
    enum bauta_status status = BAUTA_OK;
    if (!parsed || !EVP_PKEY_is_a(parsed, bt_key_type_name(type)) ||
        EVP_PKEY_get_raw_public_key(parsed, bytes, &size) != 1)
        status = refuse(pem, name, &wanted, parsed, log);
    EVP_PKEY_free(parsed);
    BIO_free(bio);
    return status;
}

static bool is_encrypted(struct bauta_bytes pem)
{
    static const char mark[] = "ENCRYPTED";
    for (size_t i = 0; i + sizeof(mark) - 1 <= pem.size; i++)
        if (memcmp(pem.data + i, mark, sizeof(mark) - 1) == 0)
            return true;
    return false;
}

static enum bauta_status parse_private(uint8_t bytes[32], uint8_t public_bytes[32],
                                       enum bt_key_type type, struct bauta_bytes pem,
                                       const char *passphrase, const char *name,
                                       const struct bauta_log *log)
{
    BIO *bio = open_text(pem);
    if (!bio)
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: too large for a key file", name);
    struct passphrase given = {passphrase, false};
    const struct wanted wanted = {type, "private"};
    EVP_PKEY *parsed = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &given);
    size_t size = 32, public_size = 32;
    enum bauta_status status = BAUTA_OK;
    if (!parsed && given.asked && is_encrypted(pem))
        status = bt_log_fail(log, BAUTA_ERR_DENIED, "%s: %s", name,
                             passphrase ? "the passphrase is wrong"
                                        : "this key is encrypted and needs its passphrase");
    else if (!parsed || !EVP_PKEY_is_a(parsed, bt_key_type_name(type)))
        status = refuse(pem, name, &wanted, parsed, log);
    else if (EVP_PKEY_get_raw_private_key(parsed, bytes, &size) != 1 ||
             EVP_PKEY_get_raw_public_key(parsed, public_bytes, &public_size) != 1)
        status = BAUTA_ERR_CRYPTO;
    EVP_PKEY_free(parsed);
    BIO_free(bio);
    return status;
}

enum bauta_status bt_key_pem_public(uint8_t bytes[32], uint8_t id[BAUTA_KEY_ID_SIZE],
                                    enum bt_key_type type, const struct bt_key_source *source)
{
    struct bt_buffer text = {0};
    enum bauta_status status =
        source->is_file ? bt_key_file_read(&text, source->name, NULL, source->log) : BAUTA_OK;
    if (!status)
        status = parse_public(bytes, type, source->is_file ? bt_buffer_view(&text) : source->pem,
                              source->name, source->log);
    bt_buffer_clear(&text);
    return status ? status : bt_key_id(id, bytes);
}

enum bauta_status bt_key_pem_private(uint8_t bytes[32], uint8_t public_bytes[32],
                                     uint8_t id[BAUTA_KEY_ID_SIZE], enum bt_key_type type,
                                     const struct bt_key_source *source)
{
    struct bt_buffer text = {0};
    bool open_to_others = false;
    enum bauta_status status =
        source->is_file ? bt_key_file_read(&text, source->name, &open_to_others, source->log)
                        : BAUTA_OK;
    if (!status)
        status = parse_private(bytes, public_bytes, type,
                               source->is_file ? bt_buffer_view(&text) : source->pem,
                               source->passphrase, source->name, source->log);
    bt_buffer_wipe(&text);
    if (!status && open_to_others)
        status = bt_key_file_refuse_open(source->name, source->log);
    return status ? status : bt_key_id(id, public_bytes);
}
