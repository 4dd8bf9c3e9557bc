/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <stdbool.h>
#include <string.h>

#include "crypto/aead.h"
#include "crypto/hpke.h"
#include "crypto/key_tree.h"
#include "crypto/x25519.h"

enum { PLAIN = 37, AAD = 21, SEALED = PLAIN + BT_TAG_SIZE };

/* Everything that sealing depends on; as bytes in a row, so that a test can turn any one bit over.
 */
struct sealed {
    uint8_t text[SEALED], aad[AAD], nonce[12], key[32];
};

static void fill(uint8_t *to, size_t size, unsigned first)
{
    for (size_t i = 0; i < size; i++)
        to[i] = (uint8_t)(first + 7 * i);
}

static struct bt_aead aead_of(const struct sealed *s)
{
    return (struct bt_aead){s->key, sizeof(s->key), s->nonce, {s->aad, sizeof(s->aad)}};
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i])
            return false;
    return true;
}

static struct sealed seal(const uint8_t plain[PLAIN])
{
    struct sealed s;
    fill(s.aad, sizeof(s.aad), 3);
    fill(s.nonce, sizeof(s.nonce), 5);
    fill(s.key, sizeof(s.key), 11);
    struct bt_aead aead = aead_of(&s);
    check_ok(bt_aead_seal(s.text, &aead, (struct bauta_bytes){plain, PLAIN}));
    return s;
}

static void one_changed_bit_of_text_tag_data_nonce_or_key_leaves_only_zeros(void **state)
{
    (void)state;
    uint8_t plain[PLAIN], out[PLAIN];
    fill(plain, sizeof(plain), 1);
    struct sealed good = seal(plain);
    struct bt_aead aead = aead_of(&good);
    check_ok(bt_aead_open(out, &aead, (struct bauta_bytes){good.text, SEALED}));
    assert_memory_equal(plain, out, PLAIN);
    for (size_t bit = 0; bit < 8 * sizeof(struct sealed); bit++) {
        struct sealed bad = good;
        uint8_t row[sizeof(struct sealed)];
        memcpy(row, &good, sizeof(row));
        row[bit / 8] ^= (uint8_t)(1u << bit % 8);
        memcpy(&bad, row, sizeof(row));
        aead = aead_of(&bad);
        memset(out, 0xaa, sizeof(out));
        enum bauta_status status = bt_aead_open(out, &aead, (struct bauta_bytes){bad.text, SEALED});
        if (status != BAUTA_ERR_TAMPERED || !is_zero(out, PLAIN))
            fail_msg("bit %zu: %s", bit, bauta_status_text(status));
    }
}

static void no_part_of_a_sealed_text_opens(void **state)
{
    (void)state;
    uint8_t plain[PLAIN], out[SEALED];
    fill(plain, sizeof(plain), 1);
    struct sealed s = seal(plain);
    struct bt_aead aead = aead_of(&s);
    for (size_t size = 0; size < SEALED; size++) {
        memset(out, 0, sizeof(out));
        check_status(BAUTA_ERR_TAMPERED,
                     bt_aead_open(out, &aead, (struct bauta_bytes){s.text, size}));
        assert_true(is_zero(out, sizeof(out)));
    }
}

/* An envelope and what it is bound to, as bytes in a row. */
struct envelope {
    uint8_t enc[32], sealed[32 + BT_TAG_SIZE], info[19], aad[17];
};

static enum bauta_status open_envelope(uint8_t plain[32], const struct envelope *e,
                                       const uint8_t private_key[32])
{
    struct bt_hpke_suite suite = {
        BT_HPKE_AES_256_GCM, {e->info, sizeof(e->info)}, {e->aad, sizeof(e->aad)}};
    return bt_hpke_open(plain, &suite, private_key, e->enc,
                        (struct bauta_bytes){e->sealed, sizeof(e->sealed)});
}

