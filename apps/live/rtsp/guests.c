/* SPDX-License-Identifier: Apache-2.0 */
#include "guests.h"

#include <linux/tcp.h> /* glibc's own does not count bytes */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/origin.h"

/* What waits in the system's buffer is still read when the socket is shut, so it is a small one. */
enum { LOOK_MS = 200, BUFFER = 64 << 10, GOODBYE_MS = 500 };

struct guest {
    GstRTSPClient *client;
    GSocket *socket; /* that it came by */
    GSocket *input;  /* that its requests come by: the same, or the other half of an HTTP tunnel */
    gint64 since_us; /* monotonic; it came, or was last seen with a session */
    guint64 bytes;   /* that had come by then */
    char *origin;
    bool leaves;
};

struct guests {
    struct guest_limits limits;
    const struct log *log;
    GstRTSPServer *server;
    gulong greeting;
    guint timer;
    gint64 told_us; /* when a guest was last said to be sent away */
    GMutex lock;    /* of what follows; clients end in threads of their own */
    GPtrArray *all; /* of struct guest */
    GCond gone;     /* one has left */
};

static void clear_guests(gpointer data)
{
    struct guests *guests = data;
    g_ptr_array_unref(guests->all);
    g_cond_clear(&guests->gone);
    g_mutex_clear(&guests->lock);
}

static void release(gpointer data, GClosure *closure)
{
    (void)closure;
    g_atomic_rc_box_release_full(data, clear_guests);
}

static void free_guest(gpointer data)
{
    struct guest *guest = data;
    g_object_unref(guest->client);
    g_object_unref(guest->socket);
    g_object_unref(guest->input);
    g_free(guest->origin);
    g_free(guest);
}

static guint64 count_bytes(GSocket *socket)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof(info);
    if (getsockopt(g_socket_get_fd(socket), IPPROTO_TCP, TCP_INFO, &info, &size) != 0)
        return 0; /* it is closed */
    return info.tcpi_bytes_received;
}

static bool has_session(const struct guest *guest)
{
    GList *sessions = gst_rtsp_client_session_filter(guest->client, NULL, NULL);
    bool has = sessions != NULL;
    g_list_free_full(sessions, g_object_unref);
    return has;
}

/* With the lock held. */
static void end(struct guests *guests, struct guest *guest, const char *why)
{
    const gint64 now_us = g_get_monotonic_time();
    guest->leaves = true;
    g_socket_shutdown(guest->socket, TRUE, TRUE, NULL);
    if (guest->input != guest->socket)
        g_socket_shutdown(guest->input, TRUE, TRUE, NULL);
    if (!why || now_us - guests->told_us < G_USEC_PER_SEC)
        return;
    guests->told_us = now_us; /* a stranger must not fill the log */
    const GstRTSPConnection *connection = gst_rtsp_client_get_connection(guest->client);
    log_write(guests->log, BAUTA_LOG_WARNING, NULL, "refused", "%s was sent away: %s",
              gst_rtsp_connection_get_ip(connection), why);
}

static void look_at(struct guests *guests, struct guest *guest, gint64 now_us)
{
    const guint64 bytes = count_bytes(guest->input);
    if (guest->leaves)
        return;
    if (has_session(guest)) {
        guest->since_us = now_us;
        guest->bytes = bytes;
    } else if (now_us - guest->since_us > (gint64)guests->limits.patience_ms * 1000) {
        end(guests, guest, "it has had no session for too long");
    } else if (bytes > guest->bytes + guests->limits.most_bytes) {
        end(guests, guest, "it says too much, and has no session");
    }
}

static gboolean look_around(gpointer data)
{
    struct guests *guests = data;
    const gint64 now_us = g_get_monotonic_time();
    g_mutex_lock(&guests->lock);
    for (guint i = 0; i < guests->all->len; i++)
        look_at(guests, g_ptr_array_index(guests->all, i), now_us);
    g_mutex_unlock(&guests->lock);
    return G_SOURCE_CONTINUE;
}

/* What makes room: the oldest of those that come from where most without a session come from, so
 * that whoever takes all makes room for himself. The list is in the order of arrival. With the lock
 * held; NULL if all have a session. */
static struct guest *find_first_to_go(const struct guests *guests)
{
    GPtrArray *idle = g_ptr_array_new();
    GHashTable *counts = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < guests->all->len; i++) {
        struct guest *guest = g_ptr_array_index(guests->all, i);
        if (guest->leaves || has_session(guest))
            continue;
        g_ptr_array_add(idle, guest);
        const guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, guest->origin));
        g_hash_table_insert(counts, guest->origin, GUINT_TO_POINTER(n + 1));
    }
    struct guest *first = NULL;
    guint most = 0;
    for (guint i = 0; i < idle->len; i++) {
        struct guest *guest = g_ptr_array_index(idle, i);
        const guint n = GPOINTER_TO_UINT(g_hash_table_lookup(counts, guest->origin));
        if (n > most)
            first = guest;
        most = MAX(most, n);
    }
    g_hash_table_unref(counts);
    g_ptr_array_unref(idle);
    return first;
}

