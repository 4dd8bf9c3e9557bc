/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include <bauta/group.h>

#include "crypto/group.h"
#include "crypto/key.h"
#include "crypto/pem_file.h"
#include "crypto/sign.h"
#include "crypto/x25519.h"
#include "hex.h"

static char said[2048];

static void note(void *user, enum bauta_log_level level, const char *sentence)
{
    (void)user;
    (void)level;
    snprintf(said, sizeof(said), "%s", sentence);
}

static const struct bauta_log log_to_said = {note, NULL};

/* SubjectPublicKeyInfo (RFC 8410, 4) up to the 32 raw bytes. */
#define HEAD_X25519  "302a300506032b656e032100"
#define HEAD_ED25519 "302a300506032b6570032100"

/* All points of small order, as they are written and with 2^255 - 19 added; RFC 7748 has the 256th
 * bit masked. */
static const char *const small_order[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880"};

/* Those of Ed25519, but for the sign bit. */
static const char *const small_signers[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void write_pem(struct bt_buffer *pem, const char *head, const uint8_t raw[32])
{
    struct hex start = hex(head);
    struct bt_buffer der = {0};
    bt_buffer_append(&der, hex_view(&start));
    bt_buffer_append(&der, (struct bauta_bytes){raw, 32});
    bt_pem_write(pem, "PUBLIC KEY", bt_buffer_view(&der));
    bt_buffer_clear(&der);
}

static enum bauta_status read_key(const uint8_t raw[32])
{
    struct bauta_public_key *key;
    struct bt_buffer pem = {0};
    write_pem(&pem, HEAD_X25519, raw);
    enum bauta_status status =
        bauta_public_key_parse(&key, bt_buffer_view(&pem), "bob.pub", &log_to_said);
    bt_buffer_clear(&pem);
    bauta_public_key_free(&key);
    return status;
}

static enum bauta_status read_signer(const uint8_t raw[32])
{
    struct bauta_signer *signer;
    struct bt_buffer pem = {0};
    write_pem(&pem, HEAD_ED25519, raw);
    enum bauta_status status =
        bauta_signer_parse(&signer, bt_buffer_view(&pem), "bob.pub", &log_to_said);
    bt_buffer_clear(&pem);
    bauta_signer_free(&signer);
    return status;
}

static void no_key_of_small_order_is_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(small_order); i++) {
        said[0] = '\0';
        check_status(BAUTA_ERR_FORMAT, read_key(hex(small_order[i]).bytes));
        assert_non_null(strstr(said, "bob.pub: a weak X25519 public key"));
    }
}

/* The same point written in another way would be somebody else to a group. */
static void no_key_in_a_second_form_is_read(void **state)
{
    (void)state;
    uint8_t private_key[32], key[32];
    for (int i = 0; i < 16; i++) {
        check_ok(bt_x25519_generate(private_key));
        check_ok(bt_x25519_public(key, private_key));
        check_ok(read_key(key));
        key[31] |= 0x80;
        check_status(BAUTA_ERR_FORMAT, read_key(key));
    }
    struct hex nine = hex("0900000000000000000000000000000000000000000000000000000000000000");
    struct hex again = hex("f6ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    check_ok(read_key(nine.bytes));
    check_status(BAUTA_ERR_FORMAT, read_key(again.bytes));
}

/* The signature R = 1, S = 0 verifies wherever the hash is a multiple of the key's order. */
static void no_signer_in_whose_name_anybody_signs_is_read(void **state)
{
    (void)state;
    static const uint8_t forged[BAUTA_SIGNATURE_SIZE] = {1};
    for (size_t i = 0; i < 2 * COUNT(small_signers); i++) {
        struct hex raw = hex(small_signers[i / 2]);
        if (i % 2)
            raw.bytes[31] |= 0x80;
        struct bauta_signer signer = {.id = {0}};
        memcpy(signer.bytes, raw.bytes, 32);
        int n = 0;
        for (uint8_t text = 0; text < 200; text++)
            n += bt_sign_verify(forged, &signer, "", (struct bauta_bytes){&text, 1}) == BAUTA_OK;
        assert_true(n > 0); /* a control: it is weak */
        check_status(BAUTA_ERR_FORMAT, read_signer(raw.bytes));
        assert_non_null(strstr(said, "bob.pub: a weak Ed25519 public key"));
    }
}

/* A group as its file has it, with this second member. */
static enum bauta_status read_group(const uint8_t second[32])
{
    struct bauta_group g = {.threshold = 2, .n_members = 2}, *read = NULL;
    struct bt_buffer bytes = {0}, pem = {0};
    memcpy(g.members[0], hex("09").bytes, 1);
    memcpy(g.members[1], second, 32);
    bt_group_write(&bytes, &g);
    bt_pem_write(&pem, "BAUTA GROUP", bt_buffer_view(&bytes));
    enum bauta_status status =
        bauta_group_parse(&read, bt_buffer_view(&pem), "all.group", &log_to_said);
    bt_buffer_clear(&bytes);
    bt_buffer_clear(&pem);
    bauta_group_free(&read);
    return status;
}

static void no_group_with_a_weak_member_or_one_twice_is_read(void **state)
{
    (void)state;
    static const uint8_t nine[32] = {9};
    uint8_t private_key[32], key[32];
    check_ok(bt_x25519_generate(private_key));
    check_ok(bt_x25519_public(key, private_key));
    check_ok(read_group(key));
    check_status(BAUTA_ERR_FORMAT, read_group(nine));
    for (size_t i = 0; i < COUNT(small_order); i++)
        check_status(BAUTA_ERR_FORMAT, read_group(hex(small_order[i]).bytes));
    assert_non_null(strstr(said, "all.group: "));
    key[31] |= 0x80;
    check_status(BAUTA_ERR_FORMAT, read_group(key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_key_of_small_order_is_read),
        cmocka_unit_test(no_key_in_a_second_form_is_read),
        cmocka_unit_test(no_signer_in_whose_name_anybody_signs_is_read),
        cmocka_unit_test(no_group_with_a_weak_member_or_one_twice_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
