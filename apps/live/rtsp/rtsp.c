/* SPDX-License-Identifier: Apache-2.0 */
#include "rtsp.h"

#include <string.h>

#include "base/tls_pair.h"
#include "connections.h"
#include "relay.h"
#include "rtsp_auth.h"

#define ROLE "viewer"

/* A session outlives a client that does not take leave, by a minute. */
enum {
    N_THREADS = 16,
    MAX_SESSIONS = 4096,
    CLEANUP_S = 5,
    MAX_BODY = 64 << 10,
    ARRIVALS_AT_ONCE = 32
};

/* A request is some hundred bytes, and a client that knows the password has a session with its
 * fifth. */
static const struct connection_limits limits = {
    .connections = 256, .patience_ms = 30000, .most_bytes = 64 << 10};

/* One port. Behind the encrypted one nothing is sent that is not: no UDP. */
struct rtsp_port {
    bool tls;
    struct address_config address; /* its host is the port's */
    GstRTSPServer *server;         /* NULL: off */
    struct connections *connections;
    struct tls_pair *pair; /* NULL: without TLS */
    GSource *source;
};

enum { PORT_PLAIN, PORT_TLS, N_PORTS };

struct rtsp {
    const struct service_state *state;
    const struct log *log;
    struct rtsp_port ports[N_PORTS];
    char *users; /* a digest of who may come in */
    guint cleanup;
};

static GstRTSPToken *make_token(const char *user)
{
    return gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, ROLE, "user",
                              G_TYPE_STRING, user, NULL);
}

static char *digest_users(const struct service_config *config)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (int i = 0; i < config->n_users; i++) {
        const struct user_config *user = &config->users[i];
        g_checksum_update(sum, (const guchar *)user->name, (gssize)strlen(user->name) + 1);
        g_checksum_update(sum, (const guchar *)user->password, (gssize)strlen(user->password) + 1);
    }
    g_checksum_update(sum, (const guchar *)config->realm, -1);
    char *digest = g_strdup(g_checksum_get_string(sum));
    g_checksum_free(sum);
    return digest;
}

/* Who may come in, and with TLS, what the port shows. */
static void set_access(const struct rtsp *rtsp, const struct rtsp_port *port)
{
    const struct service_config *config = rtsp->state->config;
    GstRTSPAuth *auth = rtsp_auth_new(rtsp->state->guesses, rtsp->log);
    gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_set_realm(auth, config->realm);
    for (int i = 0; i < config->n_users; i++) {
        GstRTSPToken *token = make_token(config->users[i].name);
        gst_rtsp_auth_add_digest(auth, config->users[i].name, config->users[i].password, token);
        gst_rtsp_token_unref(token);
    }
    if (config->anonymous) {
        GstRTSPToken *token = make_token("anonymous");
        gst_rtsp_auth_set_default_token(auth, token);
        gst_rtsp_token_unref(token);
    }
    if (port->pair)
        gst_rtsp_auth_set_tls_certificate(auth, tls_pair_look(port->pair));
    gst_rtsp_server_set_auth(port->server, auth);
    g_object_unref(auth);
}

/* False, having said why; then the one before stays. */
static bool take_certificate(const struct rtsp *rtsp, struct rtsp_port *port)
{
    const struct service_config *config = rtsp->state->config;
    struct tls_pair *pair = tls_pair_new(config->certificate, config->private_key, rtsp->log);
    if (!pair)
        return false;
    tls_pair_free(port->pair);
    port->pair = pair;
    return true;
}

/* A camera that gives nothing now may do so later; GStreamer would call the request a bad one. */
static GstRTSPStatusCode before_describe(GstRTSPClient *client, GstRTSPContext *context,
                                         gpointer user)
{
    (void)user;
    GstRTSPMountPoints *mounts = gst_rtsp_client_get_mount_points(client);
    GstRTSPMediaFactory *factory = gst_rtsp_mount_points_match(mounts, context->uri->abspath, NULL);
    bool waits = factory && !relay_factory_flows(factory);
    g_clear_object(&factory);
    g_object_unref(mounts);
    return waits ? GST_RTSP_STS_SERVICE_UNAVAILABLE : GST_RTSP_STS_OK;
}

static void greet(GstRTSPServer *server, GstRTSPClient *client, gpointer user)
{
    (void)server;
    g_signal_connect(client, "pre-describe-request", G_CALLBACK(before_describe), user);
}

/* GStreamer's own source takes one connection for each turn of the main loop, which is long:
 * whoever is to be sent away at once would keep others waiting. */
