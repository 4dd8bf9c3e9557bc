/* SPDX-License-Identifier: Apache-2.0 */
#include "door.h"

#include <glib/gstdio.h>

/* One connection, from being accepted until libsoup lets go of its stream. */
struct client {
    struct door *door;
    GSocketConnection *connection;
    GSocketAddress *address; /* that libsoup was given, by which the client is found */
    GIOStream *stream;       /* that libsoup speaks on; not ours */
    gint64 since_us;         /* monotonic; of the beginning, or of the answer */
    bool closed;
};

struct door {
    SoupServer *server;
    struct door_limits limits;
    const struct log *log;
    GSocketService *listener;
    GTlsCertificate *certificate; /* NULL: without TLS */
    char *certificate_path, *key_path;
    gint64 certificate_s; /* when its file was changed */
    GPtrArray *clients;   /* of struct client */
    guint timer;
};

static const char client_key[] = "bauta-client";

static void client_close(struct client *client)
{
    if (client->closed)
        return;
    client->closed = true;
    GSocket *socket = g_socket_connection_get_socket(client->connection);
    g_socket_shutdown(socket, TRUE, TRUE, NULL); /* libsoup sees an end, and lets go */
}

static void client_free(gpointer data)
{
    struct client *client = data;
    g_object_set_data(G_OBJECT(client->address), client_key, NULL);
    g_object_unref(client->address);
    g_object_unref(client->connection);
    g_free(client);
}

/* libsoup let go of the stream. */
static void client_gone(gpointer data, GObject *stream)
{
    (void)stream;
    struct client *client = data;
    g_ptr_array_remove_fast(client->door->clients, client);
}

static struct client *client_of(SoupServerMessage *message)
{
    GSocketAddress *address = soup_server_message_get_remote_address(message);
    return address ? g_object_get_data(G_OBJECT(address), client_key) : NULL;
}

bool door_is_secret(SoupServerMessage *message)
{
    const struct client *client = client_of(message);
    return client && client->door->certificate;
}

void door_touch(SoupServerMessage *message)
{
    struct client *client = client_of(message);
    if (client)
        client->since_us = g_get_monotonic_time();
}

void door_close(SoupServerMessage *message)
{
    struct client *client = client_of(message);
    if (client)
        client_close(client);
}

static gboolean close_idle(gpointer data)
{
    const struct door *door = data;
    const gint64 limit_us = g_get_monotonic_time() - (gint64)door->limits.patience_ms * 1000;
    for (guint i = 0; i < door->clients->len; i++) {
        struct client *client = g_ptr_array_index(door->clients, i);
        if (client->since_us < limit_us)
            client_close(client);
    }
    return G_SOURCE_CONTINUE;
}

static void make_room(struct door *door)
{
    struct client *oldest = NULL;
    guint n_open = 0;
    for (guint i = 0; i < door->clients->len; i++) {
        struct client *client = g_ptr_array_index(door->clients, i);
        if (client->closed)
            continue;
        n_open++;
        if (!oldest || client->since_us < oldest->since_us)
            oldest = client;
    }
    if (n_open >= door->limits.connections)
        client_close(oldest);
}

/* Reads the certificate if its file is another than before; the old one stays if that fails. */
static bool load_certificate(struct door *door)
{
    GStatBuf status;
    if (g_stat(door->certificate_path, &status) == 0 && door->certificate &&
        (gint64)status.st_mtime == door->certificate_s)
        return true;
    GError *error = NULL;
    GTlsCertificate *certificate =
        g_tls_certificate_new_from_files(door->certificate_path, door->key_path, &error);
    if (!certificate) {
        log_write(door->log, BAUTA_LOG_ERROR, NULL, "certificate", "%s: %s", door->certificate_path,
                  error->message);
        g_error_free(error);
        return door->certificate;
    }
    g_clear_object(&door->certificate);
    door->certificate = certificate;
    door->certificate_s = (gint64)status.st_mtime;
    return true;
}

