/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <libsoup/soup.h>
#include <string.h>

#include "fake_service.h"
#include "http/http.h"
#include "http/http_listener.h"
#include "onvif/soap.h"

/* The HTTP door, spoken to over loopback; both ends run in the test's own main loop. */

struct house {
    struct log log;
    struct fake_service *service;
    struct service_state *state; /* of that */
    struct onvif *onvif;
    struct http *http;
    SoupSession *session;
    int port;
    const char *password; /* what the client answers a challenge with; NULL: nothing */
    /* of the last answer */
    guint status;
    char *type, *cache, *body;
};

/* A port that is free now. */
static int free_port(void)
{
    GSocketListener *listener = g_socket_listener_new();
    const int port = g_socket_listener_add_any_inet_port(listener, NULL, NULL);
    g_socket_listener_close(listener);
    g_object_unref(listener);
    return port;
}

static struct camera_config *new_camera(const char *name, bool has_snapshot)
{
    struct camera_config *camera = g_new0(struct camera_config, 1);
    camera->name = g_strdup(name);
    camera->has_snapshot = has_snapshot;
    camera->source.stall_s = 5;
    camera->record.directory = g_strdup("");
    camera->source.password = g_strdup("");
    return camera;
}

static struct service_config *new_config(int port)
{
    struct service_config *config = g_new0(struct service_config, 1);
    config->path = g_strdup("/nowhere/live.ini");
    config->http = (struct address_config){g_strdup("127.0.0.1"), port};
    config->rtsp = (struct address_config){g_strdup("127.0.0.1"), 8554};
    config->rtsps = config->https = (struct address_config){NULL, 0};
    config->users = g_new0(struct user_config, 1);
    config->users[0] = (struct user_config){g_strdup("user"), g_strdup("a \"password\"")};
    config->n_users = 1;
    config->realm = g_strdup("doors");
    config->name = g_strdup("doors");
    config->address = g_strdup("");
    config->onvif = true;
    config->cameras = g_new0(struct camera_config *, 2);
    config->cameras[0] = new_camera("front", true);
    config->cameras[1] = new_camera("metrics", false); /* a name that is a page's, too */
    config->n_cameras = 2;
    return config;
}

static int set_up(void **state)
{
    struct house *house = g_new0(struct house, 1);
    house->port = free_port();
    house->service = fake_service_new(new_config(house->port));
    house->state = fake_service_state(house->service);
    house->onvif = onvif_new(0);
    house->http = http_new(house->state, house->onvif, &house->log);
    assert_non_null(house->http);
    house->session = soup_session_new();
    house->password = "a \"password\"";
    *state = house;
    return 0;
}

static void forget(struct house *house)
{
    g_free(house->type);
    g_free(house->cache);
    g_free(house->body);
    house->type = house->cache = house->body = NULL;
    house->status = 0;
}

static int tear_down(void **state)
{
    struct house *house = *state;
    forget(house);
    g_object_unref(house->session);
    http_free(house->http);
    onvif_free(house->onvif);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    fake_service_free(house->service);
    g_free(house);
    return 0;
}

static gboolean give_password(SoupMessage *message, SoupAuth *auth, gboolean retrying,
                              gpointer data)
{
    (void)message;
    const struct house *house = data;
    if (retrying || !house->password)
        return FALSE;
    soup_auth_authenticate(auth, "user", house->password);
    return TRUE;
}

static void take_answer(GObject *session, GAsyncResult *result, gpointer data)
{
    GBytes **bytes = data;
    GBytes *read = soup_session_send_and_read_finish(SOUP_SESSION(session), result, NULL);
    *bytes = read ? read : g_bytes_new_static("", 0);
}

