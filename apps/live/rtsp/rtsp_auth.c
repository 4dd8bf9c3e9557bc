/* SPDX-License-Identifier: Apache-2.0 */
#include "rtsp_auth.h"

enum { MAX_NONCES = 4096 };

/* GLib's way to make a type wants typedefs. */
G_DECLARE_FINAL_TYPE(CountingAuth, counting_auth, COUNTING, AUTH, GstRTSPAuth)
struct _CountingAuth {
    GstRTSPAuth parent;
    struct guesses *guesses;
    const struct log *log;
    gint told_s;        /* when it was last said, monotonic; atomic */
    GMutex lock;        /* of what follows; clients have threads of their own */
    GHashTable *nonces; /* set of those that were given, the last MAX_NONCES */
    GQueue order;       /* of them; borrows */
};
G_DEFINE_TYPE(CountingAuth, counting_auth, GST_TYPE_RTSP_AUTH)

/* What a request says of who sends it. */
struct words {
    bool said; /* there is an Authorization header */
    bool more; /* and another */
    char *user, *nonce;
};

/* The nonce, by `auth`, that the user of a client's connection was let in with. */
static const char inside_key[] = "bauta-inside";

static void read_words(struct words *words, GstRTSPMessage *message, GstRTSPHeaderField field)
{
    char *second;
    GstRTSPAuthCredential **all = gst_rtsp_message_parse_auth_credentials(message, field);
    *words = (struct words){.said = all && *all};
    words->more = gst_rtsp_message_get_header(message, field, &second, 1) == GST_RTSP_OK;
    for (GstRTSPAuthParam **param = words->said ? (*all)->params : NULL; param && *param; param++)
        if (!words->user && !g_strcmp0((*param)->name, "username"))
            words->user = g_strdup((*param)->value);
        else if (!words->nonce && !g_strcmp0((*param)->name, "nonce"))
            words->nonce = g_strdup((*param)->value);
    if (all)
        gst_rtsp_auth_credentials_free(all);
}

static void clear_words(struct words *words)
{
    g_free(words->user);
    g_free(words->nonce);
}

static void tell(CountingAuth *auth, const char *peer, const char *why)
{
    const gint told_s = g_atomic_int_get(&auth->told_s);
    const gint now_s = (gint)(g_get_monotonic_time() / G_USEC_PER_SEC);
    if (told_s != now_s && g_atomic_int_compare_and_exchange(&auth->told_s, told_s, now_s))
        log_write(auth->log, BAUTA_LOG_WARNING, NULL, "refused", "%s was sent away: %s", peer, why);
}

/* Its thread finds the end of it and clears away. */
static void cut_off(CountingAuth *auth, GstRTSPConnection *connection)
{
    g_socket_shutdown(gst_rtsp_connection_get_read_socket(connection), TRUE, TRUE, NULL);
    tell(auth, gst_rtsp_connection_get_ip(connection), "too many wrong passwords came from there");
}

static bool is_anonymous(GstRTSPAuth *auth)
{
    GstRTSPToken *token = gst_rtsp_auth_get_default_token(auth);
    const bool is = token != NULL;
    if (token)
        gst_rtsp_token_unref(token);
    return is;
}

static char *name_nonce(const CountingAuth *auth, const char *nonce)
{
    return g_strdup_printf("%p %s", (const void *)auth, nonce ? nonce : "");
}

/* Whether somebody was let in on this connection with this nonce. */
static bool is_inside(const CountingAuth *auth, GstRTSPClient *client, const char *nonce)
{
    char *name = name_nonce(auth, nonce);
    const bool is = nonce && !g_strcmp0(g_object_get_data(G_OBJECT(client), inside_key), name);
    g_free(name);
    return is;
}

static bool was_given(CountingAuth *auth, const char *nonce)
{
    g_mutex_lock(&auth->lock);
    const bool was = g_hash_table_contains(auth->nonces, nonce);
    g_mutex_unlock(&auth->lock);
    return was;
}

static void generate_authenticate_header(GstRTSPAuth *auth, GstRTSPContext *context)
{
    CountingAuth *own = COUNTING_AUTH(auth);
    struct words words;
    GST_RTSP_AUTH_CLASS(counting_auth_parent_class)->generate_authenticate_header(auth, context);
    read_words(&words, context->response, GST_RTSP_HDR_WWW_AUTHENTICATE);
    g_mutex_lock(&own->lock);
    if (words.nonce && !g_hash_table_contains(own->nonces, words.nonce)) {
        g_hash_table_add(own->nonces, words.nonce);
        g_queue_push_tail(&own->order, words.nonce);
        words.nonce = NULL;
    }
    while (own->order.length > MAX_NONCES)
        g_hash_table_remove(own->nonces, g_queue_pop_head(&own->order));
    g_mutex_unlock(&own->lock);
    clear_words(&words);
}