static gboolean let_in(GSocket *socket, GIOCondition condition, gpointer server)
{
    for (int i = 0; i < ARRIVALS_AT_ONCE && (condition & G_IO_IN); i++) {
        gst_rtsp_server_io_func(socket, condition, server);
        condition = g_socket_condition_check(socket, G_IO_IN);
    }
    return G_SOURCE_CONTINUE;
}

static bool start_listening(const struct rtsp *rtsp, struct rtsp_port *port)
{
    GError *error = NULL;
    GSocket *socket = gst_rtsp_server_create_socket(port->server, NULL, &error);
    if (!socket) {
        log_write(rtsp->log, BAUTA_LOG_ERROR, NULL, "rtsp", "%s:%d cannot be opened: %s",
                  port->address.host, port->address.port, error->message);
        g_error_free(error);
        return false;
    }
    port->source = g_socket_create_source(socket, G_IO_IN, NULL);
    g_source_set_callback(port->source, G_SOURCE_FUNC(let_in), g_object_ref(port->server),
                          g_object_unref);
    g_source_attach(port->source, NULL);
    g_object_unref(socket);
    return true;
}

static bool open_port(struct rtsp *rtsp, struct rtsp_port *port,
                      const struct address_config *address)
{
    char number[8];
    g_snprintf(number, sizeof(number), "%d", address->port);
    port->address = (struct address_config){g_strdup(address->host), address->port};
    if (!address->port)
        return true;
    port->server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(port->server, address->host);
    gst_rtsp_server_set_service(port->server, number);
    GstRTSPThreadPool *threads = gst_rtsp_server_get_thread_pool(port->server);
    gst_rtsp_thread_pool_set_max_threads(threads, N_THREADS);
    g_object_unref(threads);
    GstRTSPSessionPool *sessions = gst_rtsp_server_get_session_pool(port->server);
    gst_rtsp_session_pool_set_max_sessions(sessions, MAX_SESSIONS);
    g_object_unref(sessions);
    gst_rtsp_server_set_content_length_limit(port->server, MAX_BODY);
    gst_rtsp_server_set_backlog(port->server, (int)limits.connections);
    g_signal_connect(port->server, "client-connected", G_CALLBACK(greet), NULL);
    port->connections = connections_new(port->server, &limits, rtsp->log);
    if (port->tls && !take_certificate(rtsp, port))
        return false;
    set_access(rtsp, port);
    return start_listening(rtsp, port);
}

static GstRTSPFilterResult send_away(GstRTSPServer *server, GstRTSPClient *client, gpointer user)
{
    (void)server;
    (void)client;
    (void)user;
    return GST_RTSP_FILTER_REMOVE;
}

static void close_port(struct rtsp_port *port)
{
    if (port->source) {
        g_source_destroy(port->source);
        g_source_unref(port->source);
    }
    if (port->connections) { /* the server would close them while their own threads read from them */
        connections_send_away(port->connections);
        connections_wait(port->connections);
    }
    connections_free(port->connections);
    if (port->server) {
        g_list_free_full(gst_rtsp_server_client_filter(port->server, send_away, NULL),
                         g_object_unref);
        g_object_unref(port->server);
    }
    tls_pair_free(port->pair);
    g_free(port->address.host);
}

/* For clients that come from now on. */
static void renew_certificate(const struct rtsp_port *port)
{
    GstRTSPAuth *auth = gst_rtsp_server_get_auth(port->server);
    GTlsCertificate *before = gst_rtsp_auth_get_tls_certificate(auth);
    GTlsCertificate *now = tls_pair_look(port->pair);
    if (now != before)
        gst_rtsp_auth_set_tls_certificate(auth, now);
    g_clear_object(&before);
    g_object_unref(auth);
}

/* Forgets sessions whose clients have said nothing for a minute. */
static gboolean clean_up(gpointer user)
{
    const struct rtsp *rtsp = user;
    for (int i = 0; i < N_PORTS; i++) {
        if (!rtsp->ports[i].server)
            continue;
        GstRTSPSessionPool *sessions = gst_rtsp_server_get_session_pool(rtsp->ports[i].server);
        gst_rtsp_session_pool_cleanup(sessions);
        g_object_unref(sessions);
        if (rtsp->ports[i].pair)
            renew_certificate(&rtsp->ports[i]);
    }
    return G_SOURCE_CONTINUE;
}

struct rtsp *rtsp_new(const struct service_state *state, const struct log *log)
{
    const struct service_config *config = state->config;
    struct rtsp *rtsp = g_new0(struct rtsp, 1);
    *rtsp = (struct rtsp){.state = state, .log = log};
    rtsp->ports[PORT_TLS].tls = true;
    rtsp->users = digest_users(config);
    rtsp->cleanup = g_timeout_add_seconds(CLEANUP_S, clean_up, rtsp);
    if (!open_port(rtsp, &rtsp->ports[PORT_PLAIN], &config->rtsp) ||
        !open_port(rtsp, &rtsp->ports[PORT_TLS], &config->rtsps)) {
        rtsp_free(rtsp);
        return NULL;
    }
    return rtsp;
}

