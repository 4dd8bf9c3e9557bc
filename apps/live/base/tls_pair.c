/* SPDX-License-Identifier: Apache-2.0 */
#include "tls_pair.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HANDSHAKE_S = 5, RETRY_S = 10 };

/* What tells one state of a file from another. */
struct stamp {
    dev_t device;
    ino_t number;
    off_t size;
    struct timespec written, changed;
};

struct tls_pair {
    char *path, *key_path;
    const struct log *log;
    GTlsCertificate *certificate;
    struct stamp loaded[2], failed[2];
    gint64 retry_us; /* monotonic; not before, for what failed. 0: nothing did */
};

/* Files that are not there are all alike. */
static struct stamp take_stamp(const char *path)
{
    GStatBuf status;
    if (g_stat(path, &status))
        return (struct stamp){0};
    return (struct stamp){status.st_dev, status.st_ino, status.st_size, status.st_mtim,
                          status.st_ctim};
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same_stamps(const struct stamp *a, const struct stamp *b)
{
    for (int i = 0; i < 2; i++)
        if (a[i].device != b[i].device || a[i].number != b[i].number || a[i].size != b[i].size ||
            !same_time(&a[i].written, &b[i].written) || !same_time(&a[i].changed, &b[i].changed))
            return false;
    return true;
}

/* Takes the descriptor. */
static GIOStream *open_end(int descriptor, GError **error)
{
    GSocket *socket = g_socket_new_from_fd(descriptor, error);
    if (!socket) {
        close(descriptor);
        return NULL;
    }
    g_socket_set_timeout(socket, HANDSHAKE_S);
    GSocketConnection *connection = g_socket_connection_factory_create_connection(socket);
    g_object_unref(socket);
    return G_IO_STREAM(connection);
}

static gpointer serve(gpointer server)
{
    g_tls_connection_handshake(server, NULL, NULL);
    return NULL;
}

static gboolean accept_any(GTlsConnection *client, GTlsCertificate *certificate,
                           GTlsCertificateFlags flags, gpointer user)
{
    (void)client;
    (void)certificate;
    (void)flags;
    (void)user;
    return TRUE;
}

/* The server signs with its key, and the client looks at that with the certificate's. */
static bool shake_hands(GIOStream *near, GIOStream *far, GTlsCertificate *certificate,
                        GError **error)
{
    GIOStream *server = g_tls_server_connection_new(near, certificate, error);
    GIOStream *client = server ? g_tls_client_connection_new(far, NULL, error) : NULL;
    bool good = false;
    if (client) { /* the system's authorities have no say in it */
        g_tls_connection_set_database(G_TLS_CONNECTION(server), NULL);
        g_tls_connection_set_database(G_TLS_CONNECTION(client), NULL);
        g_signal_connect(client, "accept-certificate", G_CALLBACK(accept_any), NULL);
        GThread *thread = g_thread_new("handshake", serve, server);
        good = g_tls_connection_handshake(G_TLS_CONNECTION(client), NULL, error);
        g_io_stream_close(far, NULL, NULL);
        g_thread_join(thread);
    }
    g_clear_object(&client);
    g_clear_object(&server);
    return good;
}

static bool belong_together(GTlsCertificate *certificate, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
        g_set_error_literal(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno),
                            g_strerror(errno));
        return false;
    }
    GIOStream *near = open_end(ends[0], error);
    GIOStream *far = open_end(ends[1], near ? error : NULL);
    const bool good = near && far && shake_hands(near, far, certificate, error);
    g_clear_object(&near);
    g_clear_object(&far);
    if (!good)
        g_prefix_error(error, "a handshake with them fails, does the key belong to the "
                              "certificate? ");
    return good;
}

GTlsCertificate *tls_pair_read(const char *path, const char *key_path, GError **error)
{
    GTlsCertificate *certificate = g_tls_certificate_new_from_files(path, key_path, error);
    if (certificate && !belong_together(certificate, error))
        g_clear_object(&certificate);
    return certificate;
}

static void load(struct tls_pair *pair, const struct stamp *stamps)
{
    GError *error = NULL;
    GTlsCertificate *certificate = tls_pair_read(pair->path, pair->key_path, &error);
    const bool told = pair->retry_us && same_stamps(stamps, pair->failed);
    if (!certificate && !told)
        log_write(pair->log, BAUTA_LOG_ERROR, NULL, "certificate", "%s with %s%s: %s", pair->path,
                  pair->key_path, pair->certificate ? " (the one before stays in use)" : "",
                  error->message);
    g_clear_error(&error);
    struct stamp *to = certificate ? pair->loaded : pair->failed;
    for (int i = 0; i < 2; i++)
        to[i] = stamps[i];
    pair->retry_us = certificate ? 0 : g_get_monotonic_time() + RETRY_S * G_TIME_SPAN_SECOND;
    if (!certificate)
        return;
    if (pair->certificate)
        log_write(pair->log, BAUTA_LOG_INFO, NULL, "certificate", "%s is another, and in use now",
                  pair->path);
    g_clear_object(&pair->certificate);
    pair->certificate = certificate;
}

GTlsCertificate *tls_pair_look(struct tls_pair *pair)
{
    /* Before they are read: what is written meanwhile is seen the next time. */
    const struct stamp stamps[2] = {take_stamp(pair->path), take_stamp(pair->key_path)};
    const bool loaded = pair->certificate && same_stamps(stamps, pair->loaded);
    const bool waits = pair->retry_us > g_get_monotonic_time() && same_stamps(stamps, pair->failed);
    if (!loaded && !waits)
        load(pair, stamps);
    return pair->certificate;
}

struct tls_pair *tls_pair_new(const char *path, const char *key_path, const struct log *log)
{
    struct tls_pair *pair = g_new0(struct tls_pair, 1);
    pair->path = g_strdup(path);
    pair->key_path = g_strdup(key_path);
    pair->log = log;
    if (!tls_pair_look(pair)) {
        tls_pair_free(pair);
        return NULL;
    }
    return pair;
}

void tls_pair_free(struct tls_pair *pair)
{
    if (!pair)
        return;
    g_clear_object(&pair->certificate);
    g_free(pair->path);
    g_free(pair->key_path);
    g_free(pair);
}
