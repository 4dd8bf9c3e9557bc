/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <bauta/bytes.h>
#include <bauta/secrets.h>
#include <string.h>

static void texts_are_the_same_only_if_all_is(void **state)
{
    (void)state;
    assert_true(bauta_equal_secret_text("", ""));
    assert_true(bauta_equal_secret_text("abc", "abc"));
    assert_false(bauta_equal_secret_text("abc", "abd"));
    assert_false(bauta_equal_secret_text("abc", "ab"));
    assert_false(bauta_equal_secret_text("ab", "abc"));
    assert_false(bauta_equal_secret_text("", "a"));
}

static void bytes_are_the_same_only_if_all_are(void **state)
{
    (void)state;
    uint8_t a[32] = {0}, b[32] = {0};
    assert_true(bauta_equal_secret(a, b, sizeof(a)));
    for (size_t i = 0; i < sizeof(a); i++) {
        for (int bit = 0; bit < 8; bit++) {
            b[i] = (uint8_t)(1 << bit);
            assert_false(bauta_equal_secret(a, b, sizeof(a)));
            assert_true(bauta_equal_secret(a, b, i));
        }
        b[i] = 0;
    }
    assert_true(bauta_equal_secret(NULL, NULL, 0));
}

static void a_wiped_secret_is_all_zero_and_its_neighbours_stay(void **state)
{
    (void)state;
    char text[] = "-secret-";
    static const char wiped[] = "-\0\0\0\0\0\0-";
    bauta_wipe(text + 1, 6);
    assert_memory_equal(wiped, text, sizeof(wiped));
    char words[] = "two\0words";
    static const char half[] = "\0\0\0\0words";
    bauta_wipe_text(words);
    assert_memory_equal(half, words, sizeof(half));
    bauta_wipe(NULL, 8);
    bauta_wipe_text(NULL);
}

static void hex_is_two_lower_case_digits_a_byte(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x00, 0x0f, 0xa0, 0xff, 0x7e};
    char text[] = "...........?";
    assert_ptr_equal(text, bauta_hex(text, bytes, sizeof(bytes)));
    assert_string_equal("000fa0ff7e", text);
    assert_int_equal('?', text[11]);
    assert_string_equal("", bauta_hex(text, bytes, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_the_same_only_if_all_is),
        cmocka_unit_test(bytes_are_the_same_only_if_all_are),
        cmocka_unit_test(a_wiped_secret_is_all_zero_and_its_neighbours_stay),
        cmocka_unit_test(hex_is_two_lower_case_digits_a_byte),
    };
    return cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
}