/* Takes `message`; status 0: there was no answer. */
static void send(struct house *house, SoupMessage *message)
{
    GBytes *bytes = NULL;
    forget(house);
    g_signal_connect(message, "authenticate", G_CALLBACK(give_password), house);
    soup_session_send_and_read_async(house->session, message, G_PRIORITY_DEFAULT, NULL, take_answer,
                                     &bytes);
    while (!bytes)
        g_main_context_iteration(NULL, TRUE);
    gsize size;
    const char *text = g_bytes_get_data(bytes, &size);
    SoupMessageHeaders *headers = soup_message_get_response_headers(message);
    house->status = soup_message_get_status(message);
    house->type = g_strdup(soup_message_headers_get_content_type(headers, NULL));
    house->cache = g_strdup(soup_message_headers_get_one(headers, "Cache-Control"));
    house->body = g_strndup(text ? text : "", size);
    g_bytes_unref(bytes);
    g_object_unref(message);
}

static SoupMessage *new_message(const struct house *house, const char *method, const char *path)
{
    char *url = g_strdup_printf("http://127.0.0.1:%d%s", house->port, path);
    SoupMessage *message = soup_message_new(method, url);
    g_free(url);
    return message;
}

static void get(struct house *house, const char *path)
{
    send(house, new_message(house, "GET", path));
}

/* The status alone; the client's session forgets who it is. */
static guint status_of(struct house *house, const char *path)
{
    g_object_unref(house->session);
    house->session = soup_session_new();
    get(house, path);
    return house->status;
}

static void pages_want_a_password_but_two(void **state)
{
    struct house *house = *state;
    static const char *const closed[] = {
        "/metrics", "/health", "/front/snapshot.jpg", "/nothing", "/", "//", "/live/", "/../live"};
    house->password = NULL;
    assert_int_equal(status_of(house, "/live"), 200);
    assert_int_equal(status_of(house, "/ready"), 503); /* the cameras are still starting */
    for (size_t i = 0; i < G_N_ELEMENTS(closed); i++)
        if (strcmp(closed[i], "/../live") != 0) /* clients make that /live themselves */
            assert_int_equal(status_of(house, closed[i]), 401);
    house->password = "another";
    assert_int_equal(status_of(house, "/metrics"), 401);
}

static void whoever_knows_the_password_sees_the_pages(void **state)
{
    struct house *house = *state;
    assert_int_equal(status_of(house, "/metrics"), 200);
    assert_string_equal(house->type, "text/plain");
    assert_string_equal(house->cache, "no-store");
    assert_non_null(strstr(house->body, "bauta_build_info"));
    assert_int_equal(status_of(house, "/health"), 503);
    assert_string_equal(house->type, "application/json");
    assert_non_null(strstr(house->body, "\"name\": \"front\""));
    assert_int_equal(status_of(house, "/nothing"), 404);
    assert_int_equal(status_of(house, "/metrics?x=y"), 200);
}

static void without_users_everybody_does(void **state)
{
    struct house *house = *state;
    house->state->config->anonymous = true;
    house->password = NULL;
    assert_int_equal(status_of(house, "/metrics"), 200);
}

static guint status_with_host(struct house *house, const char *host, const char *path)
{
    SoupMessage *message = new_message(house, "GET", path);
    soup_message_headers_replace(soup_message_get_request_headers(message), "Host", host);
    send(house, message);
    return house->status;
}

/* Another page's own name may have been made to lead here. */
static void where_nobody_is_asked_only_own_names_are_answered(void **state)
{
    struct house *house = *state;
    struct service_config *config = house->state->config;
    static const char *const good[] = {"127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "localhost",
                                       "LocalHost:8080"};
    static const char *const bad[] = {"evil.example", "evil.example:8080", "127.0.0.1.evil.example",
                                      "localhost.evil.example", "user@127.0.0.1"};
    assert_int_equal(status_with_host(house, bad[0], "/metrics"), 200); /* with a password */
    config->anonymous = true;
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        assert_int_equal(status_with_host(house, good[i], "/metrics"), 200);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        assert_int_equal(status_with_host(house, bad[i], "/metrics"), 421);
    assert_int_equal(status_with_host(house, bad[0], "/live"), 200); /* everybody's anyway */
    assert_int_equal(status_with_host(house, bad[0], "/ready"), 503);
    assert_int_equal(status_with_host(house, bad[0], "/health"), 421); /* names cameras */
    g_free(config->address);
    config->address = g_strdup("cameras.example");
    assert_int_equal(status_with_host(house, "cameras.example:8080", "/metrics"), 200);
}

