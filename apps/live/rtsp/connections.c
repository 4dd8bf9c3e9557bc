/* SPDX-License-Identifier: Apache-2.0 */
#include "connections.h"

#include <linux/tcp.h> /* glibc's own does not count bytes */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/origin.h"

/* What waits in the system's buffer is still read when the socket is shut, so it is a small one. */
enum { LOOK_MS = 200, BUFFER = 64 << 10, GOODBYE_MS = 500 };

struct connection {
    GstRTSPClient *client;
    GSocket *socket; /* that it came by */
    GSocket *input;  /* that its requests come by: the same, or the other half of an HTTP tunnel */
    gint64 since_us; /* monotonic; it came, or was last seen with a session */
    guint64 bytes;   /* that had come by then */
    char *origin;
    bool leaves;
};

struct connections {
    struct connection_limits limits;
    const struct log *log;
    GstRTSPServer *server;
    gulong greeting;
    guint timer;
    gint64 told_us; /* when a connection was last said to be sent away */
    GMutex lock;    /* of what follows; clients end in threads of their own */
    GPtrArray *all; /* of struct connection */
    GCond gone;     /* one has left */
};

static void clear_connections(gpointer data)
{
    struct connections *connections = data;
    g_ptr_array_unref(connections->all);
    g_cond_clear(&connections->gone);
    g_mutex_clear(&connections->lock);
}

static void release(gpointer data, GClosure *closure)
{
    (void)closure;
    g_atomic_rc_box_release_full(data, clear_connections);
}

static void free_connection(gpointer data)
{
    struct connection *connection = data;
    g_object_unref(connection->client);
    g_object_unref(connection->socket);
    g_object_unref(connection->input);
    g_free(connection->origin);
    g_free(connection);
}

static guint64 count_bytes(GSocket *socket)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof(info);
    if (getsockopt(g_socket_get_fd(socket), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return 0; /* it is closed */
    return info.tcpi_bytes_received;
}

static bool has_session(const struct connection *connection)
{
    GList *sessions = gst_rtsp_client_session_filter(connection->client, NULL, NULL);
    bool has = sessions != NULL;
    g_list_free_full(sessions, g_object_unref);
    return has;
}

/* With the lock held. */
static void end(struct connections *connections, struct connection *connection, const char *why)
{
    const gint64 now_us = g_get_monotonic_time();
    connection->leaves = true;
    g_socket_shutdown(connection->socket, TRUE, TRUE, NULL);
    if (connection->input != connection->socket)
        g_socket_shutdown(connection->input, TRUE, TRUE, NULL);
    if (!why || now_us - connections->told_us < G_USEC_PER_SEC)
        return;
    connections->told_us = now_us; /* a stranger must not fill the log */
    const GstRTSPConnection *transport = gst_rtsp_client_get_connection(connection->client);
    log_write(connections->log, BAUTA_LOG_WARNING, NULL, "refused", "%s was sent away: %s",
              gst_rtsp_connection_get_ip(transport), why);
}

static void look_at(struct connections *connections, struct connection *connection, gint64 now_us)
{
    const guint64 bytes = count_bytes(connection->input);
    if (connection->leaves)
        return;
    if (has_session(connection)) {
        connection->since_us = now_us;
        connection->bytes = bytes;
    } else if (now_us - connection->since_us > (gint64)connections->limits.patience_ms * 1000) {
        end(connections, connection, "it has had no session for too long");
    } else if (bytes > connection->bytes + connections->limits.most_bytes) {
        end(connections, connection, "it says too much, and has no session");
    }
}

static gboolean look_around(gpointer data)
{
    struct connections *connections = data;
    const gint64 now_us = g_get_monotonic_time();
    g_mutex_lock(&connections->lock);
    for (guint i = 0; i < connections->all->len; i++)
        look_at(connections, g_ptr_array_index(connections->all, i), now_us);
    g_mutex_unlock(&connections->lock);
    return G_SOURCE_CONTINUE;
}

/* What makes room: the oldest of those that come from where most without a session come from, so
 * that whoever takes all makes room for himself. The list is in the order of arrival. With the lock
 * held; NULL if all have a session. */
static struct connection *find_first_to_go(const struct connections *connections)
{
    GPtrArray *idle = g_ptr_array_new();
    GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < connections->all->len; i++) {
        struct connection *connection = g_ptr_array_index(connections->all, i);
        if (connection->leaves || has_session(connection))
            continue;
        g_ptr_array_add(idle, connection);
        const guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, connection->origin));
        g_hash_table_insert(counts, connection->origin, GUINT_TO_POINTER(n + 1));
    }
    struct connection *first = NULL;
    guint most = 0;
    for (guint i = 0; i < idle->len; i++) {
        struct connection *connection = g_ptr_array_index(idle, i);
        const guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, connection->origin));
        if (n > most)
            first = connection;
        most = MAX(most, n);
    }
    g_hash_table_unref(counts);
    g_ptr_array_unref(idle);
    return first;
}

