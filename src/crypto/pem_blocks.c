/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/pem_blocks.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/pem.h>

void bt_pem_block_clear(struct bt_pem_block *b)
{
    OPENSSL_secure_free(b->label);
    OPENSSL_secure_free(b->header);
    OPENSSL_secure_clear_free(b->data, b->size);
    *b = (struct bt_pem_block){.label = NULL};
}

static bool next(struct bt_pem_block *b, BIO *bio)
{
    long size = 0;
    *b = (struct bt_pem_block){.label = NULL};
    if (PEM_read_bio_ex(bio, &b->label, &b->header, &b->data, &size, PEM_FLAG_SECURE) != 1)
        return false;
    b->size = (size_t)size;
    return true;
}

static bool is_one_of(const char *label, const char *const *labels)
{
    for (; *labels; labels++)
        if (strcmp(label, *labels) == 0)
            return true;
    return false;
}

enum bauta_status bt_pem_block_find(struct bt_pem_block *block, const char *const *labels,
                                    struct bauta_bytes text)
{
    *block = (struct bt_pem_block){.label = NULL};
    BIO *bio = text.size < INT_MAX
                   ? BIO_new_mem_buf(text.size ? (const void *)text.data : "", (int)text.size)
                   : NULL;
    if (!bio)
        return BAUTA_ERR_MEMORY;
    struct bt_pem_block one;
    while (next(&one, bio)) {
        const bool wanted = is_one_of(one.label, labels);
        if (wanted || !block->label) {
            bt_pem_block_clear(block);
            *block = one;
        } else {
            bt_pem_block_clear(&one);
        }
        if (wanted)
            break;
    }
    BIO_free(bio);
    return BAUTA_OK;
}

static bool begins(struct bauta_bytes text, const char *with)
{
    return text.size >= strlen(with) && memcmp(text.data, with, strlen(with)) == 0;
}

static const char *words_of_text(struct bauta_bytes text)
{
    if (begins(text, "ssh-") || begins(text, "ecdsa-sha2-") || begins(text, "sk-") ||
        begins(text, "PuTTY-User-Key-File"))
        return "an SSH key";
    if (begins(text, "\x30"))
        return "a binary (DER) file, which openssl pkey -inform DER makes PEM of";
    return "a file with no PEM text in it";
}

void bt_pem_words(char *words, size_t size, const struct bt_pem_block *block,
                  struct bauta_bytes text)
{
    static const struct {
        const char *label, *words;
    } known[] = {
        {"PUBLIC KEY", "a public key (PUBLIC KEY)"},
        {"PRIVATE KEY", "a private key"},
        {"ENCRYPTED PRIVATE KEY", "a private key"},
        {"RSA PRIVATE KEY", "a key of type RSA"},
        {"EC PRIVATE KEY", "a key of type EC"},
        {"DSA PRIVATE KEY", "a key of type DSA"},
        {"OPENSSH PRIVATE KEY", "an SSH key"},
        {"CERTIFICATE", "a certificate"},
        {"TRUSTED CERTIFICATE", "a certificate"},
        {"X509 CERTIFICATE", "a certificate"},
        {"CERTIFICATE REQUEST", "a request for a certificate"},
        {"BAUTA GROUP", "a group"},
        {"BAUTA GRANT", "a grant"},
    };
    if (!block->label) {
        snprintf(words, size, "%s", words_of_text(text));
        return;
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(block->label, known[i].label) == 0) {
            snprintf(words, size, "%s", known[i].words);
            return;
        }
    snprintf(words, size, "a PEM file of '%.64s'", block->label);
}
