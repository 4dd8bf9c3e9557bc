/* SPDX-License-Identifier: Apache-2.0 */
#include "http_listener.h"

#include <gio/gio.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "base/origin.h"
#include "base/tls_pair.h"

/* One connection. Nothing is done for it until it has said something. */
struct client {
    struct http_listener *listener;
    GSocketConnection *connection;
    GSocketAddress *local, *remote; /* by the latter, messages are found to be its own */
    char *origin;
    int n_from;              /* connections from there; of use in make_room() only */
    GSource *waiting;        /* for the first byte; NULL: it has come */
    SoupServer *server;      /* NULL before that */
    gint64 since_us;         /* monotonic; of the beginning, or of the whole request */
    SoupServerMessage *held; /* NULL: nothing is */
    guint release;
    bool done;
};

struct http_listener {
    struct http_listener_limits limits;
    struct http_listener_host host;
    const struct log *log;
    GSocketService *listener;
    struct tls_pair *pair; /* NULL: without TLS */
    GPtrArray *clients;    /* of struct client */
    guint timer, sweep;
};

static const char client_key[] = "bauta-client";

static struct client *client_of(SoupServerMessage *message)
{
    GSocketAddress *address = soup_server_message_get_remote_address(message);
    return address ? g_object_get_data(G_OBJECT(address), client_key) : NULL;
}

bool http_listener_is_secret(SoupServerMessage *message)
{
    const struct client *client = client_of(message);
    return client && client->listener->pair;
}

static void client_free(gpointer data)
{
    struct client *client = data;
    if (client->waiting) {
        g_source_destroy(client->waiting);
        g_source_unref(client->waiting);
    }
    g_clear_handle_id(&client->release, g_source_remove);
    g_object_set_data(G_OBJECT(client->remote), client_key, NULL);
    if (client->server) {
        g_signal_handlers_disconnect_by_data(client->server, client);
        soup_server_disconnect(client->server);
        g_object_unref(client->server);
    }
    g_clear_object(&client->held);
    g_socket_close(g_socket_connection_get_socket(client->connection), NULL);
    g_object_unref(client->connection);
    g_object_unref(client->local);
    g_object_unref(client->remote);
    g_free(client->origin);
    g_free(client);
}

static gboolean sweep_out(gpointer data)
{
    struct http_listener *listener = data;
    listener->sweep = 0;
    for (guint i = listener->clients->len; i-- > 0;) {
        const struct client *client = g_ptr_array_index(listener->clients, i);
        if (client->done)
            g_ptr_array_remove_index_fast(listener->clients, i);
    }
    return G_SOURCE_REMOVE;
}

/* Not at once: libsoup may be at work on it. */
static void finish(struct client *client)
{
    client->done = true;
    if (!client->listener->sweep)
        client->listener->sweep = g_idle_add(sweep_out, client->listener);
}

void http_listener_close(SoupServerMessage *message)
{
    struct client *client = client_of(message);
    if (client)
        finish(client);
}

static gboolean release(gpointer data)
{
    struct client *client = data;
    client->release = 0;
    soup_server_message_unpause(client->held);
    g_clear_object(&client->held);
    return G_SOURCE_REMOVE;
}

void http_listener_hold(SoupServerMessage *message, guint hold_ms)
{
    struct client *client = client_of(message);
    if (!client || client->held)
        return;
    client->held = g_object_ref(message);
    client->release = g_timeout_add(hold_ms, release, client);
    soup_server_message_pause(message);
}

static gboolean look_around(gpointer data)
{
    const struct http_listener *listener = data;
    const gint64 limit_us = g_get_monotonic_time() - (gint64)listener->limits.patience_ms * 1000;
    for (guint i = 0; i < listener->clients->len; i++) {
        struct client *client = g_ptr_array_index(listener->clients, i);
        GSocket *socket = g_socket_connection_get_socket(client->connection);
        if (client->since_us < limit_us || g_socket_is_closed(socket))
            finish(client);
    }
    return G_SOURCE_CONTINUE;
}

static int count_from(const struct http_listener *listener, const char *origin)
{
    int n = 0;
    for (guint i = 0; i < listener->clients->len; i++)
        n += !strcmp(((const struct client *)g_ptr_array_index(listener->clients, i))->origin,
                     origin);
    return n;
}

/* Whether it is to make room before the other: so that whoever takes all makes room for himself. */
static bool goes_before(const struct client *client, const struct client *other)
{
    if (client->n_from != other->n_from)
        return client->n_from > other->n_from;
    return !client->held != !other->held ? client->held != NULL
                                         : client->since_us < other->since_us;
}

static void make_room(struct http_listener *listener)
{
    guint first = 0;
    if (listener->clients->len < listener->limits.connections)
        return;
    for (guint i = 0; i < listener->clients->len; i++) {
        struct client *client = g_ptr_array_index(listener->clients, i);
        client->n_from = count_from(listener, client->origin);
    }
    for (guint i = 1; i < listener->clients->len; i++)
        if (goes_before(g_ptr_array_index(listener->clients, i),
                        g_ptr_array_index(listener->clients, first)))
            first = i;
    g_ptr_array_remove_index_fast(listener->clients, first);
}

static void request_read(SoupServer *server, SoupServerMessage *message, gpointer data)
{
    (void)server;
    (void)message;
    struct client *client = data;
    client->since_us = g_get_monotonic_time();
}

static void request_done(SoupServer *server, SoupServerMessage *message, gpointer data)
{
    (void)server;
    (void)message;
    finish(data);
}

