/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdbool.h>
#include <string.h>

#include "capture.h"
#include "door.h"
#include "live.h"

/* Clients of a camera, over loopback: one that does not read, and others. The pipelines are this
 * file's: they give pieces when the test says so. Both ends run in the test's own main loop. */

enum { PIECE = 256 << 10, MAX_UNREAD = 64 << 20, MAX_CAPTURES = 8 };

struct capture {
    struct capture_events events;
    gpointer user;
    gsize given; /* bytes */
    bool running;
};

static struct capture captures[MAX_CAPTURES];
static int n_captures;

const char *capture_check(void)
{
    return NULL;
}

struct capture *capture_new(const struct capture_source *source, struct live_reader *reader,
                            const struct capture_events *events, gpointer user)
{
    (void)source;
    (void)reader;
    assert_true(n_captures < MAX_CAPTURES);
    captures[n_captures] = (struct capture){.events = *events, .user = user, .running = true};
    return &captures[n_captures++];
}

void capture_free(struct capture *capture)
{
    capture->running = false;
}

static void give(struct capture *capture)
{
    GBytes *piece = g_bytes_new_take(g_malloc0(PIECE), PIECE);
    capture->given += PIECE;
    capture->events.piece(capture->user, piece);
    g_bytes_unref(piece);
}

struct room {
    struct live *live;
    struct door *door;
};

static void answer(SoupServer *server, SoupServerMessage *message, const char *path,
                   GHashTable *query, gpointer live)
{
    (void)server;
    (void)path;
    (void)query;
    live_answer(live, message);
}

static void furnish(SoupServer *server, gpointer live)
{
    soup_server_add_handler(server, NULL, answer, live, NULL);
}

static void open_room(struct room *room)
{
    char *problem = NULL;
    struct address address = {g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4), 0};
    n_captures = 0;
    room->live = live_new("rtsp://camera.example/1", NULL, NULL, NULL, 0, &problem);
    assert_non_null(room->live);
    room->door = door_new(&address, NULL, furnish, room->live, &problem);
    assert_non_null(room->door);
    address_clear(&address);
}

static void close_room(struct room *room)
{
    door_free(room->door);
    live_free(room->live);
}

/* A client that has asked, and whose capture is the last one. */
static GSocketConnection *ask(const struct room *room)
{
    static const char request[] = "GET /api/video/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    const int before = n_captures;
    GSocketClient *client = g_socket_client_new();
    g_socket_client_set_enable_proxy(client, FALSE);
    GSocketConnection *connection = g_socket_client_connect_to_host(
        client, "127.0.0.1", (guint16)door_port(room->door), NULL, NULL);
    assert_non_null(connection);
    assert_true(g_output_stream_write_all(g_io_stream_get_output_stream(G_IO_STREAM(connection)),
                                          request, strlen(request), NULL, NULL, NULL));
    g_object_unref(client);
    GSocket *socket = g_socket_connection_get_socket(connection);
    while (n_captures == before && !g_socket_condition_check(socket, G_IO_IN))
        g_main_context_iteration(NULL, FALSE);
    assert_int_equal(before + 1, n_captures); /* it was not refused */
    g_socket_set_blocking(socket, FALSE);
    return connection;
}

/* What has come for a client since, in bytes; *ended if there is no more to come. */
static gsize read_all(GSocketConnection *connection, bool *ended)
{
    char bytes[64 << 10];
    gsize size = 0;
    GError *error = NULL;
    gssize got;
    while ((got = g_socket_receive(g_socket_connection_get_socket(connection), bytes, sizeof(bytes),
                                   NULL, &error)) > 0)
        size += (gsize)got;
    *ended = got == 0 || !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
    g_clear_error(&error);
    return size;
}

/* Gives a client a piece, and it reads all of it. */
static void pass_piece(struct capture *capture, GSocketConnection *connection, gsize *got)
{
    bool ended = false;
    give(capture);
    while (*got < capture->given && !ended) {
        g_main_context_iteration(NULL, FALSE);
        *got += read_all(connection, &ended);
    }
    assert_false(ended);
}

/* Gives pieces to one that does not read, until its capture ends; the other gets as many. */
static void give_until_cut_off(struct capture *slow, struct capture *quick,
                               GSocketConnection *reader, gsize *got)
{
    while (slow->running && slow->given < MAX_UNREAD) {
        give(slow);
        pass_piece(quick, reader, got);
    }
}

static void a_client_that_stops_reading_is_cut_off_and_others_go_on(void **state)
{
    (void)state;
    struct room room;
    open_room(&room);
    GSocketConnection *slow = ask(&room), *quick = ask(&room);
    gsize got = 0;
    give_until_cut_off(&captures[0], &captures[1], quick, &got);
    assert_false(captures[0].running);
    assert_true(captures[0].given > CAPTURE_MAX_WAITING); /* it had its time */
    assert_true(captures[1].running);
    for (int i = 0; i < 8; i++)
        pass_piece(&captures[1], quick, &got);
    bool ended = false;
    gsize came = 0;
    while (!ended) {
        g_main_context_iteration(NULL, FALSE);
        came += read_all(slow, &ended);
    }
    assert_true(came < captures[0].given);
    g_object_unref(slow);
    g_object_unref(quick);
    close_room(&room);
    assert_false(captures[1].running);
}

static void its_place_is_free_then(void **state)
{
    (void)state;
    struct room room;
    open_room(&room);
    GSocketConnection *clients[5];
    for (int i = 0; i < 4; i++)
        clients[i] = ask(&room);
    gsize got = 0;
    give_until_cut_off(&captures[0], &captures[1], clients[1], &got);
    clients[4] = ask(&room);
    assert_true(captures[4].running);
    for (int i = 0; i < 5; i++)
        g_object_unref(clients[i]);
    close_room(&room);
}

static void a_client_that_goes_takes_its_pipeline_with_it(void **state)
{
    (void)state;
    struct room room;
    open_room(&room);
    GSocketConnection *one = ask(&room), *other = ask(&room);
    gsize got = 0;
    pass_piece(&captures[0], one, &got);
    g_object_unref(one);
    for (int i = 0; captures[0].running && i < 64; i++) { /* noticed when it is written to */
        give(&captures[0]);
        while (captures[0].running && g_main_context_iteration(NULL, FALSE))
            ;
    }
    assert_false(captures[0].running);
    got = 0;
    pass_piece(&captures[1], other, &got);
    g_object_unref(other);
    close_room(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_that_stops_reading_is_cut_off_and_others_go_on),
        cmocka_unit_test(its_place_is_free_then),
        cmocka_unit_test(a_client_that_goes_takes_its_pipeline_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