/* With the lock held. */
static void make_room(struct guests *guests)
{
    guint n = 0;
    for (guint i = 0; i < guests->all->len; i++)
        n += !((const struct guest *)g_ptr_array_index(guests->all, i))->leaves;
    struct guest *first = n > guests->limits.connections ? find_first_to_go(guests) : NULL;
    if (first)
        end(guests, first, "too many are connected");
}

/* Both halves of an HTTP tunnel come as clients; then one goes, and leaves its socket to the other.
 * With the lock held. */
static void pass_on(struct guests *guests, const struct guest *gone)
{
    const char *id = gst_rtsp_connection_get_tunnelid(gst_rtsp_client_get_connection(gone->client));
    for (guint i = 0; id && i < guests->all->len; i++) {
        struct guest *guest = g_ptr_array_index(guests->all, i);
        const GstRTSPConnection *connection = gst_rtsp_client_get_connection(guest->client);
        if (g_strcmp0(gst_rtsp_connection_get_tunnelid(connection), id) != 0 ||
            gst_rtsp_connection_get_read_socket(connection) != gone->socket)
            continue;
        g_set_object(&guest->input, gone->socket);
        guest->bytes = 0;
    }
}

/* In the thread of the client that goes. */
static void leave(GstRTSPClient *client, gpointer data)
{
    struct guests *guests = data;
    struct guest *gone = NULL;
    g_mutex_lock(&guests->lock);
    for (guint i = 0; i < guests->all->len && !gone; i++)
        if (((const struct guest *)g_ptr_array_index(guests->all, i))->client == client)
            gone = g_ptr_array_steal_index(guests->all, i);
    if (gone)
        pass_on(guests, gone);
    g_cond_signal(&guests->gone);
    g_mutex_unlock(&guests->lock);
    if (gone)
        free_guest(gone);
}

static char *origin_of(const GstRTSPConnection *connection)
{
    const char *ip = gst_rtsp_connection_get_ip(connection);
    return origin_key(ip ? ip : "", NULL);
}

/* Before the client's own thread knows of it. */
static void greet(GstRTSPServer *server, GstRTSPClient *client, gpointer data)
{
    (void)server;
    struct guests *guests = data;
    GstRTSPConnection *connection = gst_rtsp_client_get_connection(client);
    GSocket *socket = gst_rtsp_connection_get_read_socket(connection);
    g_socket_set_option(socket, SOL_SOCKET, SO_RCVBUF, BUFFER, NULL);
    g_socket_set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1, NULL); /* as in http/door.c */
    struct guest *guest = g_new0(struct guest, 1);
    *guest = (struct guest){.client = g_object_ref(client),
                            .socket = g_object_ref(socket),
                            .input = g_object_ref(socket),
                            .origin = origin_of(connection),
                            .since_us = g_get_monotonic_time()};
    g_signal_connect_data(client, "closed", G_CALLBACK(leave), g_atomic_rc_box_acquire(guests),
                          release, 0);
    g_mutex_lock(&guests->lock);
    g_ptr_array_add(guests->all, guest);
    make_room(guests);
    g_mutex_unlock(&guests->lock);
}

struct guests *guests_new(GstRTSPServer *server, const struct guest_limits *limits,
                          const struct log *log)
{
    struct guests *guests = g_atomic_rc_box_new0(struct guests);
    guests->limits = *limits;
    guests->log = log;
    guests->server = server;
    guests->told_us = g_get_monotonic_time() - G_USEC_PER_SEC;
    g_mutex_init(&guests->lock);
    g_cond_init(&guests->gone);
    guests->all = g_ptr_array_new_with_free_func(free_guest);
    guests->greeting = g_signal_connect(server, "client-connected", G_CALLBACK(greet), guests);
    guests->timer = g_timeout_add(LOOK_MS, look_around, guests);
    return guests;
}

void guests_free(struct guests *guests)
{
    if (!guests)
        return;
    g_signal_handler_disconnect(guests->server, guests->greeting);
    g_source_remove(guests->timer);
    g_mutex_lock(&guests->lock);
    GPtrArray *all = guests->all;
    guests->all = g_ptr_array_new_with_free_func(free_guest);
    g_mutex_unlock(&guests->lock);
    g_ptr_array_unref(all);
    release(guests, NULL);
}

void guests_send_away(struct guests *guests)
{
    g_mutex_lock(&guests->lock);
    for (guint i = 0; i < guests->all->len; i++)
        end(guests, g_ptr_array_index(guests->all, i), NULL);
    g_mutex_unlock(&guests->lock);
}

void guests_wait(struct guests *guests)
{
    const gint64 end_us = g_get_monotonic_time() + (gint64)GOODBYE_MS * 1000;
    g_mutex_lock(&guests->lock);
    while (guests->all->len > 0 && g_cond_wait_until(&guests->gone, &guests->lock, end_us))
        ;
    g_mutex_unlock(&guests->lock);
}