/* With the lock held. */
static void make_room(struct connections *connections)
{
    guint n = 0;
    for (guint i = 0; i < connections->all->len; i++)
        n += !((const struct connection *)g_ptr_array_index(connections->all, i))->leaves;
    struct connection *first =
        n > connections->limits.connections ? find_first_to_go(connections) : NULL;
    if (first)
        end(connections, first, "too many are connected");
}

/* Both halves of an HTTP tunnel come as clients; then one goes, and leaves its socket to the other.
 * With the lock held. */
static void pass_on(struct connections *connections, const struct connection *gone)
{
    const char *id = gst_rtsp_connection_get_tunnelid(gst_rtsp_client_get_connection(gone->client));
    for (guint i = 0; id && i < connections->all->len; i++) {
        struct connection *connection = g_ptr_array_index(connections->all, i);
        const GstRTSPConnection *transport = gst_rtsp_client_get_connection(connection->client);
        if (g_strcmp0(gst_rtsp_connection_get_tunnelid(transport), id) != 0 ||
            gst_rtsp_connection_get_read_socket(transport) != gone->socket)
            continue;
        g_set_object(&connection->input, gone->socket);
        connection->bytes = 0;
    }
}

/* In the thread of the client that goes. */
static void leave(GstRTSPClient *client, gpointer data)
{
    struct connections *connections = data;
    struct connection *gone = NULL;
    g_mutex_lock(&connections->lock);
    for (guint i = 0; i < connections->all->len && !gone; i++)
        if (((const struct connection *)g_ptr_array_index(connections->all, i))->client == client)
            gone = g_ptr_array_steal_index(connections->all, i);
    if (gone)
        pass_on(connections, gone);
    g_cond_signal(&connections->gone);
    g_mutex_unlock(&connections->lock);
    if (gone)
        free_connection(gone);
}

static char *origin_of(const GstRTSPConnection *transport)
{
    const char *ip = gst_rtsp_connection_get_ip(transport);
    return origin_key(ip ? ip : "", NULL);
}

/* Before the client's own thread knows of it. */
static void greet(GstRTSPServer *server, GstRTSPClient *client, gpointer data)
{
    (void)server;
    struct connections *connections = data;
    GstRTSPConnection *transport = gst_rtsp_client_get_connection(client);
    GSocket *socket = gst_rtsp_connection_get_read_socket(transport);
    g_socket_set_option(socket, SOL_SOCKET, SO_RCVBUF, BUFFER, NULL);
    g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL); /* as in http/http_listener.c */
    struct connection *connection = g_new0(struct connection, 1);
    *connection = (struct connection){.client = g_object_ref(client),
                                      .socket = g_object_ref(socket),
                                      .input = g_object_ref(socket),
                                      .origin = origin_of(transport),
                                      .since_us = g_get_monotonic_time()};
    g_signal_connect_data(client, "closed", G_CALLBACK(leave), g_atomic_rc_box_acquire(connections),
                          release, 0);
    g_mutex_lock(&connections->lock);
    g_ptr_array_add(connections->all, connection);
    make_room(connections);
    g_mutex_unlock(&connections->lock);
}

struct connections *connections_new(GstRTSPServer *server, const struct connection_limits *limits,
                                    const struct log *log)
{
    struct connections *connections = g_atomic_rc_box_new0(struct connections);
    connections->limits = *limits;
    connections->log = log;
    connections->server = server;
    connections->told_us = g_get_monotonic_time() - G_USEC_PER_SEC;
    g_mutex_init(&connections->lock);
    g_cond_init(&connections->gone);
    connections->all = g_ptr_array_new_with_free_func(free_connection);
    connections->greeting =
        g_signal_connect(server, "client-connected", G_CALLBACK(greet), connections);
    connections->timer = g_timeout_add(LOOK_MS, look_around, connections);
    return connections;
}

void connections_free(struct connections *connections)
{
    if (!connections)
        return;
    g_signal_handler_disconnect(connections->server, connections->greeting);
    g_source_remove(connections->timer);
    g_mutex_lock(&connections->lock);
    GPtrArray *all = connections->all;
    connections->all = g_ptr_array_new_with_free_func(free_connection);
    g_mutex_unlock(&connections->lock);
    g_ptr_array_unref(all);
    release(connections, NULL);
}

void connections_send_away(struct connections *connections)
{
    g_mutex_lock(&connections->lock);
    for (guint i = 0; i < connections->all->len; i++)
        end(connections, g_ptr_array_index(connections->all, i), NULL);
    g_mutex_unlock(&connections->lock);
}

void connections_wait(struct connections *connections)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)GOODBYE_MS * 1000;
    g_mutex_lock(&connections->lock);
    while (connections->all->len > 0 &&
           g_cond_wait_until(&connections->gone, &connections->lock, end_us))
        ;
    g_mutex_unlock(&connections->lock);
}
