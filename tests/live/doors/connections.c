/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <string.h>

#include "rtsp/connections.h"

/* Connections to an RTSP server, made over loopback; the server's threads are its own. */

enum { DEADLINE_S = 60 };

struct house {
    struct log log;
    GstRTSPServer *server;
    GSource *source;
    struct connections *connections;
    int port;
};

static struct house *open_house(const struct connection_limits *limits)
{
    struct house *house = g_new0(struct house, 1);
    house->server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(house->server, "127.0.0.1");
    gst_rtsp_server_set_service(house->server, "0");
    GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
    gst_rtsp_media_factory_set_launch(
        factory, "( videotestsrc ! video/x-raw,width=16,height=16 ! rtpvrawpay name=pay0 )");
    GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(house->server);
    gst_rtsp_mount_points_add_factory(mounts, "/a", factory);
    g_object_unref(mounts);
    house->connections = connections_new(house->server, limits, &house->log);
    house->source = gst_rtsp_server_create_source(house->server, NULL, NULL);
    assert_non_null(house->source);
    g_source_attach(house->source, NULL);
    house->port = gst_rtsp_server_get_bound_port(house->server);
    return house;
}

static GSocket *come_from(const struct house *house, const char *from)
{
    GSocketClient *maker = g_socket_client_new();
    GSocketAddress *local = g_inet_socket_address_new_from_string(from, 0);
    g_socket_client_set_local_address(maker, local);
    g_object_unref(local);
    GSocketConnection *transport =
        g_socket_client_connect_to_host(maker, "127.0.0.1", (guint16)house->port, NULL, NULL);
    assert_non_null(transport);
    GSocket *socket = g_object_ref(g_socket_connection_get_socket(transport));
    g_object_set_data_full(G_OBJECT(socket), "connection", transport, g_object_unref);
    g_socket_set_blocking(socket, FALSE);
    g_object_unref(maker);
    return socket;
}

static GSocket *come(const struct house *house)
{
    return come_from(house, "127.0.0.1");
}

static void go(GSocket *socket)
{
    g_socket_close(socket, NULL);
    g_object_set_data(G_OBJECT(socket), "connection", NULL);
    g_object_unref(socket);
}

/* What comes next, while the server works; NULL: the end. The caller frees it. */
static char *hear(GSocket *socket)
{
    char text[4096];
    const gint64 end_us = g_get_monotonic_time() + DEADLINE_S * G_USEC_PER_SEC;
    while (g_get_monotonic_time() < end_us) {
        GError *error = NULL;
        const gssize n = g_socket_receive(socket, text, sizeof(text) - 1, NULL, &error);
        const bool waits = n < 0 && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        g_clear_error(&error);
        if (n > 0)
            return g_strndup(text, (gsize)n);
        if (!waits)
            return NULL;
        g_main_context_iteration(NULL, FALSE);
        g_thread_yield();
    }
    fail_msg("nothing came, and no end");
    return NULL;
}

static bool ends(GSocket *socket)
{
    char *text;
    while ((text = hear(socket)))
        g_free(text);
    return true;
}

static bool is_there(GSocket *socket)
{
    char byte;
    GError *error = NULL;
    const gssize n = g_socket_receive(socket, &byte, 1, NULL, &error);
    const bool there = n > 0 || g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    g_clear_error(&error);
    return there;
}

static void get_session(const struct house *house, GSocket *socket)
{
    char *request = g_strdup_printf("SETUP rtsp://127.0.0.1:%d/a/stream=0 RTSP/1.0\r\nCSeq: 1\r\n"
                                    "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n\r\n",
                                    house->port);
    assert_int_equal(g_socket_send(socket, request, strlen(request), NULL, NULL), strlen(request));
    g_free(request);
    char *answer = hear(socket);
    assert_non_null(answer);
    assert_non_null(strstr(answer, "RTSP/1.0 200"));
    assert_non_null(strstr(answer, "Session:"));
    g_free(answer);
}

static void close_house(struct house *house)
{
    g_source_destroy(house->source);
    g_source_unref(house->source);
    connections_free(house->connections);
    g_object_unref(house->server);
    g_free(house);
}

static void who_has_no_session_in_time_is_sent_away(void **state)
{
    (void)state;
    struct house *house = open_house(
        &(struct connection_limits){.connections = 8, .patience_ms = 1, .most_bytes = 1 << 20});
    GSocket *idle = come(house);
    assert_true(ends(idle));
    go(idle);
    close_house(house);
}

static void who_has_one_stays(void **state)
{
    (void)state;
    struct house *house = open_house(&(struct connection_limits){
        .connections = 2, .patience_ms = 600000, .most_bytes = 1 << 20});
    GSocket *user = come(house), *idle = come(house);
    get_session(house, user);
    GSocket *third = come(house), *fourth = come(house);
    assert_true(ends(idle));
    assert_true(ends(third));
    assert_true(is_there(user));
    assert_true(is_there(fourth));
    go(user);
    go(idle);
    go(third);
    go(fourth);
    close_house(house);
}

