/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "address.h"
#include "audit_request.h"
#include "range.h"
#include "request_guard.h"
#include "token.h"

/* What a client may write into a request. */

static void check_range(const char *text, uint64_t size, uint64_t first, uint64_t last)
{
    struct range range;
    assert_int_equal(RANGE_GOOD, range_parse(&range, text, size));
    assert_true(range.first == first && range.last == last);
}

static void a_range_is_what_was_asked_for_within_the_file(void **state)
{
    (void)state;
    check_range("bytes=0-0", 1000, 0, 0);
    check_range("bytes=100-199", 1000, 100, 199);
    check_range("bytes=100-", 1000, 100, 999);
    check_range("bytes=-100", 1000, 900, 999);
    check_range("bytes=-5000", 1000, 0, 999);
    check_range("bytes=999-99999999999999999999999999", 1000, 999, 999);
    check_range("Bytes=1-2", 1000, 1, 2);
}

static void a_range_is_never_longer_than_an_answer_may_be(void **state)
{
    (void)state;
    const uint64_t size = UINT64_C(1) << 40;
    check_range("bytes=0-", size, 0, RANGE_MAX_BYTES - 1);
    check_range("bytes=-99999999", size, size - 99999999, size - 99999999 + RANGE_MAX_BYTES - 1);
    check_range("bytes=7-8388614", size, 7, 8388614);
    check_range("bytes=7-8388615", size, 7, 8388614);
}

static void what_is_no_single_range_of_bytes_is_bad(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "bytes",     "bytes=",     "bytes=-",
                                      "bytes=a-b",  "bytes=1",   "bytes=2-1",  "bytes=1-2,4-5",
                                      "bytes= 1-2", "items=1-2", "bytes=1-2 ", "bytes=+1-2",
                                      "bytes=--1"};
    struct range range;
    assert_int_equal(RANGE_BAD, range_parse(&range, NULL, 1000));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(RANGE_BAD, range_parse(&range, bad[i], 1000));
}

static void a_range_behind_the_end_is_told_apart(void **state)
{
    (void)state;
    struct range range;
    assert_int_equal(RANGE_BEYOND, range_parse(&range, "bytes=1000-", 1000));
    assert_int_equal(RANGE_BEYOND, range_parse(&range, "bytes=-0", 1000));
    assert_int_equal(RANGE_BEYOND, range_parse(&range, "bytes=0-", 0));
    assert_int_equal(RANGE_BEYOND, range_parse(&range, "bytes=-1", 0));
}

static void only_the_token_opens(void **state)
{
    (void)state;
    struct token token, other;
    char header[64];
    assert_true(token_make(&token) && token_make(&other));
    assert_string_not_equal(token.text, other.text);
    assert_int_equal(TOKEN_SIZE, strlen(token.text));
    snprintf(header, sizeof(header), "Bearer %s", token.text);
    assert_true(token_check(&token, header));
    assert_false(token_check(&other, header));
    assert_false(token_check(&token, token.text));
    assert_false(token_check(&token, NULL));
    assert_false(token_check(&token, ""));
    assert_false(token_check(&token, "Bearer "));
    for (size_t i = strlen("Bearer "); header[i]; i++) { /* every digit counts */
        const char kept = header[i];
        header[i] = kept == '0' ? '1' : '0';
        assert_false(token_check(&token, header));
        header[i] = kept;
    }
    strcat(header, "0");
    assert_false(token_check(&token, header));
}

static void check_host(const char *expected, const char *header, int port, bool tls)
{
    char *name = request_guard_host_name(header, port, tls);
    if (expected)
        assert_string_equal(expected, name);
    else
        assert_null(name);
    g_free(name);
}

static void a_host_is_a_name_at_our_port(void **state)
{
    (void)state;
    check_host("127.0.0.1", "127.0.0.1:8080", 8080, false);
    check_host("::1", "[::1]:8080", 8080, false);
    check_host("localhost", "localhost", 80, false);
    check_host("localhost", "localhost", 443, true);
    check_host(NULL, "localhost", 8080, false);
    check_host(NULL, "localhost:8081", 8080, false);
    check_host(NULL, "localhost:", 8080, false);
    check_host(NULL, "localhost:8080x", 8080, false);
    check_host(NULL, "[::1:8080", 8080, false);
    check_host(NULL, "[::1]x", 80, false);
}

