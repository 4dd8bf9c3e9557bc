/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "guesses.h"

/* Wrong passwords. */

enum { S = 1000000 };

static void guess(struct guesses *guesses, const char *address, int n, gint64 now_us)
{
    for (int i = 0; i < n; i++)
        guesses_wrong(guesses, GUESSES_HTTP, address, now_us);
}

static void an_address_may_be_wrong_some_times_and_then_once_a_second(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    guess(guesses, "192.0.2.1", GUESSES_AT_ONCE - 1, S);
    assert_true(guesses_may(guesses, "192.0.2.1", "me", S));
    guess(guesses, "192.0.2.1", 100, S);
    assert_false(guesses_may(guesses, "192.0.2.1", "me", S));
    assert_true(guesses_often(guesses, "192.0.2.1", S));
    assert_true(guesses_may(guesses, "192.0.2.1", "me", 2 * S));
    guess(guesses, "192.0.2.1", 1, 2 * S);
    assert_false(guesses_may(guesses, "192.0.2.1", "me", 2 * S));
    assert_int_equal(guesses_count(guesses, GUESSES_HTTP), GUESSES_AT_ONCE + 100);
    assert_int_equal(guesses_count(guesses, GUESSES_RTSP), 0);
    guesses_unref(guesses);
}

static void the_right_user_is_not_locked_out(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    guesses_right(guesses, "192.0.2.1", "me", S);
    guess(guesses, "192.0.2.1", 1000, S);
    guess(guesses, "127.0.0.1", 1000, S);
    assert_true(guesses_may(guesses, "192.0.2.1", "me", S)); /* at home where the guesser is */
    assert_false(guesses_may(guesses, "192.0.2.1", "you", S));
    assert_false(guesses_may(guesses, "192.0.2.1", NULL, S));
    assert_true(guesses_may(guesses, "192.0.2.2", "me", S)); /* elsewhere */
    assert_true(guesses_may(guesses, "127.0.0.1", "me", S));
    guesses_unref(guesses);
}

static void a_household_of_ipv6_is_one_address(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    guess(guesses, "2001:db8:1:2::5", 1000, S);
    assert_false(guesses_may(guesses, "2001:db8:1:2:ffff::1", "me", S));
    assert_true(guesses_may(guesses, "2001:db8:1:3::5", "me", S));
    guess(guesses, "::ffff:192.0.2.7", 1000, S); /* IPv4, by its own */
    assert_true(guesses_may(guesses, "::ffff:192.0.2.8", "me", S));
    guesses_unref(guesses);
}

static void what_is_remembered_is_bounded(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    for (int i = 0; i < GUESSES_MAX + 1000; i++) {
        char address[16];
        g_snprintf(address, sizeof(address), "10.1.%d.%d", i / 250, i % 250);
        guesses_wrong(guesses, GUESSES_RTSP, address, S);
        guesses_right(guesses, address, "me", S);
    }
    assert_false(guesses_may(guesses, "10.9.9.9", "me", S)); /* the rest is one address */
    assert_true(guesses_may(guesses, "10.1.0.1", "me", S));
    assert_true(guesses_may(guesses, "10.9.9.9", "me", 100 * S));
    guesses_unref(guesses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_may_be_wrong_some_times_and_then_once_a_second),
        cmocka_unit_test(the_right_user_is_not_locked_out),
        cmocka_unit_test(a_household_of_ipv6_is_one_address),
        cmocka_unit_test(what_is_remembered_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