static gboolean ring(gpointer rung)
{
    *(bool *)rung = true;
    return G_SOURCE_REMOVE;
}

/* Whether a timer of the same main loop, which is set first and is shorter than what is late,
 * rings before the answer. */
static bool is_late(struct house *house)
{
    bool rung = false;
    const guint timer = g_timeout_add(GUESSES_HELD_MS / 2, ring, &rung);
    assert_int_equal(status_of(house, "/metrics"), 401);
    if (!rung)
        g_source_remove(timer);
    return rung;
}

/* They wait for their answer, and nobody else does. */
static void wrong_passwords_are_counted_and_answered_late(void **state)
{
    struct house *house = *state;
    const gint64 later_us = g_get_monotonic_time() + (gint64)3600 * G_USEC_PER_SEC;
    house->password = "another";
    assert_int_equal(status_of(house, "/metrics"), 401);
    for (int i = 0; i < GUESSES_AT_ONCE; i++)
        guesses_wrong(house->state->guesses, GUESSES_HTTP, "127.0.0.1", "user", later_us);
    assert_true(is_late(house));
    house->password = "a \"password\"";
    assert_int_equal(status_of(house, "/metrics"), 200);
    char *sample =
        g_strdup_printf("bauta_wrong_passwords_total{door=\"http\"} %d\n", GUESSES_AT_ONCE + 2);
    assert_non_null(strstr(house->body, sample));
    g_free(sample);
}

