/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_new.h"

#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "base/log.h"
#include "crypto/key_file.h"

/* scrypt, RFC 7914: 16 MiB and p = 5, about a quarter of a second; the most that the default memory
 * limit of OpenSSL's readers (32 MiB) lets through with room. */
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 5 };

static bool write_encrypted(BIO *bio, EVP_PKEY *key, const char *passphrase)
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    X509_ALGOR *scheme =
        PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, SCRYPT_N, SCRYPT_R, SCRYPT_P);
    X509_SIG *sealed = NULL;
    if (info && scheme)
        sealed = PKCS8_set0_pbe(passphrase, (int)strlen(passphrase), info, scheme);
    if (!sealed)
        X509_ALGOR_free(scheme); /* else it belongs to `sealed` */
    bool done = sealed && PEM_write_bio_PKCS8(bio, sealed) == 1;
    X509_SIG_free(sealed);
    PKCS8_PRIV_KEY_INFO_free(info);
    return done;
}

static bool write_private(BIO *bio, EVP_PKEY *key, const char *passphrase)
{
    if (passphrase)
        return write_encrypted(bio, key, passphrase);
    return PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1;
}

static struct bauta_bytes text_of(BIO *bio)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    return (struct bauta_bytes){(const uint8_t *)data, size > 0 ? (size_t)size : 0};
}

static enum bauta_status write_pair(BIO *private_text, BIO *public_text, const char *private_path,
                                    const char *public_path, const struct bauta_log *log)
{
    enum bauta_status status = bt_key_file_write(private_path, 0600, text_of(private_text), log);
    if (status)
        return status;
    status = bt_key_file_write(public_path, BAUTA_MODE_DEFAULT, text_of(public_text), log);
    if (status)
        unlink(private_path);
    return status;
}

enum bauta_status bt_key_new(enum bt_key_type type, const char *private_path,
                             const char *public_path, const char *passphrase,
                             const struct bauta_log *log)
{
    if (!private_path || !public_path || (passphrase && strlen(passphrase) > PEM_BUFSIZE))
        return BAUTA_ERR_ARGUMENT; /* OpenSSL's readers have no room for a longer passphrase */
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, bt_key_type_name(type));
    BIO *private_text = BIO_new(BIO_s_secmem()), *public_text = BIO_new(BIO_s_mem());
    enum bauta_status status = BAUTA_ERR_CRYPTO;
    if (key && private_text && public_text && write_private(private_text, key, passphrase) &&
        PEM_write_bio_PUBKEY(public_text, key) == 1)
        status = write_pair(private_text, public_text, private_path, public_path, log);
    BIO_free(private_text); /* wipes */
    BIO_free(public_text);
    EVP_PKEY_free(key);
    return status;
}
