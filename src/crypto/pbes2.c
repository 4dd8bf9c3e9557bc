/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pbes2.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <openssl/evp.h>

#include <bauta/secrets.h>

#include "base/log.h"
#include "crypto/der.h"
#include "crypto/key_cost.h"
#include "crypto/secret.h"

/* The object identifiers of RFC 8018, annex C, RFC 7914, 7, and NIST's, as DER has them. */
#define IS(object, encoding) bt_der_is(object, encoding, sizeof(encoding) - 1)
#define PBES2                "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d"
#define PBKDF2               "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c"
#define SCRYPT               "\x2b\x06\x01\x04\x01\xda\x47\x04\x0b"
#define HMAC_SHA1            "\x2a\x86\x48\x86\xf7\x0d\x02\x07"
#define HMAC_SHA256          "\x2a\x86\x48\x86\xf7\x0d\x02\x09"
#define HMAC_SHA384          "\x2a\x86\x48\x86\xf7\x0d\x02\x0a"
#define HMAC_SHA512          "\x2a\x86\x48\x86\xf7\x0d\x02\x0b"
#define AES_128_CBC          "\x60\x86\x48\x01\x65\x03\x04\x01\x02"
#define AES_256_CBC          "\x60\x86\x48\x01\x65\x03\x04\x01\x2a"

enum { BLOCK = 16 };

/* How a key is derived from the passphrase, and what it opens. */
struct scheme {
    struct bauta_bytes salt;
    bool is_scrypt;
    uint64_t iterations; /* of PBKDF2 */
    const EVP_MD *hash;
    uint64_t n, r, p; /* of scrypt */
    const EVP_CIPHER *cipher;
    struct bauta_bytes iv, data;
};

static enum bauta_status damaged(const struct bt_sealed_key *k)
{
    return bt_log_fail(k->log, BAUTA_ERR_FORMAT, "%s: this encrypted private key is damaged",
                       k->name);
}

static enum bauta_status unsupported(const struct bt_sealed_key *k, const char *what,
                                     struct bauta_bytes object)
{
    char name[BT_DER_NAME];
    bt_der_name(name, object);
    return bt_log_fail(
        k->log, BAUTA_ERR_UNSUPPORTED,
        "%s: this key is encrypted with the %s %s; what can be read is PBES2 with "
        "PBKDF2 or scrypt, and AES-128-CBC or AES-256-CBC (openssl pkey -aes256 makes one)",
        k->name, what, name);
}

/* PBKDF2-params (RFC 8018, A.2): salt, iterations, perhaps the key's size, perhaps the hash. */
static enum bauta_status read_pbkdf2(struct scheme *s, uint64_t *key_size, struct bt_reader r,
                                     const struct bt_sealed_key *k)
{
    s->salt = bt_der_take(&r, BT_DER_OCTETS);
    s->iterations = bt_der_number(&r);
    if (bt_der_follows(&r, BT_DER_INTEGER))
        *key_size = bt_der_number(&r);
    s->hash = EVP_sha1(); /* the default */
    if (!r.overrun && bt_reader_left(&r) > 0) {
        struct bt_reader prf = bt_der_enter(&r, BT_DER_SEQUENCE);
        struct bauta_bytes object = bt_der_take(&prf, BT_DER_OBJECT);
        s->hash = IS(object, HMAC_SHA1)     ? EVP_sha1()
                  : IS(object, HMAC_SHA256) ? EVP_sha256()
                  : IS(object, HMAC_SHA384) ? EVP_sha384()
                  : IS(object, HMAC_SHA512) ? EVP_sha512()
                                            : NULL;
        if (!prf.overrun && !s->hash)
            return unsupported(k, "hash", object);
        r.overrun |= prf.overrun;
    }
    if (r.overrun || s->iterations == 0)
        return damaged(k);
    if (s->iterations > BT_PBKDF2_MOST)
        return bt_log_fail(k->log, BAUTA_ERR_LIMIT,
                           "%s: trying a passphrase costs too much: %llu iterations of PBKDF2, and "
                           "%d is the limit",
                           k->name, (unsigned long long)s->iterations, BT_PBKDF2_MOST);
    return BAUTA_OK;
}

