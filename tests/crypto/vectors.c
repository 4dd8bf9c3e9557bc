/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/hkdf.h"
#include "crypto/hpke.h"
#include "crypto/key_tree.h"
#include "crypto/x25519.h"

/* Published vectors, and our own in tests/vectors. */

static void rfc_5869_hkdf(void **state)
{
    (void)state;
    static const struct {
        const char *ikm, *salt, *info, *prk, *okm;
    } cases[] = {
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
         "f0f1f2f3f4f5f6f7f8f9", "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
         "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
        {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2"
         "c"
         "2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f",
         "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8"
         "c"
         "8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
         "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbd"
         "c"
         "dddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
         "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
         "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65"
         "e"
         "590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"},
        {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
         "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
         "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hex ikm = hex(cases[i].ikm), salt = hex(cases[i].salt), info = hex(cases[i].info);
        struct hex okm = hex(cases[i].okm);
        uint8_t prk[32], out[128];
        check_ok(bt_hkdf_extract(prk, hex_view(&salt), hex_view(&ikm)));
        check_hex(cases[i].prk, prk);
        check_ok(bt_hkdf_expand(out, okm.size, (struct bauta_bytes){prk, 32}, hex_view(&info)));
        assert_memory_equal(okm.bytes, out, okm.size);
    }
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation", test cases 13 to 16. */
static void aes_256_gcm(void **state)
{
    (void)state;
    static const char zero_key[] =
        "0000000000000000000000000000000000000000000000000000000000000000";
    static const char key[] = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
    static const struct {
        const char *key, *nonce, *aad, *plain, *sealed;
    } cases[] = {
        {zero_key, "000000000000000000000000", "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
        {zero_key, "000000000000000000000000", "", "00000000000000000000000000000000",
         "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
        {key, "cafebabefacedbaddecaf888", "",
         "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e244"
         "9a6b5"
         "25b16aedf5aa0de657ba637b391aafd255",
         "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105"
         "6828838"
         "c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c"},
        {key, "cafebabefacedbaddecaf888", "feedfacedeadbeeffeedfacedeadbeefabaddad2",
         "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e244"
         "9a6b5"
         "25b16aedf5aa0de657ba637b39",
         "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b105"
         "6828838"
         "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hex k = hex(cases[i].key), nonce = hex(cases[i].nonce), aad = hex(cases[i].aad);
        struct hex plain = hex(cases[i].plain), sealed = hex(cases[i].sealed);
        struct bt_aead aead = {k.bytes, k.size, nonce.bytes, hex_view(&aad)};
        uint8_t out[128];
        check_ok(bt_aead_seal(out, &aead, hex_view(&plain)));
        assert_memory_equal(sealed.bytes, out, sealed.size);
        check_ok(bt_aead_open(out, &aead, hex_view(&sealed)));
        assert_memory_equal(plain.bytes, out, plain.size);
    }
}

static void rfc_7748_x25519(void **state)
{
    (void)state;
    struct hex a = hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    struct hex b = hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    uint8_t public_a[32], public_b[32], secret[32];
    check_ok(bt_x25519_public(public_a, a.bytes));
    check_ok(bt_x25519_public(public_b, b.bytes));
    check_hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a", public_a);
    check_hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f", public_b);
    check_ok(bt_x25519_agree(secret, a.bytes, public_b));
    check_hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", secret);
    check_ok(bt_x25519_agree(secret, b.bytes, public_a));
    check_hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742", secret);
    const uint8_t small_order[32] = {0};
    check_status(BAUTA_ERR_FORMAT, bt_x25519_agree(secret, a.bytes, small_order));
}

/* RFC 9180, A.1.1, sequence number 0: base mode with AES-128-GCM, the same code as with
 * AES-256-GCM. */
static void rfc_9180_hpke(void **state)
{
    (void)state;
    struct hex info = hex("4f6465206f6e2061204772656369616e2055726e"), aad = hex("436f756e742d30");
    struct hex ephemeral = hex("52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736");
    struct hex public_key = hex("3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
    struct hex private_key =
        hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8");
    struct hex plain = hex("4265617574792069732074727574682c20747275746820626561757479");
    struct bt_hpke_suite suite = {BT_HPKE_AES_128_GCM, hex_view(&info), hex_view(&aad)};
    uint8_t enc[32], sealed[45], opened[29];
    check_ok(bt_hpke_seal_with(enc, sealed, &suite, public_key.bytes, hex_view(&plain),
                               ephemeral.bytes));
    check_hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431", enc);
    check_hex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e1"
              "3c512a",
              sealed);
    check_ok(
        bt_hpke_open(opened, &suite, private_key.bytes, enc, (struct bauta_bytes){sealed, 45}));
    assert_memory_equal(plain.bytes, opened, 29);
}

static json_t *load(const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/tests/vectors/%s", getenv("BAUTA_SOURCE_ROOT"), name);
    json_t *root = json_load_file(path, 0, NULL);
    assert_non_null(root);
    return root;
}

static struct hex field(const json_t *object, const char *name)
{
    return hex(json_string_value(json_object_get(object, name)));
}

static void our_envelope(void **state)
{
    (void)state;
    json_t *v = load("envelope.json");
    struct hex info = field(v, "info"), aad = field(v, "aad"), enc = field(v, "enc");
    struct hex sealed = field(v, "sealed"), public_key = field(v, "public_key");
    struct hex private_key = field(v, "private_key"), ephemeral = field(v, "ephemeral_key");
    struct bt_hpke_suite suite = {BT_HPKE_AES_256_GCM, hex_view(&info), hex_view(&aad)};
    uint8_t got_enc[32], got[48], opened[32], hash[32];
    check_ok(bt_hpke_open(opened, &suite, private_key.bytes, enc.bytes, hex_view(&sealed)));
    check_ok(bt_hpke_seal_with(got_enc, got, &suite, public_key.bytes,
                               (struct bauta_bytes){opened, 32}, ephemeral.bytes));
    assert_memory_equal(enc.bytes, got_enc, 32);
    assert_memory_equal(sealed.bytes, got, 48);
    check_ok(bt_hash_bytes(hash, hex_view(&public_key)));
    assert_memory_equal(field(v, "key_id").bytes, hash, 8);
    json_decref(v);
}

static void our_key_tree(void **state)
{
    (void)state;
    json_t *v = load("key-tree.json");
    struct hex stream_key = field(v, "stream_key");
    const json_t *cases = json_object_get(v, "cases");
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *c = json_array_get(cases, i);
        uint32_t epoch = (uint32_t)json_integer_value(json_object_get(c, "epoch"));
        uint8_t key[32], node[32];
        check_ok(bt_key_tree_epoch(key, stream_key.bytes, 0, epoch));
        assert_memory_equal(field(c, "epoch_key").bytes, key, 32);
        for (int depth = 1; depth <= 32; depth += 5) { /* any inner node leads to the same leaf */
            check_ok(bt_key_tree_node(node, stream_key.bytes, 0, depth, epoch));
            check_ok(bt_key_tree_epoch(node, node, depth, epoch));
            assert_memory_equal(key, node, 32);
        }
        check_ok(bt_key_tree_class(
            key, key, (enum bauta_class)json_integer_value(json_object_get(c, "class"))));
        check_ok(bt_key_tree_target(key, key,
                                    (uint32_t)json_integer_value(json_object_get(c, "target"))));
        assert_memory_equal(field(c, "target_key").bytes, key, 32);
    }
    assert_int_equal(5, json_array_size(cases));
    json_decref(v);
}

static void any_flipped_bit_is_found_and_nothing_comes_out(void **state)
{
    (void)state;
    uint8_t key[32] = {1}, nonce[12] = {2}, aad[20] = {3}, plain[40] = {4}, sealed[56], out[40];
    struct bt_aead aead = {key, sizeof(key), nonce, {aad, sizeof(aad)}};
    const uint8_t nothing[40] = {0};
    struct bauta_bytes in = {sealed, sizeof(sealed)};
    check_ok(bt_aead_seal(sealed, &aead, (struct bauta_bytes){plain, sizeof(plain)}));
    uint8_t *const parts[] = {sealed, nonce, aad, key};
    const size_t sizes[] = {sizeof(sealed), sizeof(nonce), sizeof(aad), sizeof(key)};
    for (size_t p = 0; p < 4; p++)
        for (size_t bit = 0; bit < sizes[p] * 8; bit++) {
            parts[p][bit / 8] ^= (uint8_t)(1u << bit % 8);
            memset(out, 0xee, sizeof(out));
            check_status(BAUTA_ERR_TAMPERED, bt_aead_open(out, &aead, in));
            assert_memory_equal(nothing, out, sizeof(out));
            parts[p][bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    check_ok(bt_aead_open(out, &aead, in));
    check_status(BAUTA_ERR_TAMPERED, bt_aead_open(out, &aead, (struct bauta_bytes){sealed, 15}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_5869_hkdf),
        cmocka_unit_test(aes_256_gcm),
        cmocka_unit_test(rfc_7748_x25519),
        cmocka_unit_test(rfc_9180_hpke),
        cmocka_unit_test(our_envelope),
        cmocka_unit_test(our_key_tree),
        cmocka_unit_test(any_flipped_bit_is_found_and_nothing_comes_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
