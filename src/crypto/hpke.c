/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hpke.h"

#include <string.h>

#include <bauta/secrets.h>

#include "base/buffer.h"
#include "crypto/hkdf.h"
#include "crypto/x25519.h"

#define STRING(text) ((struct bauta_bytes){(const uint8_t *)(text), sizeof(text) - 1})

static const struct bauta_bytes nothing = {NULL, 0};

/* "KEM" and the KEM's number: RFC 9180, 4.1. */
static const struct bauta_bytes kem_id = {(const uint8_t *)"KEM\x00\x20", 5};

/* What an exchange leads to. */
struct schedule {
    uint8_t key[BT_KEY_SIZE], nonce[BT_NONCE_SIZE];
};

/* "HPKE", then KEM, KDF and AEAD: RFC 9180, 5.1. */
static void write_suite_id(uint8_t id[10], enum bt_hpke_aead aead)
{
    memcpy(id, "HPKE\x00\x20\x00\x01\x00", 9);
    id[9] = (uint8_t)aead;
}

/* LabeledExtract, RFC 9180, 4. */
static enum bauta_status labeled_extract(uint8_t prk[BT_HASH_SIZE], struct bauta_bytes suite_id,
                                         struct bauta_bytes salt, struct bauta_bytes label,
                                         struct bauta_bytes secret)
{
    struct bt_buffer labeled = {0};
    bt_buffer_append(&labeled, STRING("HPKE-v1"));
    bt_buffer_append(&labeled, suite_id);
    bt_buffer_append(&labeled, label);
    bt_buffer_append(&labeled, secret);
    enum bauta_status status = bt_buffer_status(&labeled);
    if (!status)
        status = bt_hkdf_extract(prk, salt, bt_buffer_view(&labeled));
    bt_buffer_wipe(&labeled);
    return status;
}

/* LabeledExpand, RFC 9180, 4. */
static enum bauta_status labeled_expand(uint8_t *out, size_t size, struct bauta_bytes suite_id,
                                        const uint8_t prk[BT_HASH_SIZE], struct bauta_bytes label,
                                        struct bauta_bytes info)
{
    struct bt_buffer labeled = {0};
    bt_buffer_put_u16(&labeled, (unsigned)size);
    bt_buffer_append(&labeled, STRING("HPKE-v1"));
    bt_buffer_append(&labeled, suite_id);
    bt_buffer_append(&labeled, label);
    bt_buffer_append(&labeled, info);
    enum bauta_status status = bt_buffer_status(&labeled);
    if (!status)
        status = bt_hkdf_expand(out, size, (struct bauta_bytes){prk, 32}, bt_buffer_view(&labeled));
    bt_buffer_wipe(&labeled);
    return status;
}

/* ExtractAndExpand over the Diffie-Hellman secret, RFC 9180, 4.1; `enc` and `recipient` are its
 * kem_context. */
static enum bauta_status shared_secret(uint8_t out[BT_SHARED_SECRET_SIZE],
                                       const uint8_t private_key[BT_RAW_KEY_SIZE],
                                       const uint8_t peer[BT_RAW_KEY_SIZE],
                                       const uint8_t enc[BT_ENC_SIZE],
                                       const uint8_t recipient[BT_RAW_KEY_SIZE])
{
    uint8_t dh[32], prk[BT_HASH_SIZE], context[64];
    memcpy(context, enc, 32);
    memcpy(context + 32, recipient, 32);
    enum bauta_status status = bt_x25519_agree(dh, private_key, peer);
    if (!status)
        status = labeled_extract(prk, kem_id, nothing, STRING("eae_prk"),
                                 (struct bauta_bytes){dh, sizeof(dh)});
    if (!status)
        status = labeled_expand(out, 32, kem_id, prk, STRING("shared_secret"),
                                (struct bauta_bytes){context, sizeof(context)});
    bauta_wipe(dh, sizeof(dh));
    bauta_wipe(prk, sizeof(prk));
    return status;
}

