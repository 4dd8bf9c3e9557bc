/* SPDX-License-Identifier: Apache-2.0 */
#include "challenge.h"

#include <gst/rtsp/rtsp.h>
#include <stdbool.h>

enum { PATIENCE_S = 3, ANSWER_MOST = 65536 };

/* NULL if it names none. */
static const char *algorithm_of(const GstRTSPAuthCredential *credential)
{
    for (GstRTSPAuthParam **param = credential->params; param && *param; param++)
        if (!g_ascii_strcasecmp((*param)->name, "algorithm"))
            return (*param)->value;
    return NULL;
}

/* None of the words that the camera says is said again: they are a stranger's. */
static char *explain(GstRTSPMessage *answer)
{
    GstRTSPAuthCredential **all =
        gst_rtsp_message_parse_auth_credentials(answer, GST_RTSP_HDR_WWW_AUTHENTICATE);
    bool knows = false, sha256 = false, other = false;
    for (GstRTSPAuthCredential **one = all; one && *one; one++) {
        const char *algorithm = (*one)->scheme == GST_RTSP_AUTH_DIGEST ? algorithm_of(*one) : NULL;
        if (!algorithm || !g_ascii_strcasecmp(algorithm, "MD5"))
            knows = true;
        else if (g_str_has_prefix(algorithm, "SHA-256") || g_str_has_prefix(algorithm, "sha-256"))
            sha256 = true;
        else
            other = true;
    }
    if (all)
        gst_rtsp_auth_credentials_free(all);
    if (knows || (!sha256 && !other))
        return NULL;
    return g_strdup_printf("the camera takes its password by %s digest only, and GStreamer's "
                           "rtspsrc knows MD5 alone: have the camera take RTSP digest by MD5, too",
                           sha256 ? "SHA-256" : "another");
}

/* Ends an exchange whose time is over. GStreamer's limits are for each wait, and a camera may send
 * a byte before each ends; and an answer that has begun cannot be cancelled, only its socket ended.
 */
struct deadline {
    GstRTSPConnection *connection;
    GMutex lock;
    GCond changed;
    GSocket *socket; /* when it is connected */
    bool is_over;    /* the exchange */
};

static gpointer watch(gpointer data)
{
    struct deadline *d = data;
    const gint64 end_us = g_get_monotonic_time() + (gint64)PATIENCE_S * G_USEC_PER_SEC;
    g_mutex_lock(&d->lock);
    while (!d->is_over && g_cond_wait_until(&d->changed, &d->lock, end_us))
        ;
    if (!d->is_over && d->socket)
        g_socket_shutdown(d->socket, TRUE, TRUE, NULL);
    else if (!d->is_over)
        gst_rtsp_connection_flush(d->connection, TRUE);
    g_mutex_unlock(&d->lock);
    return NULL;
}

static bool connect_to(struct deadline *d)
{
    if (gst_rtsp_connection_connect_usec(d->connection, (gint64)PATIENCE_S * G_USEC_PER_SEC) !=
        GST_RTSP_OK)
        return false;
    g_mutex_lock(&d->lock);
    d->socket = g_object_ref(gst_rtsp_connection_get_read_socket(d->connection));
    g_mutex_unlock(&d->lock);
    return true;
}

static void end(struct deadline *d, GThread *watcher)
{
    g_mutex_lock(&d->lock);
    d->is_over = true;
    g_cond_signal(&d->changed);
    g_mutex_unlock(&d->lock);
    g_thread_join(watcher);
    g_clear_object(&d->socket);
    g_mutex_clear(&d->lock);
    g_cond_clear(&d->changed);
}

static bool exchange(GstRTSPConnection *connection, GstRTSPMessage *request, GstRTSPMessage *answer)
{
    const gint64 patience_us = (gint64)PATIENCE_S * G_USEC_PER_SEC;
    struct deadline d = {.connection = connection};
    g_mutex_init(&d.lock);
    g_cond_init(&d.changed);
    GThread *watcher = g_thread_new("deadline", watch, &d);
    const bool heard =
        connect_to(&d) &&
        gst_rtsp_connection_send_usec(connection, request, patience_us) == GST_RTSP_OK &&
        gst_rtsp_connection_receive_usec(connection, answer, patience_us) == GST_RTSP_OK;
    end(&d, watcher);
    return heard;
}

static bool ask(GstRTSPConnection *connection, GstRTSPMessage *answer, const char *location)
{
    GstRTSPMessage request = {0};
    gst_rtsp_message_init_request(&request, GST_RTSP_DESCRIBE, location);
    gst_rtsp_message_add_header(&request, GST_RTSP_HDR_CSEQ, "1");
    gst_rtsp_message_add_header(&request, GST_RTSP_HDR_ACCEPT, "application/sdp");
    gst_rtsp_connection_set_content_length_limit(connection, ANSWER_MOST);
    const bool heard = exchange(connection, &request, answer);
    gst_rtsp_message_unset(&request);
    return heard && answer->type == GST_RTSP_MESSAGE_RESPONSE &&
           answer->type_data.response.code == GST_RTSP_STS_UNAUTHORIZED;
}

char *challenge_explain(const struct source_config *config)
{
    GstRTSPUrl *url = NULL;
    GstRTSPConnection *connection = NULL;
    GstRTSPMessage answer = {0};
    char *sentence = NULL;
    if (gst_rtsp_url_parse(config->location, &url) == GST_RTSP_OK &&
        gst_rtsp_connection_create(url, &connection) == GST_RTSP_OK) {
        /* Nothing is told that is secret, and nothing is believed but how a password is wanted. */
        if (url->transports & GST_RTSP_LOWER_TRANS_TLS)
            gst_rtsp_connection_set_tls_validation_flags(connection, 0);
        if (ask(connection, &answer, config->location))
            sentence = explain(&answer);
        gst_rtsp_connection_close(connection);
    }
    gst_rtsp_message_unset(&answer);
    if (connection)
        gst_rtsp_connection_free(connection);
    gst_rtsp_url_free(url);
    return sentence;
}
