/* SPDX-License-Identifier: Apache-2.0 */
#include "door.h"

struct client {
    struct door *door;
    GSocketConnection *connection;
    GSocketAddress *remote; /* by which messages are found to be its own */
    SoupServer *server;
    gint64 since_us; /* when it came; INT64_MAX: it is held */
    bool let_in, done;
};

struct door {
    door_furnish_function *furnish;
    gpointer user;
    GTlsCertificate *certificate;
    GSocketService *listener;
    int port;
    GPtrArray *clients; /* of struct client */
    guint timer, sweep;
};

static const char client_key[] = "bauta-client";

static struct client *client_of(SoupServerMessage *message)
{
    GSocketAddress *address = soup_server_message_get_remote_address(message);
    return address ? g_object_get_data(G_OBJECT(address), client_key) : NULL;
}

static void client_free(gpointer data)
{
    struct client *client = data;
    g_object_set_data(G_OBJECT(client->remote), client_key, NULL);
    g_signal_handlers_disconnect_by_data(client->server, client);
    soup_server_disconnect(client->server);
    g_object_unref(client->server);
    g_socket_close(g_socket_connection_get_socket(client->connection), NULL);
    g_object_unref(client->connection);
    g_object_unref(client->remote);
    g_free(client);
}

static gboolean sweep_out(gpointer data)
{
    struct door *door = data;
    door->sweep = 0;
    for (guint i = door->clients->len; i-- > 0;) {
        const struct client *client = g_ptr_array_index(door->clients, i);
        if (client->done)
            g_ptr_array_remove_index_fast(door->clients, i);
    }
    return G_SOURCE_REMOVE;
}

/* Not at once: libsoup may be at work on it. */
static void finish(struct client *client)
{
    client->done = true;
    if (!client->door->sweep)
        client->door->sweep = g_idle_add(sweep_out, client->door);
}

void door_let_in(SoupServerMessage *message)
{
    struct client *client = client_of(message);
    if (client)
        client->let_in = true;
}

void door_hold(SoupServerMessage *message)
{
    struct client *client = client_of(message);
    if (client)
        client->since_us = G_MAXINT64;
}

void door_close(SoupServerMessage *message)
{
    struct client *client = client_of(message);
    if (client)
        finish(client);
}

static gboolean look_around(gpointer data)
{
    const struct door *door = data;
    const gint64 limit_us = g_get_monotonic_time() - DOOR_PATIENCE_S * G_TIME_SPAN_SECOND;
    for (guint i = 0; i < door->clients->len; i++) {
        struct client *client = g_ptr_array_index(door->clients, i);
        if (client->since_us < limit_us)
            finish(client);
    }
    return G_SOURCE_CONTINUE;
}

static bool goes_before(const struct client *a, const struct client *b)
{
    return a->let_in != b->let_in ? b->let_in : a->since_us < b->since_us;
}

static void make_room(struct door *door)
{
    guint oldest = 0;
    for (guint i = 1; i < door->clients->len; i++)
        if (goes_before(g_ptr_array_index(door->clients, i),
                        g_ptr_array_index(door->clients, oldest)))
            oldest = i;
    if (door->clients->len >= DOOR_CONNECTIONS)
        g_ptr_array_remove_index_fast(door->clients, oldest);
}

static void request_done(SoupServer *server, SoupServerMessage *message, gpointer data)
{
    (void)server;
    (void)message;
    finish(data);
}

/* NULL if TLS cannot begin. The caller unrefs it. */
static GIOStream *open_stream(const struct door *door, GSocketConnection *connection)
{
    if (!door->certificate)
        return g_object_ref(G_IO_STREAM(connection));
    GIOStream *stream =
        g_tls_server_connection_new(G_IO_STREAM(connection), door->certificate, NULL);
    if (stream) /* no client is asked for a certificate: the system's need not be read each time */
        g_tls_connection_set_database(G_TLS_CONNECTION(stream), NULL);
    return stream;
}

static gboolean accept_connection(GSocketService *listener, GSocketConnection *connection,
                                  GObject *source, gpointer data)
{
    (void)listener;
    (void)source;
    struct door *door = data;
    GSocketAddress *local = g_socket_connection_get_local_address(connection, NULL);
    GSocketAddress *remote = g_socket_connection_get_remote_address(connection, NULL);
    GIOStream *stream = local && remote ? open_stream(door, connection) : NULL;
    if (stream) {
        make_room(door);
        struct client *client = g_new0(struct client, 1);
        *client = (struct client){.door = door,
                                  .connection = g_object_ref(connection),
                                  .remote = g_object_ref(remote),
                                  .server = soup_server_new("raw-paths", TRUE, NULL),
                                  .since_us = g_get_monotonic_time()};
        g_object_set_data(G_OBJECT(remote), client_key, client);
        g_ptr_array_add(door->clients, client);
        door->furnish(client->server, door->user);
        g_signal_connect(client->server, "request-finished", G_CALLBACK(request_done), client);
        g_signal_connect(client->server, "request-aborted", G_CALLBACK(request_done), client);
        soup_server_accept_iostream(client->server, stream, local, remote, NULL);
        g_object_unref(stream);
    }
    g_clear_object(&local);
    g_clear_object(&remote);
    return TRUE;
}

/* Where it listens then, port and all; false with a sentence. */
static bool listen_at(struct door *door, const struct address *address, char **problem)
{
    GSocketAddress *at = g_inet_socket_address_new(address->host, address->port);
    GSocketAddress *got = NULL;
    GError *error = NULL;
    if (g_socket_listener_add_address(G_SOCKET_LISTENER(door->listener), at, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &got, &error)) {
        door->port = g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(got));
        g_object_unref(got);
    } else {
        char *host = address_host(address->host);
        *problem =
            g_strdup_printf("cannot listen at %s:%d: %s", host, address->port, error->message);
        g_free(host);
        g_error_free(error);
    }
    g_object_unref(at);
    return door->port != 0;
}

struct door *door_new(const struct address *address, GTlsCertificate *certificate,
                      door_furnish_function *furnish, gpointer user, char **problem)
{
    struct door *door = g_new0(struct door, 1);
    *door = (struct door){.furnish = furnish, .user = user, .certificate = certificate};
    door->clients = g_ptr_array_new_with_free_func(client_free);
    door->listener = g_socket_service_new();
    if (!listen_at(door, address, problem)) {
        door_free(door);
        return NULL;
    }
    g_signal_connect(door->listener, "incoming", G_CALLBACK(accept_connection), door);
    g_socket_service_start(door->listener);
    door->timer = g_timeout_add_seconds(DOOR_PATIENCE_S / 6, look_around, door);
    return door;
}

void door_free(struct door *door)
{
    if (!door)
        return;
    g_socket_service_stop(door->listener);
    g_socket_listener_close(G_SOCKET_LISTENER(door->listener));
    g_object_unref(door->listener);
    g_clear_handle_id(&door->timer, g_source_remove);
    g_clear_handle_id(&door->sweep, g_source_remove);
    g_ptr_array_unref(door->clients);
    g_free(door);
}

int door_port(const struct door *door)
{
    return door->port;
}
