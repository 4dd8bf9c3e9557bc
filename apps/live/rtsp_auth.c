/* SPDX-License-Identifier: Apache-2.0 */
#include "rtsp_auth.h"

/* GLib's way to make a type wants typedefs. */
G_DECLARE_FINAL_TYPE(CountingAuth, counting_auth, COUNTING, AUTH, GstRTSPAuth)
struct _CountingAuth {
    GstRTSPAuth parent;
    struct guesses *guesses;
    const struct log *log;
    gint told_s; /* when it was last said, monotonic; atomic */
};
G_DEFINE_TYPE(CountingAuth, counting_auth, GST_TYPE_RTSP_AUTH)

/* NULL if none is named; the caller frees it. `said`: there is an Authorization header. */
static char *read_user(GstRTSPMessage *request, bool *said)
{
    GstRTSPAuthCredential **all =
        gst_rtsp_message_parse_auth_credentials(request, GST_RTSP_HDR_AUTHORIZATION);
    char *user = NULL;
    *said = all && *all;
    for (int i = 0; *said && all[i] && !user; i++)
        for (GstRTSPAuthParam **param = all[i]->params; param && *param && !user; param++)
            if (!g_strcmp0((*param)->name, "username"))
                user = g_strdup((*param)->value);
    if (all)
        gst_rtsp_auth_credentials_free(all);
    return user;
}

/* Its thread finds the end of it and clears away. */
static void cut_off(CountingAuth *auth, GstRTSPConnection *connection, gint64 now_us)
{
    g_socket_shutdown(gst_rtsp_connection_get_read_socket(connection), TRUE, TRUE, NULL);
    const gint told_s = g_atomic_int_get(&auth->told_s), now_s = (gint)(now_us / G_USEC_PER_SEC);
    if (told_s != now_s && g_atomic_int_compare_and_exchange(&auth->told_s, told_s, now_s))
        log_write(auth->log, BAUTA_LOG_WARNING, NULL, "refused",
                  "%s was sent away: too many wrong passwords came from there",
                  gst_rtsp_connection_get_ip(connection));
}

/* GStreamer tries each Authorization header of a request, with one nonce: a client sends one, and
 * who sends more guesses. */
static bool says_more(GstRTSPMessage *request)
{
    char *second;
    return gst_rtsp_message_get_header(request, GST_RTSP_HDR_AUTHORIZATION, &second, 1) ==
           GST_RTSP_OK;
}

/* Tells by the context's token whether somebody was known; true: it was looked at. */
static gboolean authenticate(GstRTSPAuth *auth, GstRTSPContext *context)
{
    CountingAuth *own = COUNTING_AUTH(auth);
    const gint64 now_us = g_get_monotonic_time();
    const char *peer = gst_rtsp_connection_get_ip(context->conn);
    bool said;
    char *user = read_user(context->request, &said);
    gboolean done = TRUE;
    const bool may =
        !said || (!says_more(context->request) && guesses_may(own->guesses, peer, user, now_us));
    if (may)
        done = GST_RTSP_AUTH_CLASS(counting_auth_parent_class)->authenticate(auth, context);
    if (said && context->token) {
        guesses_right(own->guesses, peer, user, now_us);
    } else if (said) {
        guesses_wrong(own->guesses, GUESSES_RTSP, peer, now_us);
        if (guesses_often(own->guesses, peer, now_us))
            cut_off(own, context->conn, now_us);
    }
    g_free(user);
    return done;
}

static void finalize(GObject *object)
{
    CountingAuth *auth = COUNTING_AUTH(object);
    guesses_unref(auth->guesses);
    G_OBJECT_CLASS(counting_auth_parent_class)->finalize(object);
}

static void counting_auth_class_init(CountingAuthClass *class_)
{
    G_OBJECT_CLASS(class_)->finalize = finalize;
    GST_RTSP_AUTH_CLASS(class_)->authenticate = authenticate;
}

static void counting_auth_init(CountingAuth *auth)
{
    (void)auth;
}

GstRTSPAuth *rtsp_auth_new(struct guesses *guesses, const struct log *log)
{
    CountingAuth *auth = g_object_new(counting_auth_get_type(), NULL);
    auth->guesses = guesses_ref(guesses);
    auth->log = log;
    return GST_RTSP_AUTH(auth);
}
