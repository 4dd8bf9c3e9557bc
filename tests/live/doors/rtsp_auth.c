/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "rtsp/rtsp_auth.h"

/* Who comes to an RTSP server, and what it says. Connections are made over loopback, and are then
 * said to come from STRANGER; the server's threads are its own. */

#define STRANGER "192.0.2.1"
#define REALM    "doors"

enum { DEADLINE_S = 60 };

struct house {
    struct log log;
    struct guesses *guesses;
    GstRTSPServer *server;
    GstRTSPAuth *auth;
    GSource *source;
    int port, n_came;
    GSocketConnection *connection;
    char *uri;
    /* of the last answer; NULL: there was none, and the connection has ended */
    char *answer;
    char *nonce; /* the last that was given */
};

static void greet(GstRTSPServer *server, GstRTSPClient *client, gpointer data)
{
    (void)server;
    struct house *house = data;
    house->n_came++;
    gst_rtsp_connection_set_ip(gst_rtsp_client_get_connection(client), STRANGER);
}

static void set_users(struct house *house, bool anonymous)
{
    GstRTSPToken *token =
        gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", NULL);
    house->auth = rtsp_auth_new(house->guesses, &house->log);
    gst_rtsp_auth_set_supported_methods(house->auth, GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_set_realm(house->auth, REALM);
    gst_rtsp_auth_add_digest(house->auth, "me", "right", token);
    if (anonymous)
        gst_rtsp_auth_set_default_token(house->auth, token);
    gst_rtsp_token_unref(token);
    gst_rtsp_server_set_auth(house->server, house->auth);
}

static void add_camera(const struct house *house)
{
    GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(
        factory, "( videotestsrc ! video/x-raw,width=16,height=16 ! rtpvrawpay name=pay0 )");
    gst_rtsp_media_factory_add_role(factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                    G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                    G_TYPE_BOOLEAN, TRUE, NULL);
    GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(house->server);
    gst_rtsp_mount_points_add_factory(mounts, "/a", factory);
    g_object_unref(mounts);
}

static int open_house(void **state)
{
    struct house *house = g_new0(struct house, 1);
    house->guesses = guesses_new();
    house->server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(house->server, "127.0.0.1");
    gst_rtsp_server_set_service(house->server, "0");
    g_signal_connect(house->server, "client-connected", G_CALLBACK(greet), house);
    add_camera(house);
    set_users(house, false);
    house->source = gst_rtsp_server_create_source(house->server, NULL, NULL);
    assert_non_null(house->source);
    g_source_attach(house->source, NULL);
    house->port = gst_rtsp_server_get_bound_port(house->server);
    house->uri = g_strdup_printf("rtsp://127.0.0.1:%d/a", house->port);
    *state = house;
    return 0;
}

static void go(struct house *house)
{
    if (house->connection)
        g_socket_close(g_socket_connection_get_socket(house->connection), NULL);
    g_clear_object(&house->connection);
    g_clear_pointer(&house->answer, g_free);
    g_clear_pointer(&house->nonce, g_free);
}

static void come(struct house *house)
{
    go(house);
    GSocketClient *maker = g_socket_client_new();
    house->connection =
        g_socket_client_connect_to_host(maker, "127.0.0.1", (guint16)house->port, NULL, NULL);
    assert_non_null(house->connection);
    g_socket_set_blocking(g_socket_connection_get_socket(house->connection), FALSE);
    g_object_unref(maker);
}

static int close_house(void **state)
{
    struct house *house = *state;
    go(house);
    g_source_destroy(house->source);
    g_source_unref(house->source);
    g_list_free_full(gst_rtsp_server_client_filter(house->server, NULL, NULL), g_object_unref);
    g_object_unref(house->auth);
    g_object_unref(house->server);
    guesses_unref(house->guesses);
    g_free(house->uri);
    g_free(house);
    return 0;
}

static void read_nonce(struct house *house)
{
    const char *begin = house->answer ? strstr(house->answer, "nonce=\"") : NULL;
    if (!begin)
        return;
    begin += strlen("nonce=\"");
    g_free(house->nonce);
    house->nonce = g_strndup(begin, strcspn(begin, "\""));
}

/* The server works meanwhile. */
static void hear(struct house *house)
{
    GSocket *socket = g_socket_connection_get_socket(house->connection);
    const gint64 end_us = g_get_monotonic_time() + DEADLINE_S * G_USEC_PER_SEC;
    char text[4096];
    g_clear_pointer(&house->answer, g_free);
    while (g_get_monotonic_time() < end_us) {
        GError *error = NULL;
        const gssize n = g_socket_receive(socket, text, sizeof(text) - 1, NULL, &error);
        const bool waits = n < 0 && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        g_clear_error(&error);
        if (n > 0)
            house->answer = g_strndup(text, (gsize)n);
        if (!waits) {
            read_nonce(house);
            return;
        }
        g_main_context_iteration(NULL, FALSE);
        g_thread_yield();
    }
    fail_msg("nothing came, and no end");
}

/* With the headers of somebody who knows this. */
static void describe(struct house *house, const char *headers)
{
    char *request =
        g_strdup_printf("DESCRIBE %s RTSP/1.0\r\nCSeq: 1\r\n%s\r\n", house->uri, headers);
    g_socket_send(g_socket_connection_get_socket(house->connection), request, strlen(request), NULL,
                  NULL);
    g_free(request);
    hear(house);
}

static char *make_header(const struct house *house, const char *password, const char *nonce)
{
    char *response = gst_rtsp_generate_digest_auth_response(NULL, "DESCRIBE", REALM, "me", password,
                                                            house->uri, nonce);
    char *header = g_strdup_printf("Authorization: Digest username=\"me\", realm=\"" REALM
                                   "\", nonce=\"%s\", uri=\"%s\", response=\"%s\"\r\n",
                                   nonce, house->uri, response);
    g_free(response);
    return header;
}

static void say_password(struct house *house, const char *password)
{
    char *header = make_header(house, password, house->nonce);
    describe(house, header);
    g_free(header);
}

static bool is_answer(const struct house *house, const char *status)
{
    return house->answer && strstr(house->answer, status) != NULL;
}

static guint64 count(const struct house *house)
{
    return guesses_count(house->guesses, GUESSES_RTSP);
}

/* Somebody from there guesses so much that it is not forgiven while the test runs. */
static void guess(const struct house *house, const char *user)
{
    const gint64 later_us = g_get_monotonic_time() + (gint64)3600 * G_USEC_PER_SEC;
    for (int i = 0; i < 100; i++)
        guesses_wrong(house->guesses, GUESSES_ONVIF, STRANGER, user, later_us);
}

static void whoever_knows_the_password_is_let_in(void **state)
{
    struct house *house = *state;
    come(house);
    describe(house, "");
    assert_true(is_answer(house, "401"));
    say_password(house, "right");
    assert_true(is_answer(house, "200"));
    assert_int_equal(count(house), 0);
}

static void wrong_passwords_are_counted_and_too_many_end_the_connection(void **state)
{
    struct house *house = *state;
    come(house);
    describe(house, "");
    say_password(house, "wrong");
    assert_true(is_answer(house, "401"));
    assert_int_equal(count(house), 1);
    guess(house, "me");
    say_password(house, "right");
    assert_null(house->answer); /* it was not looked at */
    assert_int_equal(count(house), 2);
}

static void two_passwords_are_not_looked_at(void **state)
{
    struct house *house = *state;
    come(house);
    describe(house, "");
    char *wrong = make_header(house, "wrong", house->nonce);
    char *right = make_header(house, "right", house->nonce);
    char *both = g_strconcat(wrong, right, NULL);
    describe(house, both);
    assert_true(is_answer(house, "401"));
    assert_int_equal(count(house), 1);
    g_free(both);
    g_free(right);
    g_free(wrong);
}

/* What recorders come with after a restart. */
static void a_nonce_of_before_is_no_wrong_password(void **state)
{
    struct house *house = *state;
    come(house);
    for (int i = 0; i < 2 * GUESSES_AT_ONCE; i++) {
        char *header = make_header(house, "right", "0123456789abcdef");
        describe(house, header);
        assert_true(is_answer(house, "401"));
        g_free(header);
    }
    assert_int_equal(count(house), 0);
    say_password(house, "right"); /* with the new one */
    assert_true(is_answer(house, "200"));
}

static void a_nonce_is_one_on_any_connection(void **state)
{
    struct house *house = *state;
    come(house);
    describe(house, "");
    char *header = make_header(house, "wrong", house->nonce);
    come(house);
    describe(house, header);
    assert_true(is_answer(house, "401"));
    assert_int_equal(count(house), 1);
    g_free(header);
}

static void who_is_inside_stays_whoever_guesses(void **state)
{
    struct house *house = *state;
    come(house);
    describe(house, "");
    say_password(house, "right");
    guess(house, "me"); /* by his name, from his address */
    guess(house, "you");
    say_password(house, "right");
    assert_true(is_answer(house, "200"));
    say_password(house, "wrong"); /* then he is as everybody */
    assert_null(house->answer);
}

/* What the server asks before it makes anything for a connection. */
static bool is_taken(const struct house *house, const char *address)
{
    GstRTSPConnection *connection;
    GSocket *socket =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
    GSocketAddress *there = g_inet_socket_address_new_from_string("127.0.0.1", (guint)house->port);
    assert_true(g_socket_connect(socket, there, NULL, NULL));
    assert_int_equal(gst_rtsp_connection_create_from_socket(socket, address, 1, NULL, &connection),
                     GST_RTSP_OK);
    GstRTSPContext context = {.conn = connection, .auth = house->auth};
    gst_rtsp_context_push_current(&context);
    const bool taken = gst_rtsp_auth_check(GST_RTSP_AUTH_CHECK_CONNECT);
    gst_rtsp_context_pop_current(&context);
    gst_rtsp_connection_free(connection);
    g_object_unref(there);
    g_object_unref(socket);
    return taken;
}

static void whoever_guessed_too_much_is_not_let_come(void **state)
{
    const struct house *house = *state;
    assert_true(is_taken(house, STRANGER));
    guess(house, "me");
    assert_false(is_taken(house, STRANGER));
    assert_true(is_taken(house, "192.0.2.2"));
    assert_true(is_taken(house, "127.0.0.1"));
    guesses_right(house->guesses, STRANGER, "you", g_get_monotonic_time());
    assert_true(is_taken(house, STRANGER)); /* a user lives there */
}

static void where_nobody_is_asked_all_come(void **state)
{
    struct house *house = *state;
    g_object_unref(house->auth);
    set_users(house, true);
    guess(house, "me");
    assert_true(is_taken(house, STRANGER));
    come(house);
    describe(house, "Authorization: Digest username=\"me\", realm=\"x\", nonce=\"x\", uri=\"x\", "
                    "response=\"x\"\r\n");
    assert_true(is_answer(house, "200"));
    assert_int_equal(count(house), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_house, close_house)

int main(int argc, char **argv)
{
    gst_init(&argc, &argv);
    const struct CMUnitTest tests[] = {
        TEST(whoever_knows_the_password_is_let_in),
        TEST(wrong_passwords_are_counted_and_too_many_end_the_connection),
        TEST(two_passwords_are_not_looked_at),
        TEST(a_nonce_of_before_is_no_wrong_password),
        TEST(a_nonce_is_one_on_any_connection),
        TEST(who_is_inside_stays_whoever_guesses),
        TEST(whoever_guessed_too_much_is_not_let_come),
        TEST(where_nobody_is_asked_all_come),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