void rtsp_free(struct rtsp *rtsp)
{
    if (!rtsp)
        return;
    g_source_remove(rtsp->cleanup);
    for (int i = 0; i < N_PORTS; i++)
        close_port(&rtsp->ports[i]);
    g_free(rtsp->users);
    g_free(rtsp);
}

static bool is_at(const struct rtsp_port *port, const struct address_config *address)
{
    return port->address.port == address->port && strcmp(port->address.host, address->host) == 0;
}

bool rtsp_reload(struct rtsp *rtsp)
{
    const struct service_config *config = rtsp->state->config;
    if (!is_at(&rtsp->ports[PORT_PLAIN], &config->rtsp) ||
        !is_at(&rtsp->ports[PORT_TLS], &config->rtsps))
        return false;
    char *users = digest_users(config);
    const bool others = strcmp(users, rtsp->users) != 0;
    for (int i = 0; i < N_PORTS; i++)
        if (rtsp->ports[i].server) {
            if (rtsp->ports[i].tls)
                take_certificate(rtsp, &rtsp->ports[i]);
            set_access(rtsp, &rtsp->ports[i]);
            if (others) /* whoever is one of them comes back */
                connections_send_away(rtsp->ports[i].connections);
        }
    g_free(rtsp->users);
    rtsp->users = users;
    return true;
}

static char *make_path(struct camera *camera, enum stream stream)
{
    return g_strdup_printf("/%s%s", camera_config(camera)->name,
                           stream == STREAM_SUB ? "/sub" : "");
}

static void add_mount(const struct rtsp_port *port, struct camera *camera, enum stream stream)
{
    GstRTSPMediaFactory *factory = relay_factory_new(camera_hub(camera, stream));
    gst_rtsp_media_factory_set_protocols(factory, port->tls ? GST_RTSP_LOWER_TRANS_TCP
                                                            : GST_RTSP_LOWER_TRANS_TCP |
                                                                  GST_RTSP_LOWER_TRANS_UDP);
    gst_rtsp_media_factory_add_role(factory, ROLE, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                    G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                    G_TYPE_BOOLEAN, TRUE, NULL);
    char *path = make_path(camera, stream);
    GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(port->server);
    gst_rtsp_mount_points_add_factory(mounts, path, factory);
    g_object_unref(mounts);
    g_free(path);
}

void rtsp_add_camera(struct rtsp *rtsp, struct camera *camera)
{
    for (int i = 0; i < N_PORTS; i++)
        for (int s = 0; s < N_STREAMS && rtsp->ports[i].server; s++)
            if (camera_hub(camera, (enum stream)s))
                add_mount(&rtsp->ports[i], camera, (enum stream)s);
}

static GstRTSPFilterResult matches_path(GstRTSPSession *session, GstRTSPSessionMedia *media,
                                        gpointer path)
{
    (void)session;
    int matched;
    return gst_rtsp_session_media_matches(media, path, &matched) ? GST_RTSP_FILTER_REF
                                                                 : GST_RTSP_FILTER_KEEP;
}

static GstRTSPFilterResult plays_path(GstRTSPClient *client, GstRTSPSession *session, gpointer path)
{
    (void)client;
    GList *medias = gst_rtsp_session_filter(session, matches_path, path);
    bool plays = medias != NULL;
    g_list_free_full(medias, g_object_unref);
    return plays ? GST_RTSP_FILTER_REF : GST_RTSP_FILTER_KEEP;
}

static GstRTSPFilterResult watches_path(GstRTSPServer *server, GstRTSPClient *client, gpointer path)
{
    (void)server;
    GList *sessions = gst_rtsp_client_session_filter(client, plays_path, path);
    bool watches = sessions != NULL;
    g_list_free_full(sessions, g_object_unref);
    return watches ? GST_RTSP_FILTER_REMOVE : GST_RTSP_FILTER_KEEP;
}

void rtsp_remove_camera(struct rtsp *rtsp, struct camera *camera)
{
    for (int i = 0; i < N_PORTS; i++)
        for (int s = 0; s < N_STREAMS && rtsp->ports[i].server; s++) {
            char *path = make_path(camera, (enum stream)s);
            GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(rtsp->ports[i].server);
            gst_rtsp_mount_points_remove_factory(mounts, path);
            g_object_unref(mounts);
            g_list_free_full(
                gst_rtsp_server_client_filter(rtsp->ports[i].server, watches_path, path),
                g_object_unref);
            g_free(path);
        }
}