/* KeySchedule of base mode, RFC 9180, 5.1. */
static enum bauta_status make_schedule(struct schedule *s, const struct bt_hpke_suite *suite,
                                       const uint8_t shared[BT_SHARED_SECRET_SIZE])
{
    uint8_t id_bytes[10], context[65] = {0},
                          secret[BT_KEY_SIZE]; /* context: mode 0, then two hashes */
    write_suite_id(id_bytes, suite->aead);
    struct bauta_bytes id = {id_bytes, sizeof(id_bytes)};
    enum bauta_status status =
        labeled_extract(context + 1, id, nothing, STRING("psk_id_hash"), nothing);
    if (!status)
        status = labeled_extract(context + 33, id, nothing, STRING("info_hash"), suite->info);
    if (!status)
        status = labeled_extract(secret, id, (struct bauta_bytes){shared, 32}, STRING("secret"),
                                 nothing);
    struct bauta_bytes info = {context, sizeof(context)};
    if (!status)
        status = labeled_expand(s->key, suite->aead == BT_HPKE_AES_128_GCM ? 16 : 32, id, secret,
                                STRING("key"), info);
    if (!status)
        status = labeled_expand(s->nonce, 12, id, secret, STRING("base_nonce"), info);
    bauta_wipe(secret, sizeof(secret));
    return status;
}

static struct bt_aead first_message(const struct schedule *s, const struct bt_hpke_suite *suite)
{
    size_t key_size = suite->aead == BT_HPKE_AES_128_GCM ? 16 : 32;
    return (struct bt_aead){s->key, key_size, s->nonce, suite->aad};
}

enum bauta_status bt_hpke_seal_with(uint8_t enc[BT_ENC_SIZE], uint8_t *sealed,
                                    const struct bt_hpke_suite *suite,
                                    const uint8_t recipient[BT_RAW_KEY_SIZE],
                                    struct bauta_bytes plain,
                                    const uint8_t ephemeral[BT_RAW_KEY_SIZE])
{
    uint8_t shared[BT_SHARED_SECRET_SIZE];
    struct schedule s;
    enum bauta_status status = bt_x25519_public(enc, ephemeral);
    if (!status)
        status = shared_secret(shared, ephemeral, recipient, enc, recipient);
    if (!status)
        status = make_schedule(&s, suite, shared);
    if (!status) {
        struct bt_aead aead = first_message(&s, suite);
        status = bt_aead_seal(sealed, &aead, plain);
    }
    bauta_wipe(shared, sizeof(shared));
    bauta_wipe(&s, sizeof(s));
    return status;
}

enum bauta_status bt_hpke_seal(uint8_t enc[BT_ENC_SIZE], uint8_t *sealed,
                               const struct bt_hpke_suite *suite,
                               const uint8_t recipient[BT_RAW_KEY_SIZE], struct bauta_bytes plain)
{
    uint8_t ephemeral[BT_RAW_KEY_SIZE];
    enum bauta_status status = bt_x25519_generate(ephemeral);
    if (!status)
        status = bt_hpke_seal_with(enc, sealed, suite, recipient, plain, ephemeral);
    bauta_wipe(ephemeral, sizeof(ephemeral));
    return status;
}

enum bauta_status bt_hpke_open(uint8_t *plain, const struct bt_hpke_suite *suite,
                               const uint8_t private_key[BT_RAW_KEY_SIZE],
                               const uint8_t enc[BT_ENC_SIZE], struct bauta_bytes sealed)
{
    uint8_t own[BT_RAW_KEY_SIZE], shared[BT_SHARED_SECRET_SIZE];
    struct schedule s;
    enum bauta_status status = bt_x25519_public(own, private_key);
    if (!status)
        status = shared_secret(shared, private_key, enc, enc, own);
    if (status == BAUTA_ERR_FORMAT)
        status = BAUTA_ERR_TAMPERED;
    if (!status)
        status = make_schedule(&s, suite, shared);
    if (!status) {
        struct bt_aead aead = first_message(&s, suite);
        status = bt_aead_open(plain, &aead, sealed);
    }
    bauta_wipe(shared, sizeof(shared));
    bauta_wipe(&s, sizeof(s));
    return status;
}
