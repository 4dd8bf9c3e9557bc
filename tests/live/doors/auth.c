/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "access/auth.h"
#include "access/digest.h"
#include "access/nonces.h"

/* Who is let in by HTTP and by SOAP. */

static struct user_config users[] = {{"user", "userpassword"}, {"Mufasa", "Circle of Life"}};
static char realm[] = "bauta";
static const struct service_config config = {.users = users, .n_users = 2, .realm = realm};

/* The example of ONVIF's Application Programmer's Guide, section 6.1.1.3. */
static const struct auth_token published = {
    .user = "user",
    .digest = "tuOSpGlFlIXsozq4HFNeeGeFLEI=",
    .nonce = "LKqI6G/AikKCQrN0zqZFlg==",
    .created = "2010-09-16T07:50:45Z",
};

static gint64 time_of(const char *text)
{
    GTimeZone *utc = g_time_zone_new_utc();
    GDateTime *time = g_date_time_new_from_iso8601(text, utc);
    const gint64 us = g_date_time_to_unix(time) * G_USEC_PER_SEC;
    g_date_time_unref(time);
    g_time_zone_unref(utc);
    return us;
}

/* The answer to one token, `offset_s` after it was made, of somebody who knows no others. */
static enum auth_result check_alone(const struct auth_token *token, gint64 offset_s)
{
    struct auth *auth = auth_new(0);
    const enum auth_result result = auth_check(
        auth, &config, token, "a", time_of(published.created) + offset_s * G_USEC_PER_SEC);
    auth_free(auth);
    return result;
}

static void the_published_example_is_good(void **state)
{
    (void)state;
    assert_int_equal(check_alone(&published, 0), AUTH_GOOD);
}

static void a_token_is_good_once(void **state)
{
    (void)state;
    struct auth *auth = auth_new(0);
    const gint64 now = time_of(published.created);
    assert_int_equal(auth_check(auth, &config, &published, NULL, now), AUTH_GOOD);
    assert_int_equal(auth_check(auth, &config, &published, NULL, now), AUTH_STALE);
    struct auth_token respelled = published; /* the same bytes, written otherwise */
    respelled.nonce = "LKqI6G/AikKC\nQrN0zqZFlg==";
    assert_int_equal(auth_check(auth, &config, &respelled, NULL, now), AUTH_STALE);
    for (gint64 s = -AUTH_TOKEN_AGE_S; s <= AUTH_TOKEN_AGE_S; s++)
        assert_int_equal(auth_check(auth, &config, &published, NULL, now + s * G_USEC_PER_SEC),
                         AUTH_STALE);
    auth_free(auth);
}

static void a_token_is_good_again_for_its_sender_in_the_same_second(void **state)
{
    (void)state;
    struct auth *auth = auth_new(0);
    const gint64 now = time_of(published.created), later = now + G_USEC_PER_SEC;
    assert_int_equal(auth_check(auth, &config, &published, "10.0.0.2", now), AUTH_GOOD);
    assert_int_equal(auth_check(auth, &config, &published, "10.0.0.2", later - 1), AUTH_GOOD);
    assert_int_equal(auth_check(auth, &config, &published, "10.0.0.3", later - 1), AUTH_STALE);
    assert_int_equal(auth_check(auth, &config, &published, "10.0.0.2", later), AUTH_STALE);
    assert_int_equal(auth_check(auth, &config, &published, "10.0.0.2", now - 1), AUTH_STALE);
    auth_free(auth);
}

static void a_token_is_good_for_some_minutes(void **state)
{
    (void)state;
    assert_int_equal(check_alone(&published, AUTH_TOKEN_AGE_S), AUTH_GOOD);
    assert_int_equal(check_alone(&published, -AUTH_TOKEN_AGE_S), AUTH_GOOD);
    assert_int_equal(check_alone(&published, AUTH_TOKEN_AGE_S + 1), AUTH_STALE);
    assert_int_equal(check_alone(&published, -AUTH_TOKEN_AGE_S - 1), AUTH_STALE);
}

static void a_token_from_before_the_start_is_not_taken(void **state)
{
    (void)state;
    const gint64 made = time_of(published.created);
    struct auth *auth = auth_new(made + 1);
    assert_int_equal(auth_check(auth, &config, &published, NULL, made + 2), AUTH_STALE);
    auth_free(auth);
    auth = auth_new(made);
    assert_int_equal(auth_check(auth, &config, &published, NULL, made + 2), AUTH_GOOD);
    auth_free(auth);
}

static void a_clock_that_was_ahead_at_the_start_is_no_bar(void **state)
{
    (void)state;
    const gint64 made = time_of(published.created), ahead = made + (gint64)86400 * G_USEC_PER_SEC;
    struct auth_token other = published;
    other.created = "2010-09-16T07:50:46Z";
    struct auth *auth = auth_new(ahead);
    assert_int_equal(auth_check(auth, &config, &published, NULL, made + 2), AUTH_STALE);
    auth_free(auth);
    auth = auth_new(ahead);
    assert_int_equal(auth_check(auth, &config, &other, NULL, made - 2), AUTH_BAD);
    assert_int_equal(auth_check(auth, &config, &published, NULL, made + 2), AUTH_GOOD);
    auth_free(auth);
}