static void a_snapshot_is_the_camera_s_or_none(void **state)
{
    struct house *house = *state;
    assert_int_equal(status_of(house, "/front/snapshot.jpg"), 503);
    fake_service_show(house->service, g_bytes_new_static("JPEG", 4));
    assert_int_equal(status_of(house, "/front/snapshot.jpg"), 200);
    assert_string_equal(house->type, "image/jpeg");
    assert_string_equal(house->cache, "no-store");
    assert_string_equal(house->body, "JPEG");
    static const char *const none[] = {"/metrics/snapshot.jpg", "/back/snapshot.jpg",
                                       "/snapshot.jpg",         "/front/snapshot.png",
                                       "/front//snapshot.jpg",  "/front"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        assert_int_equal(status_of(house, none[i]), 404);
}

static void a_service_whose_part_hangs_is_not_alive(void **state)
{
    struct house *house = *state;
    fake_service_set_alive(house->service, false);
    assert_int_equal(status_of(house, "/live"), 503);
}

static void ready_is_when_no_camera_is_starting(void **state)
{
    struct house *house = *state;
    stats_set_state(camera_stats(house->state->cameras[0]), CAMERA_RUNNING);
    assert_int_equal(status_of(house, "/ready"), 503);
    stats_set_state(camera_stats(house->state->cameras[1]), CAMERA_FAILED);
    assert_int_equal(status_of(house, "/ready"), 200);
}

static void methods_are_for_what_they_are_for(void **state)
{
    struct house *house = *state;
    send(house, new_message(house, "POST", "/metrics"));
    assert_int_equal(house->status, 405);
    send(house, new_message(house, "DELETE", "/front/snapshot.jpg"));
    assert_int_equal(house->status, 405);
    send(house, new_message(house, "GET", "/onvif/device_service"));
    assert_int_equal(house->status, 405);
    send(house, new_message(house, "HEAD", "/metrics"));
    assert_int_equal(house->status, 200);
    assert_string_equal(house->body, "");
}

static void post(struct house *house, const char *path, const char *body, gsize size)
{
    SoupMessage *message = new_message(house, "POST", path);
    GBytes *bytes = g_bytes_new_static(body, size);
    soup_message_set_request_body_from_bytes(message, "application/soap+xml", bytes);
    g_bytes_unref(bytes);
    send(house, message);
}

static const char get_time[] = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">"
                               "<s:Body><GetSystemDateAndTime "
                               "xmlns=\"http://www.onvif.org/ver10/device/wsdl\"/></s:Body>"
                               "</s:Envelope>";
static const char get_scopes[] = "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">"
                                 "<s:Body><GetScopes "
                                 "xmlns=\"http://www.onvif.org/ver10/device/wsdl\"/></s:Body>"
                                 "</s:Envelope>";

static void onvif_is_answered_and_can_be_switched_off(void **state)
{
    struct house *house = *state;
    house->password = NULL;
    post(house, "/onvif/device_service", get_time, strlen(get_time));
    assert_int_equal(house->status, 200);
    assert_non_null(strstr(house->body, "GetSystemDateAndTimeResponse"));
    post(house, "/onvif/device_service", get_scopes, strlen(get_scopes));
    assert_int_equal(house->status, 401);
    assert_non_null(strstr(house->body, "ter:NotAuthorized"));
    house->password = "a \"password\"";
    get(house, "/metrics"); /* libsoup forgets the body when it answers a challenge to a POST */
    post(house, "/onvif/device_service", get_scopes, strlen(get_scopes));
    assert_int_equal(house->status, 200);
    assert_non_null(strstr(house->body, "name/doors"));
    house->state->config->onvif = false;
    post(house, "/onvif/device_service", get_time, strlen(get_time));
    assert_int_equal(house->status, 405);
}

static void long_requests_are_not_taken(void **state)
{
    struct house *house = *state;
    static char body[1 << 20];
    memset(body, ' ', sizeof(body));
    post(house, "/onvif/device_service", body, SOAP_MAX_SIZE);
    assert_int_equal(house->status, 400); /* taken, and no envelope */
    post(house, "/onvif/device_service", body, SOAP_MAX_SIZE + 1);
    assert_int_equal(house->status, 413);
    /* Of a length that is not told beforehand. */
    SoupMessage *message = new_message(house, "POST", "/onvif/device_service");
    GInputStream *stream = g_memory_input_stream_new_from_data(body, sizeof(body), NULL);
    soup_message_set_request_body(message, "application/soap+xml", stream, -1);
    g_object_unref(stream);
    send(house, message);
    assert_int_not_equal(house->status, 200);
    post(house, "/onvif/device_service", get_time, strlen(get_time));
    assert_int_equal(house->status, 200);
}

static void a_port_that_is_taken_is_told(void **state)
{
    struct house *house = *state;
    assert_null(http_new(house->state, house->onvif, &house->log));
}

/* ---- connections ---- */

static GSocketConnection *connect_from(const char *from, int port)
{
    GSocketClient *client = g_socket_client_new();
    GSocketAddress *local = g_inet_socket_address_new_from_string(from, 0);
    g_socket_client_set_local_address(client, local);
    g_object_unref(local);
    GSocketConnection *connection =
        g_socket_client_connect_to_host(client, "127.0.0.1", (guint16)port, NULL, NULL);
    g_object_unref(client);
    assert_non_null(connection);
    g_socket_set_blocking(g_socket_connection_get_socket(connection), FALSE);
    return connection;
}

static GSocketConnection *connect_to(int port)
{
    return connect_from("127.0.0.1", port);
}

/* Whether the other end has closed it. */
static bool is_closed(GSocketConnection *connection)
{
    char byte;
    GError *error = NULL;
    const gssize n =
        g_socket_receive(g_socket_connection_get_socket(connection), &byte, 1, NULL, &error);
    const bool closed =
        n == 0 || (n < 0 && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK));
    g_clear_error(&error);
    return closed;
}

static void run_until_closed(GSocketConnection *connection)
{
    while (!is_closed(connection))
        g_main_context_iteration(NULL, TRUE);
}

static void furnish_not(SoupServer *server, gpointer user)
{
    (void)server;
    (void)user;
}

static void connections_are_bounded_in_number_and_in_time(void **state)
{
    (void)state;
    static const struct http_listener_limits limits = {.connections = 2, .patience_ms = 60};
    struct log log = {0};
    struct service_config *config = new_config(free_port());
    const struct http_listener_host host = {.furnish = furnish_not};
    struct http_listener *door = http_listener_new(config, false, &limits, &host, &log);
    assert_non_null(door);
    GSocketConnection *connections[3];
    for (int i = 0; i < 3; i++) {
        connections[i] = connect_to(config->http.port);
        while (!g_main_context_iteration(NULL, FALSE))
            ;
    }
    run_until_closed(connections[0]); /* for the third, or, later, for its age */
    run_until_closed(connections[2]);
    run_until_closed(connections[1]);
    for (int i = 0; i < 3; i++)
        g_object_unref(connections[i]);
    http_listener_free(door);
    config_free(config);
}