/* The stream that libsoup speaks on; NULL if TLS cannot begin. The caller unrefs it. */
static GIOStream *open_stream(struct http_listener *listener, GSocketConnection *connection)
{
    if (!listener->pair)
        return g_object_ref(G_IO_STREAM(connection));
    return g_tls_server_connection_new(G_IO_STREAM(connection), tls_pair_look(listener->pair),
                                       NULL);
}

/* The first byte has come, or the end. */
static gboolean begin(GSocket *socket, GIOCondition condition, gpointer data)
{
    (void)condition;
    struct client *client = data;
    const bool ended = g_socket_get_available_bytes(socket) <= 0;
    GIOStream *stream = ended ? NULL : open_stream(client->listener, client->connection);
    g_source_unref(client->waiting);
    client->waiting = NULL;
    if (!stream) {
        finish(client);
        return G_SOURCE_REMOVE;
    }
    client->server = soup_server_new(NULL, NULL);
    client->listener->host.furnish(client->server, client->listener->host.user);
    g_signal_connect(client->server, "request-read", G_CALLBACK(request_read), client);
    g_signal_connect(client->server, "request-finished", G_CALLBACK(request_done), client);
    g_signal_connect(client->server, "request-aborted", G_CALLBACK(request_done), client);
    soup_server_accept_iostream(client->server, stream, client->local, client->remote, NULL);
    g_object_unref(stream);
    return G_SOURCE_REMOVE;
}

static char *address_of(GSocketAddress *remote)
{
    return g_inet_address_to_string(
        g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(remote)));
}

static gboolean accept_connection(GSocketService *service, GSocketConnection *connection,
                                  GObject *source, gpointer data)
{
    (void)service;
    (void)source;
    struct http_listener *listener = data;
    GSocket *socket = g_socket_connection_get_socket(connection);
    GSocketAddress *local = g_socket_get_local_address(socket, NULL);
    GSocketAddress *remote = g_socket_get_remote_address(socket, NULL);
    if (!local || !remote) { /* it has gone already */
        g_clear_object(&local);
        g_clear_object(&remote);
        return TRUE;
    }
    char *address = address_of(remote);
    if (listener->host.admit && !listener->host.admit(address, listener->host.user)) {
        g_socket_close(socket, NULL);
        g_object_unref(local);
        g_object_unref(remote);
        g_free(address);
        return TRUE;
    }
    make_room(listener);
    /* Of TLS, head and body leave in two parts: the second does not wait until the first is
     * acknowledged, which a client delays by 40 ms. */
    g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL);
    struct client *client = g_new0(struct client, 1);
    *client = (struct client){.listener = listener,
                              .connection = g_object_ref(connection),
                              .local = local,
                              .remote = remote,
                              .origin = origin_key(address, NULL),
                              .waiting = g_socket_create_source(socket, G_IO_IN, NULL),
                              .since_us = g_get_monotonic_time()};
    g_free(address);
    g_object_set_data(G_OBJECT(remote), client_key, client);
    g_ptr_array_add(listener->clients, client);
    g_source_set_callback(client->waiting, G_SOURCE_FUNC(begin), client, NULL);
    g_source_attach(client->waiting, NULL);
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

static bool listen_at(struct http_listener *listener, const struct address_config *at)
{
    GInetAddress *address = find_address(at->host);
    GError *error = NULL;
    bool done = false;
    if (address) {
        GSocketAddress *socket = g_inet_socket_address_new(address, (guint16)at->port);
        done = g_socket_listener_add_address(G_SOCKET_LISTENER(listener->listener), socket,
                                             G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                             NULL, &error);
        g_object_unref(socket);
        g_object_unref(address);
    }
    if (!done)
        log_write(listener->log, BAUTA_LOG_ERROR, NULL, "listen",
                  "cannot listen for HTTP at %s:%d: %s", at->host, at->port,
                  error ? error->message : "there is no such host");
    g_clear_error(&error);
    return done;
}

struct http_listener *http_listener_new(const struct service_config *config, bool tls,
                                        const struct http_listener_limits *limits,
                                        const struct http_listener_host *host,
                                        const struct log *log)
{
    struct http_listener *listener = g_new0(struct http_listener, 1);
    *listener = (struct http_listener){.limits = *limits, .host = *host, .log = log};
    listener->clients = g_ptr_array_new_with_free_func(client_free);
    listener->listener = g_socket_service_new();
    g_socket_listener_set_backlog(G_SOCKET_LISTENER(listener->listener), (int)limits->connections);
    if (tls) {
        listener->pair = tls_pair_new(config->certificate, config->private_key, log);
        if (!listener->pair)
            goto free_listener;
    }
    if (!listen_at(listener, tls ? &config->https : &config->http))
        goto free_listener;
    g_signal_connect(listener->listener, "incoming", G_CALLBACK(accept_connection), listener);
    g_socket_service_start(listener->listener);
    listener->timer = g_timeout_add(limits->patience_ms / 6 + 1, look_around, listener);
    return listener;

free_listener:
    http_listener_free(listener);
    return NULL;
}

void http_listener_free(struct http_listener *listener)
{
    if (!listener)
        return;
    g_socket_service_stop(listener->listener);
    g_socket_listener_close(G_SOCKET_LISTENER(listener->listener));
    g_object_unref(listener->listener);
    g_clear_handle_id(&listener->timer, g_source_remove);
    g_clear_handle_id(&listener->sweep, g_source_remove);
    g_ptr_array_unref(listener->clients);
    tls_pair_free(listener->pair);
    g_free(listener);
}