static void whatever_is_changed_or_missing_makes_a_token_bad(void **state)
{
    (void)state;
    struct auth_token token = published;
    token.user = "Mufasa";
    assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    token = published;
    token.user = "nobody";
    assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    token = published;
    token.created = "2010-09-16T07:50:46Z";
    assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    token = published;
    token.nonce = "LKqI6G/AikKCQrN0zqZFlA==";
    assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    token.nonce = "";
    assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    token = published;
    token.digest = "tuOSpGlFlIXsozq4HFNeeGeFLEJ=";
    assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    token.digest = "";
    assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    for (int missing = 0; missing < 4; missing++) {
        token = published;
        *(const char **[]){&token.user, &token.digest, &token.nonce, &token.created}[missing] =
            NULL;
        assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    }
}

static void what_is_no_time_is_no_token(void **state)
{
    (void)state;
    static const char *const times[] = {"", "now", "2010-13-16T07:50:45Z", "2010-09-16",
                                        "99999999999999999999-09-16T07:50:45Z"};
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        struct auth_token token = published;
        token.created = times[i];
        assert_int_equal(check_alone(&token, 0), AUTH_BAD);
    }
}

static void a_full_memory_lets_nobody_in(void **state)
{
    (void)state;
    struct nonces *nonces = nonces_new();
    char text[32];
    int n = 0;
    do
        g_snprintf(text, sizeof(text), "%d", n++);
    while (nonces_use(nonces, text, NULL, 100 * G_USEC_PER_SEC, 0));
    assert_int_equal(n, 65537);
    assert_false(nonces_use(nonces, "another", NULL, 100 * G_USEC_PER_SEC, 99 * G_USEC_PER_SEC));
    assert_true(nonces_use(nonces, "another", NULL, 300 * G_USEC_PER_SEC, 101 * G_USEC_PER_SEC));
    assert_true(nonces_use(nonces, "0", NULL, 300 * G_USEC_PER_SEC, 101 * G_USEC_PER_SEC));
    nonces_free(nonces);
}

/* ---- HTTP ---- */

static char *md5(const char *a, const char *b)
{
    char *text = g_strconcat(a, ":", b, NULL);
    char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
    g_free(text);
    return sum;
}

/* An answer to a challenge as a client makes it: RFC 7616, section 3.4. The caller frees it. */
static char *answer_to(const char *challenge, const char *password, const char *target, int count)
{
    const char *begin = strstr(challenge, "nonce=\"") + strlen("nonce=\"");
    char *nonce = g_strndup(begin, strcspn(begin, "\""));
    char *name = g_strdup_printf("Mufasa:bauta:%s", password);
    char *a1 = g_compute_checksum_for_string(G_CHECKSUM_MD5, name, -1);
    char *a2 = md5("GET", target);
    char *middle = g_strdup_printf("%s:%08x:cn:auth:%s", nonce, (unsigned)count, a2);
    char *response = md5(a1, middle);
    char *answer = g_strdup_printf("Digest username=\"Mufasa\", realm=\"bauta\", nonce=\"%s\", "
                                   "uri=\"%s\", qop=auth, nc=%08x, cnonce=\"cn\", response=\"%s\"",
                                   nonce, target, (unsigned)count, response);
    g_free(nonce);
    g_free(name);
    g_free(a1);
    g_free(a2);
    g_free(middle);
    g_free(response);
    return answer;
}

struct fixture {
    struct digest *digest;
    char *challenge;
};

static int open_door(void **state)
{
    struct fixture *door = g_new0(struct fixture, 1);
    door->digest = digest_new();
    assert_non_null(door->digest);
    door->challenge = digest_challenge(door->digest, &config, false, 0);
    *state = door;
    return 0;
}

static int close_door(void **state)
{
    struct fixture *door = *state;
    digest_free(door->digest);
    g_free(door->challenge);
    g_free(door);
    return 0;
}

static enum auth_result try(const struct fixture *door, const char *password, const char *uri,
                            const char *target, int count, gint64 now_s)
{
    char *answer = answer_to(door->challenge, password, uri, count);
    const struct digest_request request = {"GET", target, answer};
    const enum auth_result result =
        digest_check(door->digest, &config, &request, now_s * G_USEC_PER_SEC);
    g_free(answer);
    return result;
}

static void a_right_answer_is_good_and_each_count_of_it_once(void **state)
{
    const struct fixture *door = *state;
    assert_int_equal(try(door, "Circle of Life", "/a?b", "/a?b", 1, 1), AUTH_GOOD);
    assert_int_equal(try(door, "Circle of Life", "/a?b", "/a?b", 1, 1), AUTH_STALE);
    assert_int_equal(try(door, "Circle of Life", "/a?b", "/a?b", 3, 1), AUTH_GOOD);
    assert_int_equal(try(door, "Circle of Life", "/a?b", "/a?b", 2, 1), AUTH_GOOD);
    assert_int_equal(try(door, "Circle of Life", "/a?b", "/a?b", 3, 1), AUTH_STALE);
}