static void who_takes_all_makes_room_for_himself(void **state)
{
    (void)state;
    static const struct http_listener_limits limits = {.connections = 3, .patience_ms = 600000};
    struct log log = {0};
    struct service_config *config = new_config(free_port());
    const struct http_listener_host host = {.furnish = furnish_not};
    struct http_listener *door = http_listener_new(config, false, &limits, &host, &log);
    assert_non_null(door);
    GSocketConnection *newcomer = connect_from("127.0.0.2", config->http.port), *many[3];
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        many[i] = connect_to(config->http.port);
    for (size_t i = 0; i + 2 < G_N_ELEMENTS(many); i++)
        run_until_closed(many[i]);
    assert_false(is_closed(newcomer)); /* the oldest of all */
    g_object_unref(newcomer);
    for (size_t i = 0; i < G_N_ELEMENTS(many); i++)
        g_object_unref(many[i]);
    http_listener_free(door);
    config_free(config);
}

static bool admit_nobody(const char *address, gpointer n_asked)
{
    assert_string_equal(address, "127.0.0.1");
    ++*(int *)n_asked;
    return false;
}

static void who_is_not_admitted_is_closed_upon_at_once(void **state)
{
    (void)state;
    int n_asked = 0;
    static const struct http_listener_limits limits = {.connections = 2, .patience_ms = 600000};
    struct log log = {0};
    struct service_config *config = new_config(free_port());
    const struct http_listener_host host = {admit_nobody, furnish_not, &n_asked};
    struct http_listener *door = http_listener_new(config, false, &limits, &host, &log);
    assert_non_null(door);
    GSocketConnection *connection = connect_to(config->http.port);
    run_until_closed(connection);
    assert_int_equal(n_asked, 1);
    g_object_unref(connection);
    http_listener_free(door);
    config_free(config);
}

/* What tear_down() then does must not touch what is gone. */
static void the_door_may_close_upon_a_request_half_sent(void **state)
{
    const struct house *house = *state;
    static const char half[] = "POST /onvif/device_service HTTP/1.1\r\nHost: x\r\n"
                               "Transfer-Encoding: chunked\r\n\r\n5\r\nhel";
    GSocketConnection *connections[2];
    for (int i = 0; i < 2; i++) {
        connections[i] = connect_to(house->port);
        g_socket_send(g_socket_connection_get_socket(connections[i]), half,
                      i ? strlen(half) : strlen("POST"), NULL, NULL);
    }
    for (int i = 0; i < 50; i++)
        g_main_context_iteration(NULL, FALSE);
    for (int i = 0; i < 2; i++) {
        assert_false(is_closed(connections[i]));
        g_object_unref(connections[i]);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_want_a_password_but_two),
        TEST(whoever_knows_the_password_sees_the_pages),
        TEST(without_users_everybody_does),
        TEST(where_nobody_is_asked_only_own_names_are_answered),
        TEST(wrong_passwords_are_counted_and_answered_late),
        TEST(a_snapshot_is_the_camera_s_or_none),
        TEST(a_service_whose_part_hangs_is_not_alive),
        TEST(ready_is_when_no_camera_is_starting),
        TEST(methods_are_for_what_they_are_for),
        TEST(onvif_is_answered_and_can_be_switched_off),
        TEST(long_requests_are_not_taken),
        TEST(a_port_that_is_taken_is_told),
        TEST(the_door_may_close_upon_a_request_half_sent),
        cmocka_unit_test(connections_are_bounded_in_number_and_in_time),
        cmocka_unit_test(who_takes_all_makes_room_for_himself),
        cmocka_unit_test(who_is_not_admitted_is_closed_upon_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