/* GStreamer tries each Authorization header of a request, with one nonce: a client sends one, and
 * who sends more guesses. Who was let in on this connection goes on, whoever guesses elsewhere. */
static bool may_try(CountingAuth *auth, const GstRTSPContext *context, const struct words *words)
{
    return !words->more && (is_inside(auth, context->client, words->nonce) ||
                            guesses_may(auth->guesses, gst_rtsp_connection_get_ip(context->conn),
                                        words->user, g_get_monotonic_time()));
}

static void judge(CountingAuth *auth, const GstRTSPContext *context, const struct words *words)
{
    const gint64 now_us = g_get_monotonic_time();
    const char *peer = gst_rtsp_connection_get_ip(context->conn);
    char *name = context->token ? name_nonce(auth, words->nonce) : NULL;
    g_object_set_data_full(G_OBJECT(context->client), inside_key, name, g_free);
    if (context->token) {
        guesses_right(auth->guesses, peer, words->user, now_us);
        return;
    }
    guesses_wrong(auth->guesses, GUESSES_RTSP, peer, words->user, now_us);
    if (guesses_often(auth->guesses, peer, words->user, now_us))
        cut_off(auth, context->conn);
}

/* Tells by the context's token whether somebody was known; true: it was looked at. */
static gboolean authenticate(GstRTSPAuth *auth, GstRTSPContext *context)
{
    CountingAuth *own = COUNTING_AUTH(auth);
    GstRTSPAuthClass *parent = GST_RTSP_AUTH_CLASS(counting_auth_parent_class);
    struct words words;
    gboolean done = TRUE;
    if (is_anonymous(auth))
        return parent->authenticate(auth, context);
    read_words(&words, context->request, GST_RTSP_HDR_AUTHORIZATION);
    /* With a nonce that is not ours, no password is right: nothing is tried, nor counted. Clients
     * come with such a one after a restart, and take the new one. */
    const bool stale = words.said && !words.more && words.nonce && !was_given(own, words.nonce) &&
                       !is_inside(own, context->client, words.nonce);
    if (words.said && !stale) {
        if (may_try(own, context, &words))
            done = parent->authenticate(auth, context);
        judge(own, context, &words);
    }
    clear_words(&words);
    return done;
}

static gboolean check(GstRTSPAuth *auth, GstRTSPContext *context, const gchar *what)
{
    CountingAuth *own = COUNTING_AUTH(auth);
    const bool comes = g_str_equal(what, GST_RTSP_AUTH_CHECK_CONNECT);
    const char *ip = comes ? gst_rtsp_connection_get_ip(context->conn) : NULL;
    const char *peer = ip ? ip : "";
    if (comes && !is_anonymous(auth) &&
        !guesses_arrive(own->guesses, peer, g_get_monotonic_time())) {
        tell(own, peer, "too much that was wrong, or too many that said nothing, came from there");
        return FALSE;
    }
    return GST_RTSP_AUTH_CLASS(counting_auth_parent_class)->check(auth, context, what);
}

static void finalize(GObject *object)
{
    CountingAuth *auth = COUNTING_AUTH(object);
    guesses_unref(auth->guesses);
    g_queue_clear(&auth->order);
    g_hash_table_unref(auth->nonces);
    g_mutex_clear(&auth->lock);
    G_OBJECT_CLASS(counting_auth_parent_class)->finalize(object);
}

static void counting_auth_class_init(CountingAuthClass *class_)
{
    GstRTSPAuthClass *auth_class = GST_RTSP_AUTH_CLASS(class_);
    G_OBJECT_CLASS(class_)->finalize = finalize;
    auth_class->authenticate = authenticate;
    auth_class->check = check;
    auth_class->generate_authenticate_header = generate_authenticate_header;
}

static void counting_auth_init(CountingAuth *auth)
{
    g_mutex_init(&auth->lock);
    auth->nonces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_queue_init(&auth->order);
}

GstRTSPAuth *rtsp_auth_new(struct guesses *guesses, const struct log *log)
{
    CountingAuth *auth = g_object_new(counting_auth_get_type(), NULL);
    auth->guesses = guesses_ref(guesses);
    auth->log = log;
    return GST_RTSP_AUTH(auth);
}