static void one_changed_bit_of_an_envelope_closes_it(void **state)
{
    (void)state;
    uint8_t private_key[32], public_key[32], plain[32], out[32];
    struct envelope good;
    fill(private_key, sizeof(private_key), 2);
    fill(plain, sizeof(plain), 1);
    fill(good.info, sizeof(good.info), 3);
    fill(good.aad, sizeof(good.aad), 4);
    check_ok(bt_x25519_public(public_key, private_key));
    struct bt_hpke_suite suite = {
        BT_HPKE_AES_256_GCM, {good.info, sizeof(good.info)}, {good.aad, sizeof(good.aad)}};
    check_ok(bt_hpke_seal(good.enc, good.sealed, &suite, public_key,
                          (struct bauta_bytes){plain, sizeof(plain)}));
    check_ok(open_envelope(out, &good, private_key));
    assert_memory_equal(plain, out, sizeof(plain));
    for (size_t bit = 0; bit < 8 * sizeof(struct envelope); bit++) {
        struct envelope bad;
        uint8_t row[sizeof(struct envelope)];
        memcpy(row, &good, sizeof(row));
        row[bit / 8] ^= (uint8_t)(1u << bit % 8);
        memcpy(&bad, row, sizeof(row));
        memset(out, 0, sizeof(out));
        enum bauta_status status = open_envelope(out, &bad, private_key);
        if (status != BAUTA_ERR_TAMPERED || !is_zero(out, sizeof(out)))
            fail_msg("bit %zu: %s", bit, bauta_status_text(status));
    }
}

static void two_envelopes_of_one_key_have_nothing_in_common(void **state)
{
    (void)state;
    uint8_t private_key[32], public_key[32], plain[32] = {0}, enc[2][32], sealed[2][48];
    struct bt_hpke_suite suite = {BT_HPKE_AES_256_GCM, {NULL, 0}, {NULL, 0}};
    fill(private_key, sizeof(private_key), 2);
    check_ok(bt_x25519_public(public_key, private_key));
    for (int i = 0; i < 2; i++)
        check_ok(bt_hpke_seal(enc[i], sealed[i], &suite, public_key,
                              (struct bauta_bytes){plain, sizeof(plain)}));
    assert_memory_not_equal(enc[0], enc[1], 32);
    assert_memory_not_equal(sealed[0], sealed[1], 32);
}

/* The test vectors that belong to RFC 9180 (github.com/cfrg/draft-irtf-cfrg-hpke, test-vectors.json
 * of the RFC): mode 0, kem 0x0020, kdf 0x0001, aead 0x0002, sequence number 0. */
static void hpke_with_aes_256_gcm_is_that_of_the_published_vectors(void **state)
{
    (void)state;
    struct hex info = hex("4f6465206f6e2061204772656369616e2055726e"), aad = hex("436f756e742d30");
    struct hex ephemeral = hex("179d4b53b6365c45b600c4163b61d95cbc2f4d9e36f1695558dce265ab8bab11");
    struct hex public_key = hex("430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c");
    struct hex private_key =
        hex("497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d");
    struct hex plain = hex("4265617574792069732074727574682c20747275746820626561757479");
    struct bt_hpke_suite suite = {BT_HPKE_AES_256_GCM, hex_view(&info), hex_view(&aad)};
    uint8_t enc[32], sealed[45], opened[29], own[32];
    check_ok(bt_x25519_public(own, private_key.bytes));
    assert_memory_equal(public_key.bytes, own, 32);
    check_ok(bt_hpke_seal_with(enc, sealed, &suite, public_key.bytes, hex_view(&plain),
                               ephemeral.bytes));
    check_hex("6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256", enc);
    check_hex("e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925cd"
              "ad859d5b7a",
              sealed);
    check_ok(bt_hpke_open(opened, &suite, private_key.bytes, enc,
                          (struct bauta_bytes){sealed, sizeof(sealed)}));
    assert_memory_equal(plain.bytes, opened, sizeof(opened));
}