static void check_address(const char *text, const char *host, int port)
{
    struct address address;
    const bool good = address_parse(&address, text);
    assert_int_equal(host != NULL, good);
    if (!good)
        return;
    char *got = address_host(address.host);
    assert_string_equal(host, got);
    assert_int_equal(port, address.port);
    g_free(got);
    address_clear(&address);
}

static void an_address_is_read_with_and_without_a_port(void **state)
{
    (void)state;
    check_address("127.0.0.1", "127.0.0.1", 0);
    check_address("0.0.0.0:8443", "0.0.0.0", 8443);
    check_address("localhost:80", "127.0.0.1", 80);
    check_address("::1", "[::1]", 0);
    check_address("[::1]", "[::1]", 0);
    check_address("[::1]:9", "[::1]", 9);
    static const char *const bad[] = {"",      "desk",      "1.2.3.4:",      "1.2.3.4:65536",
                                      "[::1",  "[::1]9",    "[127.0.0.1]:9", "1.2.3.4:x",
                                      ":8080", "1.2.3:80:", "[]:80"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        check_address(bad[i], NULL, 0);
}

static bool reads(const char *body)
{
    struct audit_request request;
    const char *problem;
    const bool good = audit_request_read(&request, &problem, body, strlen(body));
    assert_true(good == (problem == NULL));
    audit_request_clear(&request);
    return good;
}

static void a_row_says_which_recording_what_came_of_it_and_why(void **state)
{
    (void)state;
    assert_true(reads("{\"recording\":\"a.mp4\",\"outcome\":\"begun\",\"why\":\"theft\"}"));
    assert_true(reads("{\"recording\":\"a.mp4\",\"outcome\":\"done\"}"));
    assert_true(reads("{\"recording\":\"a.mp4\",\"outcome\":\"denied\",\"what\":\"3 face\",\"key\":"
                      "\"4c2db4c0420faf21\",\"approved\":\"4c2db4c0420faf21 a7fb44c1697e4a49\"}"));
    assert_false(reads("{\"recording\":\"a.mp4\",\"outcome\":\"begun\"}"));
    assert_false(reads("{\"recording\":\"a.mp4\",\"outcome\":\"begun\",\"why\":\"  \"}"));
    assert_false(reads("{\"recording\":\"a.mp4\",\"outcome\":\"seen\"}"));
    assert_false(reads("{\"recording\":\"\",\"outcome\":\"done\"}"));
    assert_false(reads("{\"outcome\":\"done\"}"));
}

static void what_is_no_row_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "[]",
        "null",
        "{",
        "{\"recording\":\"a\",\"outcome\":\"done\"} x",
        "{\"recording\":\"a\",\"recording\":\"b\",\"outcome\":\"done\"}",
        "{\"recording\":1,\"outcome\":\"done\"}",
        "{\"recording\":\"a\",\"outcome\":\"done\",\"why\":null}",
        "{\"recording\":\"a\\nb\",\"outcome\":\"done\"}",
        "{\"recording\":\"a\",\"outcome\":\"done\",\"key\":\"no key\"}",
        "{\"recording\":\"a\",\"outcome\":\"done\",\"what\":\"\\u0000\"}",
        "{\"recording\":\"a\",\"outcome\":\"done\",\"grant\":\"theirs\"}"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(reads(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_range_is_what_was_asked_for_within_the_file),
        cmocka_unit_test(a_range_is_never_longer_than_an_answer_may_be),
        cmocka_unit_test(what_is_no_single_range_of_bytes_is_bad),
        cmocka_unit_test(a_range_behind_the_end_is_told_apart),
        cmocka_unit_test(only_the_token_opens),
        cmocka_unit_test(a_host_is_a_name_at_our_port),
        cmocka_unit_test(an_address_is_read_with_and_without_a_port),
        cmocka_unit_test(a_row_says_which_recording_what_came_of_it_and_why),
        cmocka_unit_test(what_is_no_row_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
