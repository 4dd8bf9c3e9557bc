/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "access/guesses.h"

/* Wrong passwords. */

enum { S = 1000000 };

static void guess_as(struct guesses *guesses, const char *address, const char *user, int n,
                     gint64 now_us)
{
    for (int i = 0; i < n; i++)
        guesses_wrong(guesses, GUESSES_HTTP, address, user, now_us);
}

static void guess(struct guesses *guesses, const char *address, int n, gint64 now_us)
{
    guess_as(guesses, address, "somebody", n, now_us);
}

/* How many of so many connections are taken. */
static int come(struct guesses *guesses, const char *address, int n, gint64 now_us)
{
    int taken = 0;
    for (int i = 0; i < n; i++)
        taken += guesses_arrive(guesses, address, now_us);
    return taken;
}

static void an_address_may_be_wrong_some_times_and_then_once_a_second(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    guess(guesses, "192.0.2.1", GUESSES_AT_ONCE - 1, S);
    assert_true(guesses_may(guesses, "192.0.2.1", "me", S));
    guess(guesses, "192.0.2.1", 100, S);
    assert_false(guesses_may(guesses, "192.0.2.1", "me", S));
    assert_true(guesses_often(guesses, "192.0.2.1", "me", S));
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

static void whoever_shares_an_address_with_a_user_guesses_his_password_slowly(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    guesses_right(guesses, "192.0.2.1", "me", S);
    guess_as(guesses, "192.0.2.1", "me", GUESSES_KNOWN_AT_ONCE - 1, S);
    assert_true(guesses_may(guesses, "192.0.2.1", "me", S));
    assert_true(guesses_may(guesses, "192.0.2.1", "you", S)); /* his own, and nobody else's */
    guess_as(guesses, "192.0.2.1", "me", 1000, S);
    assert_false(guesses_may(guesses, "192.0.2.1", "me", S));
    assert_true(guesses_may(guesses, "192.0.2.1", "me", 2 * S));
    guesses_right(guesses, "192.0.2.1", "me", 2 * S); /* gives nobody more */
    guess_as(guesses, "192.0.2.1", "me", 1, 2 * S);
    assert_false(guesses_may(guesses, "192.0.2.1", "me", 2 * S));
    assert_true(guesses_may(guesses, "192.0.2.2", "me", 2 * S));
    guesses_unref(guesses);
}

static void who_brings_the_nonce_he_was_let_in_with_is_no_guesser(void **state)
{
    (void)state;
    const gint64 day = (gint64)GUESSES_KNOWN_S * S;
    struct guesses *guesses = guesses_new();
    guesses_right(guesses, "192.0.2.1", "me", S);
    guesses_give_ticket(guesses, "192.0.2.1", "me", "nonce", S);
    guesses_give_ticket(guesses, "192.0.2.1", "me", NULL, S); /* is none */
    guess_as(guesses, "192.0.2.1", "me", 1000, S);
    assert_true(guesses_has_ticket(guesses, "192.0.2.1", "me", "nonce", day));
    assert_false(guesses_has_ticket(guesses, "192.0.2.1", "me", "nonce", day + S));
    assert_false(guesses_has_ticket(guesses, "192.0.2.1", "me", "another", S));
    assert_false(guesses_has_ticket(guesses, "192.0.2.1", "me", NULL, S));
    assert_false(guesses_has_ticket(guesses, "192.0.2.1", "you", "nonce", S));
    assert_false(guesses_has_ticket(guesses, "192.0.2.2", "me", "nonce", S));
    guesses_take_ticket(guesses, "192.0.2.1", "me", "nonce");
    assert_false(guesses_has_ticket(guesses, "192.0.2.1", "me", "nonce", S));
    guesses_unref(guesses);
}

static void who_is_known_is_so_for_a_day(void **state)
{
    (void)state;
    const gint64 day = (gint64)GUESSES_KNOWN_S * S;
    struct guesses *guesses = guesses_new();
    guesses_right(guesses, "192.0.2.1", "me", S);
    guess(guesses, "192.0.2.1", 1000, day);
    assert_true(guesses_may(guesses, "192.0.2.1", "me", day));
    assert_true(guesses_arrive(guesses, "192.0.2.1", day));
    guess(guesses, "192.0.2.1", 1000, day + 2 * S);
    assert_false(guesses_may(guesses, "192.0.2.1", "me", day + 2 * S));
    assert_false(guesses_arrive(guesses, "192.0.2.1", day + 2 * S));
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
    assert_false(guesses_may(guesses, "192.0.2.7", "me", S));
    guess(guesses, "::ffff:127.0.0.1", 1000, S);
    assert_true(guesses_may(guesses, "::ffff:127.0.0.1", "me", S));
    guesses_unref(guesses);
}

static void many_households_of_one_customer_are_one_in_the_end(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    for (int i = 0; i < GUESSES_WIDE * GUESSES_AT_ONCE; i++) {
        assert_true(guesses_may(guesses, "2001:db8:1:ffff::1", "me", S));
        char address[40];
        g_snprintf(address, sizeof(address), "2001:db8:1:%x::1", i);
        guess(guesses, address, 1, S);
    }
    assert_false(guesses_may(guesses, "2001:db8:1:ffff::1", "me", S));
    assert_false(guesses_arrive(guesses, "2001:db8:1:ffff::1", S));
    assert_true(guesses_may(guesses, "2001:db8:2:ffff::1", "me", S));
    assert_true(guesses_may(guesses, "2001:db8:1:ffff::1", "me", 2 * S));
    guesses_unref(guesses);
}

static void where_nobody_was_let_in_connections_are_counted(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    assert_int_equal(come(guesses, "192.0.2.1", 1000, S), GUESSES_ARRIVALS_AT_ONCE);
    assert_int_equal(come(guesses, "192.0.2.1", 1000, 2 * S), GUESSES_ARRIVALS_A_S);
    assert_int_equal(come(guesses, "192.0.2.2", 10, S), 10);
    assert_int_equal(come(guesses, "127.0.0.1", 1000, S), 1000);
    guesses_right(guesses, "192.0.2.1", "me", 2 * S);
    assert_int_equal(come(guesses, "192.0.2.1", 1000, 2 * S), 1000);
    guess(guesses, "192.0.2.1", 1000, 2 * S); /* else whoever guesses locks out the house */
    assert_int_equal(come(guesses, "192.0.2.1", 1000, 2 * S), 1000);
    guesses_unref(guesses);
}

static void who_was_wrong_too_often_is_not_let_come(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    guess(guesses, "192.0.2.1", 1000, S);
    assert_int_equal(come(guesses, "192.0.2.1", 1, S), 0);
    assert_int_equal(come(guesses, "192.0.2.2", 1, S), 1);
    assert_int_equal(come(guesses, "192.0.2.1", 1, 2 * S), 1);
    guesses_unref(guesses);
}

static void what_is_remembered_is_bounded_and_locks_out_nobody(void **state)
{
    (void)state;
    struct guesses *guesses = guesses_new();
    guess(guesses, "192.0.2.1", 1000, S);
    for (int i = 0; i < GUESSES_MAX + 1000; i++) {
        char address[16];
        g_snprintf(address, sizeof(address), "10.1.%d.%d", i / 250, i % 250);
        guesses_arrive(guesses, address, S);
        guesses_wrong(guesses, GUESSES_RTSP, address, "me", S);
        guesses_right(guesses, address, "me", S);
    }
    assert_true(guesses_may(guesses, "10.9.9.9", "me", S));
    assert_true(guesses_arrive(guesses, "10.9.9.9", S));
    assert_false(guesses_may(guesses, "192.0.2.1", "me", S)); /* who counts most stays */
    guesses_unref(guesses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_may_be_wrong_some_times_and_then_once_a_second),
        cmocka_unit_test(the_right_user_is_not_locked_out),
        cmocka_unit_test(whoever_shares_an_address_with_a_user_guesses_his_password_slowly),
        cmocka_unit_test(who_brings_the_nonce_he_was_let_in_with_is_no_guesser),
        cmocka_unit_test(who_is_known_is_so_for_a_day),
        cmocka_unit_test(a_household_of_ipv6_is_one_address),
        cmocka_unit_test(many_households_of_one_customer_are_one_in_the_end),
        cmocka_unit_test(where_nobody_was_let_in_connections_are_counted),
        cmocka_unit_test(who_was_wrong_too_often_is_not_let_come),
        cmocka_unit_test(what_is_remembered_is_bounded_and_locks_out_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