/* All points of small order in their shortest codings, and the two above p that mean 0 and 1. */
static void no_key_of_small_order_gives_a_secret(void **state)
{
    (void)state;
    static const char *points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};
    uint8_t private_key[32], out[48] = {0}, enc[32];
    struct bt_hpke_suite suite = {BT_HPKE_AES_256_GCM, {NULL, 0}, {NULL, 0}};
    fill(private_key, sizeof(private_key), 2);
    for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
        struct hex point = hex(points[i]);
        check_status(BAUTA_ERR_FORMAT, bt_x25519_agree(out, private_key, point.bytes));
        assert_true(is_zero(out, 32));
        check_status(BAUTA_ERR_FORMAT, bt_hpke_seal(enc, out, &suite, point.bytes,
                                                    (struct bauta_bytes){private_key, 32}));
        check_status(BAUTA_ERR_TAMPERED, bt_hpke_open(out, &suite, private_key, point.bytes,
                                                      (struct bauta_bytes){out, 48}));
    }
}

static void a_node_opens_the_epochs_below_it_and_no_others(void **state)
{
    (void)state;
    uint8_t stream_key[32], node[32], from_node[32], from_root[32];
    fill(stream_key, sizeof(stream_key), 9);
    for (uint32_t seed = 0; seed < 66; seed++) {
        uint32_t epoch = seed * 2654435761u, other = ~epoch * 2246822519u;
        int depth = (int)(seed % 33);
        uint32_t below = depth == 32 ? 0 : UINT32_MAX >> depth; /* bits that the node leaves open */
        check_ok(bt_key_tree_node(node, stream_key, 0, depth, epoch));
        uint32_t inside = (epoch & ~below) | (other & below);
        check_ok(bt_key_tree_epoch(from_node, node, depth, inside));
        check_ok(bt_key_tree_epoch(from_root, stream_key, 0, inside));
        if (memcmp(from_node, from_root, 32) != 0)
            fail_msg("seed %u: epoch %u lies below and is not opened", seed, inside);
        for (int d = 0; d < depth; d++) { /* one bit above the node differs */
            uint32_t outside = epoch ^ UINT32_C(0x80000000) >> d;
            check_ok(bt_key_tree_epoch(from_node, node, depth, outside));
            check_ok(bt_key_tree_epoch(from_root, stream_key, 0, outside));
            if (memcmp(from_node, from_root, 32) == 0)
                fail_msg("seed %u: epoch %u lies elsewhere and is opened", seed, outside);
        }
    }
}

static void classes_and_targets_have_keys_of_their_own(void **state)
{
    (void)state;
    uint8_t epoch_key[32], class_key[32], keys[12][32];
    const uint32_t targets[] = {0, 1, 256, UINT32_MAX};
    int n_keys = 0;
    fill(epoch_key, sizeof(epoch_key), 6);
    for (int class_ = BAUTA_CLASS_FACE; class_ <= BAUTA_CLASS_BODY; class_++) {
        check_ok(bt_key_tree_class(class_key, epoch_key, (enum bauta_class)class_));
        for (int i = 0; i < 4; i++)
            check_ok(bt_key_tree_target(keys[n_keys++], class_key, targets[i]));
    }
    for (int i = 0; i < n_keys; i++)
        for (int k = 0; k < i; k++)
            assert_memory_not_equal(keys[i], keys[k], 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_changed_bit_of_text_tag_data_nonce_or_key_leaves_only_zeros),
        cmocka_unit_test(no_part_of_a_sealed_text_opens),
        cmocka_unit_test(one_changed_bit_of_an_envelope_closes_it),
        cmocka_unit_test(two_envelopes_of_one_key_have_nothing_in_common),
        cmocka_unit_test(hpke_with_aes_256_gcm_is_that_of_the_published_vectors),
        cmocka_unit_test(no_key_of_small_order_gives_a_secret),
        cmocka_unit_test(a_node_opens_the_epochs_below_it_and_no_others),
        cmocka_unit_test(classes_and_targets_have_keys_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
