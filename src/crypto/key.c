/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/log.h"
#include "crypto/hash.h"
#include "crypto/key_file.h"
#include "crypto/wipe.h"
#include "crypto/x25519.h"

static enum bauta_status make_id(uint8_t id[BAUTA_KEY_ID_SIZE], const uint8_t public_bytes[32])
{
    uint8_t hash[BT_HASH_SIZE];
    enum bauta_status status = bt_hash_bytes(hash, (struct bauta_bytes){public_bytes, 32});
    if (!status)
        memcpy(id, hash, BAUTA_KEY_ID_SIZE);
    return status;
}

/* What OpenSSL asks for a passphrase; without one it must not ask the terminal. */
struct passphrase {
    const char *text;
    int asked;
};

static int give_passphrase(char *buffer, int size, int writing, void *opaque)
{
    (void)writing;
    struct passphrase *p = opaque;
    p->asked = 1;
    size_t length = p->text ? strlen(p->text) : 0;
    if (!p->text || size < 0 || length > (size_t)size)
        return -1;
    memcpy(buffer, p->text, length);
    return (int)length;
}

/* Says what a PEM text holds instead of what was expected. */
static enum bauta_status refuse(struct bauta_bytes pem, const char *name, const char *wanted,
                                EVP_PKEY *key, const struct bauta_log *log)
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
    if (type && strcmp(type, "X25519") != 0)
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not %s, but a key of type %s", name, wanted,
                           type);
    if (kind[0])
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not %s, but a PEM file of '%s'%s", name,
                           wanted, kind, key ? "" : " that cannot be read as one");
    return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not %s: there is no PEM text in it", name,
                       wanted);
}

static BIO *open_text(struct bauta_bytes pem)
{
    return pem.size < BT_KEY_FILE_MOST
               ? BIO_new_mem_buf(pem.data ? (const void *)pem.data : "", (int)pem.size)
               : NULL;
}

enum bauta_status bauta_public_key_parse(struct bauta_public_key **key, struct bauta_bytes pem,
                                         const char *name, const struct bauta_log *log)
{
    if (!key || !name || (pem.size && !pem.data))
        return BAUTA_ERR_ARGUMENT;
    *key = calloc(1, sizeof(**key));
    BIO *bio = open_text(pem);
    if (!*key || !bio) {
        BIO_free(bio);
        bauta_public_key_free(key);
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: too large for a key file", name);
    }
    struct passphrase none = {NULL, 0};
    EVP_PKEY *parsed = PEM_read_bio_PUBKEY(bio, NULL, give_passphrase, &none);
    size_t size = 32;
    enum bauta_status status = BAUTA_OK;
    if (!parsed || !EVP_PKEY_is_a(parsed, "X25519") ||
        EVP_PKEY_get_raw_public_key(parsed, (*key)->bytes, &size) != 1)
        status = refuse(pem, name, "an X25519 public key", parsed, log);
    if (!status)
        status = make_id((*key)->id, (*key)->bytes);
    EVP_PKEY_free(parsed);
    BIO_free(bio);
    if (status)
        bauta_public_key_free(key);
    return status;
}

static enum bauta_status take_private(struct bauta_private_key *key, const EVP_PKEY *parsed)
{
    uint8_t public_bytes[32];
    size_t size = 32;
    if (EVP_PKEY_get_raw_private_key(parsed, key->bytes, &size) != 1)
        return BAUTA_ERR_CRYPTO;
    enum bauta_status status = bt_x25519_public(public_bytes, key->bytes);
    return status ? status : make_id(key->id, public_bytes);
}

static int is_encrypted(struct bauta_bytes pem)
{
    static const char mark[] = "ENCRYPTED";
    for (size_t i = 0; i + sizeof(mark) - 1 <= pem.size; i++)
        if (memcmp(pem.data + i, mark, sizeof(mark) - 1) == 0)
            return 1;
    return 0;
}

enum bauta_status bauta_private_key_parse(struct bauta_private_key **key, struct bauta_bytes pem,
                                          const char *passphrase, const char *name,
                                          const struct bauta_log *log)
{
    if (!key || !name || (pem.size && !pem.data))
        return BAUTA_ERR_ARGUMENT;
    *key = calloc(1, sizeof(**key));
    BIO *bio = open_text(pem);
    if (!*key || !bio) {
        BIO_free(bio);
        bauta_private_key_free(key);
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: too large for a key file", name);
    }
    struct passphrase given = {passphrase, 0};
    EVP_PKEY *parsed = PEM_read_bio_PrivateKey(bio, NULL, give_passphrase, &given);
    enum bauta_status status = BAUTA_OK;
    if (!parsed && given.asked && is_encrypted(pem))
        status = bt_log_fail(log, BAUTA_ERR_DENIED, "%s: %s", name,
                             passphrase ? "the passphrase is wrong"
                                        : "this key is encrypted and needs its passphrase");
    else if (!parsed || !EVP_PKEY_is_a(parsed, "X25519"))
        status = refuse(pem, name, "an X25519 private key", parsed, log);
    else
        status = take_private(*key, parsed);
    EVP_PKEY_free(parsed);
    BIO_free(bio);
    if (status)
        bauta_private_key_free(key);
    return status;
}

enum bauta_status bauta_public_key_read(struct bauta_public_key **key, const char *path,
                                        const struct bauta_log *log)
{
    if (!key || !path)
        return BAUTA_ERR_ARGUMENT;
    *key = NULL;
    struct bt_buffer text = {0};
    enum bauta_status status = bt_key_file_read(&text, path, log);
    if (!status)
        status = bauta_public_key_parse(key, bt_buffer_view(&text), path, log);
    bt_buffer_wipe(&text);
    return status;
}

enum bauta_status bauta_private_key_read(struct bauta_private_key **key, const char *path,
                                         const char *passphrase, const struct bauta_log *log)
{
    if (!key || !path)
        return BAUTA_ERR_ARGUMENT;
    *key = NULL;
    struct bt_buffer text = {0};
    enum bauta_status status = bt_key_file_read(&text, path, log);
    if (!status)
        status = bauta_private_key_parse(key, bt_buffer_view(&text), passphrase, path, log);
    bt_buffer_wipe(&text);
    return status;
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
    if (*key)
        bt_wipe(*key, sizeof(**key));
    free(*key);
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