static void who_takes_all_makes_room_for_himself(void **state)
{
    (void)state;
    struct house *house = open_house(&(struct connection_limits){
        .connections = 3, .patience_ms = 600000, .most_bytes = 1 << 20});
    GSocket *newcomer = come_from(house, "127.0.0.2"), *many[4];
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        many[i] = come(house);
    for (size_t i = 0; i + 2 < G_N_ELEMENTS(many); i++)
        assert_true(ends(many[i]));
    get_session(house, newcomer); /* the oldest of all */
    go(newcomer);
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        go(many[i]);
    close_house(house);
}

static void who_comes_to_a_house_full_of_users_is_sent_away(void **state)
{
    (void)state;
    struct house *house = open_house(&(struct connection_limits){
        .connections = 1, .patience_ms = 600000, .most_bytes = 1 << 20});
    GSocket *user = come(house);
    get_session(house, user);
    GSocket *second = come(house);
    assert_true(ends(second));
    assert_true(is_there(user));
    go(user);
    go(second);
    close_house(house);
}

/* Sends `piece` until the connection ends; how many bytes. */
static guint64 pour(GSocket *socket, const char *piece)
{
    guint64 sent = 0;
    const gint64 end_us = g_get_monotonic_time() + DEADLINE_S * G_USEC_PER_SEC;
    for (;;) {
        GError *error = NULL;
        const gssize n = g_socket_send(socket, piece, strlen(piece), NULL, &error);
        const bool waits = n < 0 && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
        g_clear_error(&error);
        sent += n > 0 ? (guint64)n : 0;
        if ((n < 0 && !waits) || !is_there(socket))
            return sent;
        if (g_get_monotonic_time() > end_us)
            fail_msg("%" G_GUINT64_FORMAT " bytes were taken", sent);
        g_main_context_iteration(NULL, FALSE);
    }
}

static void headers_without_end_have_one(void **state)
{
    (void)state;
    struct house *house = open_house(&(struct connection_limits){
        .connections = 8, .patience_ms = 600000, .most_bytes = 1 << 16});
    GSocket *stranger = come(house);
    static const char begin[] = "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n";
    assert_true(g_socket_send(stranger, begin, strlen(begin), NULL, NULL) > 0);
    pour(stranger, "X-A: b\r\n");
    go(stranger);
    close_house(house);
}

static void say_coded(GSocket *socket, const char *text)
{
    char *coded = g_base64_encode((const guchar *)text, strlen(text));
    assert_int_equal(g_socket_send(socket, coded, strlen(coded), NULL, NULL), strlen(coded));
    g_free(coded);
}

static void the_other_half_of_a_tunnel_is_counted_too(void **state)
{
    (void)state;
    struct house *house = open_house(&(struct connection_limits){
        .connections = 8, .patience_ms = 600000, .most_bytes = 1 << 16});
    GSocket *get = come(house);
    static const char begin[] = "GET /a HTTP/1.0\r\nX-SessionCookie: c00c1e\r\n"
                                "Accept: application/x-rtsp-tunnelled\r\n\r\n";
    assert_true(g_socket_send(get, begin, strlen(begin), NULL, NULL) > 0);
    char *answer = hear(get);
    assert_non_null(strstr(answer, " 200 "));
    g_free(answer);
    GSocket *post = come(house);
    static const char more[] = "POST /a HTTP/1.0\r\nX-SessionCookie: c00c1e\r\n"
                               "Content-Type: application/x-rtsp-tunnelled\r\n"
                               "Content-Length: 32767\r\n\r\n";
    assert_true(g_socket_send(post, more, strlen(more), NULL, NULL) > 0);
    say_coded(post, "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n");
    answer = hear(get); /* the tunnel stands */
    assert_non_null(answer);
    assert_non_null(strstr(answer, "RTSP/1.0 200"));
    g_free(answer);
    say_coded(post, "OPTIONS * RTSP/1.0\r\nCSeq: 22\r\n");
    char *piece = g_base64_encode((const guchar *)"X-AA: b\r\n", 9);
    pour(post, piece);
    g_free(piece);
    assert_true(ends(get));
    go(get);
    go(post);
    close_house(house);
}

static void all_can_be_sent_away(void **state)
{
    (void)state;
    struct house *house = open_house(&(struct connection_limits){
        .connections = 8, .patience_ms = 600000, .most_bytes = 1 << 20});
    GSocket *user = come(house);
    get_session(house, user);
    connections_send_away(house->connections);
    assert_true(ends(user));
    go(user);
    close_house(house);
}

int main(int argc, char **argv)
{
    gst_init(&argc, &argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_no_session_in_time_is_sent_away),
        cmocka_unit_test(who_has_one_stays),
        cmocka_unit_test(who_takes_all_makes_room_for_himself),
        cmocka_unit_test(who_comes_to_a_house_full_of_users_is_sent_away),
        cmocka_unit_test(headers_without_end_have_one),
        cmocka_unit_test(the_other_half_of_a_tunnel_is_counted_too),
        cmocka_unit_test(all_can_be_sent_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