static bool costs_too_much(const struct scheme *s)
{
    const uint64_t most = BT_SCRYPT_MEMORY_MOST / 128; /* no product below is more than 2^64 */
    if (s->n > most || s->r > most || s->p > BT_SCRYPT_P_MOST)
        return true;
    return s->n * s->r > most || s->p * s->r > most ||
           s->n * s->r * s->p > BT_SCRYPT_WORK_MOST / 128;
}

/* scrypt-params (RFC 7914, 7): salt, N, r, p, perhaps the key's size. */
static enum bauta_status read_scrypt(struct scheme *s, uint64_t *key_size, struct bt_reader r,
                                     const struct bt_sealed_key *k)
{
    s->is_scrypt = true;
    s->salt = bt_der_take(&r, BT_DER_OCTETS);
    s->n = bt_der_number(&r);
    s->r = bt_der_number(&r);
    s->p = bt_der_number(&r);
    if (bt_der_follows(&r, BT_DER_INTEGER))
        *key_size = bt_der_number(&r);
    bool sound = s->n > 1 && (s->n & (s->n - 1)) == 0 && s->r > 0 && s->p > 0 &&
                 (s->r > 1 || s->n < 1 << 16); /* RFC 7914, 6: N below 2^(128·r/8) */
    if (r.overrun || !sound)
        return damaged(k);
    if (costs_too_much(s))
        return bt_log_fail(k->log, BAUTA_ERR_LIMIT,
                           "%s: trying a passphrase costs too much: scrypt with N=%llu, r=%llu, "
                           "p=%llu fills %.0f MiB %llu times over; the limits are %llu MiB, %d "
                           "times, and %llu MiB in all",
                           k->name, (unsigned long long)s->n, (unsigned long long)s->r,
                           (unsigned long long)s->p, (double)s->n * (double)s->r * 128 / (1 << 20),
                           (unsigned long long)s->p,
                           (unsigned long long)(BT_SCRYPT_MEMORY_MOST >> 20), BT_SCRYPT_P_MOST,
                           (unsigned long long)(BT_SCRYPT_WORK_MOST >> 20));
    return BAUTA_OK;
}

static enum bauta_status read_derivation(struct scheme *s, uint64_t *key_size,
                                         struct bt_reader *parts, const struct bt_sealed_key *k)
{
    struct bt_reader kdf = bt_der_enter(parts, BT_DER_SEQUENCE);
    struct bauta_bytes object = bt_der_take(&kdf, BT_DER_OBJECT);
    if (kdf.overrun)
        return damaged(k);
    if (IS(object, SCRYPT))
        return read_scrypt(s, key_size, bt_der_enter(&kdf, BT_DER_SEQUENCE), k);
    if (IS(object, PBKDF2))
        return read_pbkdf2(s, key_size, bt_der_enter(&kdf, BT_DER_SEQUENCE), k);
    return unsupported(k, "key derivation", object);
}

static enum bauta_status read_cipher(struct scheme *s, struct bt_reader *parts,
                                     const struct bt_sealed_key *k)
{
    struct bt_reader cipher = bt_der_enter(parts, BT_DER_SEQUENCE);
    struct bauta_bytes object = bt_der_take(&cipher, BT_DER_OBJECT);
    if (cipher.overrun)
        return damaged(k);
    s->cipher = IS(object, AES_256_CBC)   ? EVP_aes_256_cbc()
                : IS(object, AES_128_CBC) ? EVP_aes_128_cbc()
                                          : NULL;
    if (!s->cipher)
        return unsupported(k, "cipher", object);
    s->iv = bt_der_take(&cipher, BT_DER_OCTETS);
    return cipher.overrun || s->iv.size != BLOCK ? damaged(k) : BAUTA_OK;
}

/* SEQUENCE { scheme SEQUENCE { id, SEQUENCE { derivation, cipher } }, OCTET STRING }. The cipher is
 * looked at first: a key that nothing opens is told from one that costs too much. */