static void a_wrong_answer_is_bad(void **state)
{
    const struct fixture *door = *state;
    assert_int_equal(try(door, "circle of life", "/a", "/a", 1, 1), AUTH_BAD);
    assert_int_equal(try(door, "Circle of Life", "/a", "/b", 1, 1), AUTH_BAD);
    const struct digest_request none = {"GET", "/a", NULL};
    assert_int_equal(digest_check(door->digest, &config, &none, 1), AUTH_BAD);
    char *answer = answer_to(door->challenge, "Circle of Life", "/a", 1);
    const struct digest_request post = {"POST", "/a", answer};
    assert_int_equal(digest_check(door->digest, &config, &post, 1), AUTH_BAD);
    g_free(answer);
}

static void an_answer_that_lacks_a_part_is_bad(void **state)
{
    const struct fixture *door = *state;
    char *answer = answer_to(door->challenge, "Circle of Life", "/a", 1);
    static const char *const parts[] = {"username", "realm",  "uri",      "qop",
                                        "nc=",      "cnonce", "response", "Digest"};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        char *broken = g_strdup(answer);
        *strstr(broken, parts[i]) = 'x';
        const struct digest_request request = {"GET", "/a", broken};
        assert_int_equal(digest_check(door->digest, &config, &request, 1), AUTH_BAD);
        g_free(broken);
    }
    g_free(answer);
}

static void a_nonce_is_ours_and_has_an_age(void **state)
{
    const struct fixture *door = *state;
    assert_int_equal(try(door, "Circle of Life", "/a", "/a", 1, DIGEST_NONCE_AGE_S), AUTH_GOOD);
    assert_int_equal(try(door, "Circle of Life", "/a", "/a", 2, DIGEST_NONCE_AGE_S + 1),
                     AUTH_STALE);
    struct digest *other = digest_new();
    struct fixture elsewhere = {other, door->challenge};
    assert_int_equal(try(&elsewhere, "Circle of Life", "/a", "/a", 1, 1), AUTH_STALE);
    digest_free(other);
    char forged[] = "Digest nonce=\"1\"";
    struct fixture made_up = {door->digest, forged};
    assert_int_equal(try(&made_up, "Circle of Life", "/a", "/a", 1, 1), AUTH_STALE);
    char *stale = digest_challenge(door->digest, &config, true, 0);
    assert_non_null(strstr(stale, "stale=true"));
    assert_null(strstr(door->challenge, "stale"));
    g_free(stale);
}

static void a_name_and_a_password_in_the_clear_are_checked(void **state)
{
    (void)state;
    static const struct {
        const char *pair;
        enum auth_result result;
    } tries[] = {{"Mufasa:Circle of Life", AUTH_GOOD},
                 {"Mufasa:circle", AUTH_BAD},
                 {"Mufasa:", AUTH_BAD},
                 {"Mufasa", AUTH_BAD},
                 {":", AUTH_BAD},
                 {"", AUTH_BAD},
                 {"user:Circle of Life", AUTH_BAD}};
    for (size_t i = 0; i < G_N_ELEMENTS(tries); i++) {
        char *coded = g_base64_encode((const guchar *)tries[i].pair, strlen(tries[i].pair));
        char *header = g_strconcat("Basic ", coded, NULL);
        assert_int_equal(digest_check_basic(&config, header), tries[i].result);
        g_free(header);
        g_free(coded);
    }
    assert_int_equal(digest_check_basic(&config, NULL), AUTH_BAD);
    assert_int_equal(digest_check_basic(&config, "Basic ***"), AUTH_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_example_is_good),
        cmocka_unit_test(a_token_is_good_once),
        cmocka_unit_test(a_token_is_good_again_for_its_sender_in_the_same_second),
        cmocka_unit_test(a_token_is_good_for_some_minutes),
        cmocka_unit_test(a_token_from_before_the_start_is_not_taken),
        cmocka_unit_test(a_clock_that_was_ahead_at_the_start_is_no_bar),
        cmocka_unit_test(whatever_is_changed_or_missing_makes_a_token_bad),
        cmocka_unit_test(what_is_no_time_is_no_token),
        cmocka_unit_test(a_full_memory_lets_nobody_in),
        cmocka_unit_test_setup_teardown(a_right_answer_is_good_and_each_count_of_it_once, open_door,
                                        close_door),
        cmocka_unit_test_setup_teardown(a_wrong_answer_is_bad, open_door, close_door),
        cmocka_unit_test_setup_teardown(an_answer_that_lacks_a_part_is_bad, open_door, close_door),
        cmocka_unit_test_setup_teardown(a_nonce_is_ours_and_has_an_age, open_door, close_door),
        cmocka_unit_test(a_name_and_a_password_in_the_clear_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