/* The stream that libsoup speaks on; the caller unrefs it. */
static GIOStream *open_stream(struct door *door, GSocketConnection *connection)
{
    if (!door->certificate_path)
        return g_object_ref(G_IO_STREAM(connection));
    load_certificate(door);
    return g_tls_server_connection_new(G_IO_STREAM(connection), door->certificate, NULL);
}

static void add_client(struct door *door, GSocketConnection *connection, GSocketAddress *address,
                       GIOStream *stream)
{
    struct client *client = g_new0(struct client, 1);
    client->door = door;
    client->connection = g_object_ref(connection);
    client->address = g_object_ref(address);
    client->stream = stream;
    client->since_us = g_get_monotonic_time();
    g_ptr_array_add(door->clients, client);
    g_object_set_data(G_OBJECT(address), client_key, client);
    g_object_weak_ref(G_OBJECT(stream), client_gone, client);
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
        add_client(door, connection, remote, stream);
        soup_server_accept_iostream(door->server, stream, local, remote, NULL);
    }
    g_clear_object(&stream);
    g_clear_object(&local);
    g_clear_object(&remote);
    return TRUE;
}

/* Numbers, "localhost" or a name; NULL if it is none. */
static GInetAddress *find_address(const char *host)
{
    GInetAddress *address = g_inet_address_new_from_string(host);
    if (address)
        return address;
    GList *found = g_resolver_lookup_by_name(g_resolver_get_default(), host, NULL, NULL);
    if (found)
        address = g_object_ref(found->data);
    g_resolver_free_addresses(found);
    return address;
}

static bool listen_at(struct door *door, const struct address_config *at)
{
    GInetAddress *address = find_address(at->host);
    GError *error = NULL;
    bool done = false;
    if (address) {
        GSocketAddress *socket = g_inet_socket_address_new(address, (guint16)at->port);
        done = g_socket_listener_add_address(G_SOCKET_LISTENER(door->listener), socket,
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                             NULL, &error);
        g_object_unref(socket);
        g_object_unref(address);
    }
    if (!done)
        log_write(door->log, BAUTA_LOG_ERROR, NULL, "listen", "cannot listen for HTTP at %s:%d: %s",
                  at->host, at->port, error ? error->message : "there is no such host");
    g_clear_error(&error);
    return done;
}

struct door *door_new(SoupServer *server, const struct service_config *config, bool tls,
                      const struct door_limits *limits, const struct log *log)
{
    struct door *door = g_new0(struct door, 1);
    door->server = server;
    door->limits = *limits;
    door->log = log;
    door->clients = g_ptr_array_new_with_free_func(client_free);
    door->listener = g_socket_service_new();
    if (tls) {
        door->certificate_path = g_strdup(config->certificate);
        door->key_path = g_strdup(config->private_key);
        if (!load_certificate(door))
            goto free_door;
    }
    if (!listen_at(door, tls ? &config->https : &config->http))
        goto free_door;
    g_signal_connect(door->listener, "incoming", G_CALLBACK(accept_connection), door);
    g_socket_service_start(door->listener);
    door->timer = g_timeout_add(limits->patience_ms / 6 + 1, close_idle, door);
    return door;

free_door:
    door_free(door);
    return NULL;
}

void door_free(struct door *door)
{
    if (!door)
        return;
    g_socket_service_stop(door->listener);
    g_socket_listener_close(G_SOCKET_LISTENER(door->listener));
    g_object_unref(door->listener);
    g_clear_handle_id(&door->timer, g_source_remove);
    for (guint i = 0; i < door->clients->len; i++) {
        struct client *client = g_ptr_array_index(door->clients, i);
        g_object_weak_unref(G_OBJECT(client->stream), client_gone, client);
        client_close(client);
    }
    g_ptr_array_unref(door->clients);
    g_clear_object(&door->certificate);
    g_free(door->certificate_path);
    g_free(door->key_path);
    g_free(door);
}