static enum bauta_status read_scheme(struct scheme *s, const struct bt_sealed_key *k)
{
    struct bt_reader r;
    uint64_t key_size = 0;
    bt_reader_init(&r, k->der);
    struct bt_reader whole = bt_der_enter(&r, BT_DER_SEQUENCE);
    struct bt_reader scheme = bt_der_enter(&whole, BT_DER_SEQUENCE);
    s->data = bt_der_take(&whole, BT_DER_OCTETS);
    struct bauta_bytes object = bt_der_take(&scheme, BT_DER_OBJECT);
    if (scheme.overrun || whole.overrun)
        return damaged(k);
    if (!IS(object, PBES2))
        return unsupported(k, "scheme", object);
    struct bt_reader parts = bt_der_enter(&scheme, BT_DER_SEQUENCE), later = parts;
    bt_der_take(&later, BT_DER_SEQUENCE);
    enum bauta_status status = read_cipher(s, &later, k);
    if (!status)
        status = read_derivation(s, &key_size, &parts, k);
    if (status)
        return status;
    bool sound = s->data.size > 0 && s->data.size % BLOCK == 0 &&
                 (key_size == 0 || key_size == (uint64_t)EVP_CIPHER_get_key_length(s->cipher));
    return sound ? BAUTA_OK : damaged(k);
}

static bool derive(uint8_t *key, const struct scheme *s, const char *passphrase)
{
    const size_t length = strlen(passphrase),
                 key_size = (size_t)EVP_CIPHER_get_key_length(s->cipher);
    if (s->is_scrypt)
        return EVP_PBE_scrypt(passphrase, length, s->salt.data, s->salt.size, s->n, s->r, s->p,
                              3 * BT_SCRYPT_MEMORY_MOST, key, key_size) == 1;
    return length <= INT_MAX &&
           PKCS5_PBKDF2_HMAC(passphrase, (int)length, s->salt.data, (int)s->salt.size,
                             (int)s->iterations, s->hash, (int)key_size, key) == 1;
}

/* Into `plain`, of the data's size. False if the padding (RFC 8018, 6.1.1) is not what it was. */
static bool decrypt(uint8_t *plain, size_t *size, const struct scheme *s, const uint8_t *key)
{
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int first = 0, last = 0;
    bool done = context && EVP_DecryptInit_ex(context, s->cipher, NULL, key, s->iv.data) == 1 &&
                EVP_DecryptUpdate(context, plain, &first, s->data.data, (int)s->data.size) == 1 &&
                EVP_DecryptFinal_ex(context, plain + first, &last) == 1;
    EVP_CIPHER_CTX_free(context);
    *size = (size_t)(first + last);
    return done;
}

enum bauta_status bt_pbes2_wrong(const struct bt_sealed_key *k)
{
    return bt_log_fail(k->log, BAUTA_ERR_DENIED, "%s: the passphrase is wrong", k->name);
}

enum bauta_status bt_pbes2_open(uint8_t **plain, size_t *size, const struct bt_sealed_key *k)
{
    struct scheme s = {.is_scrypt = false};
    uint8_t key[EVP_MAX_KEY_LENGTH];
    *plain = NULL;
    *size = 0;
    enum bauta_status status = read_scheme(&s, k);
    if (status)
        return status;
    if (!k->passphrase)
        return bt_log_fail(k->log, BAUTA_ERR_DENIED,
                           "%s: this key is encrypted and needs its passphrase", k->name);
    const size_t room = s.data.size;
    *plain = bt_secret_new(room);
    if (!*plain)
        return BAUTA_ERR_MEMORY;
    if (!derive(key, &s, k->passphrase))
        status = s.is_scrypt ? BAUTA_ERR_MEMORY : BAUTA_ERR_CRYPTO; /* its limits were looked at */
    else if (!decrypt(*plain, size, &s, key))
        status = bt_pbes2_wrong(k);
    bauta_wipe(key, sizeof(key));
    if (status) {
        bt_secret_free(*plain, room);
        *plain = NULL;
    }
    return status;
}
