/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <unistd.h>

/* Between two ends in this process: the server signs with its key, and the client looks at that
 * with the certificate's. */
struct handshake {
    GCancellable *cancel;
    GError *error; /* the first */
    int running;   /* ends */
};

static void end(struct handshake *handshake, GError *error)
{
    if (!handshake->error)
        handshake->error = error;
    else
        g_error_free(error);
    g_cancellable_cancel(handshake->cancel);
}

static void hear_end(GObject *stream, GAsyncResult *result, gpointer data)
{
    struct handshake *handshake = data;
    GError *error = NULL;
    handshake->running--;
    if (!g_tls_connection_handshake_finish(G_TLS_CONNECTION(stream), result, &error))
        end(handshake, error);
}

static gboolean accept_any(GTlsConnection *client, GTlsCertificate *certificate,
                           GTlsCertificateFlags flags, gpointer data)
{
    (void)client;
    (void)certificate;
    (void)flags;
    (void)data;
    return TRUE;
}

/* One end, on a descriptor that it takes; the client's without a certificate. */
static void start(struct handshake *handshake, int descriptor, GTlsCertificate *certificate)
{
    GError *error = NULL;
    GIOStream *tls = NULL;
    GSocket *socket = g_socket_new_from_fd(descriptor, &error);
    if (socket) {
        GSocketConnection *plain = g_socket_connection_factory_create_connection(socket);
        tls = certificate ? g_tls_server_connection_new(G_IO_STREAM(plain), certificate, &error)
                          : g_tls_client_connection_new(G_IO_STREAM(plain), NULL, &error);
        g_object_unref(plain);
        g_object_unref(socket);
    } else {
        close(descriptor);
    }
    if (!tls) {
        end(handshake, error);
        return;
    }
    g_tls_connection_set_database(G_TLS_CONNECTION(tls), NULL); /* whoever signed it */
    if (!certificate)
        g_signal_connect(tls, "accept-certificate", G_CALLBACK(accept_any), NULL);
    handshake->running++;
    g_tls_connection_handshake_async(G_TLS_CONNECTION(tls), G_PRIORITY_DEFAULT, handshake->cancel,
                                     hear_end, handshake);
    g_object_unref(tls); /* the handshake keeps it to its end */
}

static bool belong_together(GTlsCertificate *certificate, GError **error)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) {
        g_set_error_literal(error, G_IO_ERROR, (gint)g_io_error_from_errno(errno),
                            g_strerror(errno));
        return false;
    }
    struct handshake handshake = {.cancel = g_cancellable_new()};
    start(&handshake, ends[0], certificate);
    start(&handshake, ends[1], NULL);
    while (handshake.running)
        g_main_context_iteration(NULL, TRUE);
    g_object_unref(handshake.cancel);
    if (handshake.error)
        g_propagate_error(error, handshake.error);
    return !handshake.error;
}

GTlsCertificate *certificate_read(const char *path, const char *key_path, char **problem)
{
    GError *error = NULL;
    *problem = NULL;
    GTlsCertificate *certificate = g_tls_certificate_new_from_files(path, key_path, &error);
    if (!certificate) {
        *problem = g_strdup_printf("%s with %s: %s", path, key_path, error->message);
    } else if (!belong_together(certificate, &error)) {
        *problem =
            g_strdup_printf("%s with %s: the key is not the certificate's, or neither is fit "
                            "for TLS: %s",
                            path, key_path, error->message);
        g_clear_object(&certificate);
    }
    g_clear_error(&error);
    return certificate;
}
