/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rtsp-camera [--user NAME:PASSWORD] [--algorithm NAME] [--certificate FILE.pem] [--transport
 * tcp|udp|both] [--cameras N] [--sound] ADDRESS PORT CLIP.mp4
 *
 * A camera to test with: serves the H.264 of a clip as it is, in real time and over and over, at
 * rtsp://ADDRESS:PORT/1 to /N. A process of its own, so that it can be stopped, killed and started
 * again. Says "ready" on standard output.
 */
#include <gst/app/app.h>
#include <gst/rtsp-server/rtsp-server.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct clip {
    GPtrArray *units; /* GstBuffer, one access unit each */
    GstCaps *caps;
    gint64 duration_us; /* of one picture */
};

/* One client, or several that share a camera. */
struct feed {
    const struct clip *clip;
    GstElement *source;
    GThread *thread;
    gint stop;
};

static bool read_clip(struct clip *clip, const char *path)
{
    char *description = g_strdup_printf(
        "filesrc location=\"%s\" ! qtdemux ! h264parse config-interval=-1 ! "
        "video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=sink sync=false",
        path);
    GstElement *pipeline = gst_parse_launch(description, NULL);
    g_free(description);
    if (!pipeline)
        return false;
    GstElement *sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
    gst_element_set_state(pipeline, GST_STATE_PLAYING);
    clip->units = g_ptr_array_new();
    GstSample *sample;
    while ((sample = gst_app_sink_pull_sample(GST_APP_SINK(sink)))) {
        if (!clip->caps)
            clip->caps = gst_caps_copy(gst_sample_get_caps(sample));
        GstBuffer *buffer = gst_buffer_copy(gst_sample_get_buffer(sample));
        if (GST_BUFFER_DURATION_IS_VALID(buffer) && !clip->duration_us)
            clip->duration_us = (gint64)(GST_BUFFER_DURATION(buffer) / 1000);
        GST_BUFFER_PTS(buffer) = GST_BUFFER_DTS(buffer) = GST_CLOCK_TIME_NONE;
        g_ptr_array_add(clip->units, buffer);
        gst_sample_unref(sample);
    }
    gst_element_set_state(pipeline, GST_STATE_NULL);
    gst_object_unref(sink);
    gst_object_unref(pipeline);
    return clip->units->len > 0 && clip->duration_us > 0;
}

/* In real time; a camera that was stopped goes on from here, and does not catch up. */
static gpointer feed_pictures(gpointer user)
{
    struct feed *feed = user;
    gint64 due = g_get_monotonic_time();
    for (guint i = 0; !g_atomic_int_get(&feed->stop); i = (i + 1) % feed->clip->units->len) {
        GstBuffer *unit = gst_buffer_copy(g_ptr_array_index(feed->clip->units, i));
        GST_BUFFER_DURATION(unit) = (GstClockTime)feed->clip->duration_us * 1000;
        if (gst_app_src_push_buffer(GST_APP_SRC(feed->source), unit) != GST_FLOW_OK)
            break;
        due += feed->clip->duration_us;
        gint64 now = g_get_monotonic_time();
        if (due > now)
            g_usleep((gulong)(due - now));
        else if (now - due > G_USEC_PER_SEC)
            due = now;
    }
    return NULL;
}

static void free_feed(gpointer user)
{
    struct feed *feed = user;
    g_atomic_int_set(&feed->stop, 1);
    g_thread_join(feed->thread);
    gst_object_unref(feed->source);
    g_free(feed);
}

static void media_configure(GstRTSPMediaFactory *factory, GstRTSPMedia *media, gpointer user)
{
    (void)factory;
    struct feed *feed = g_new0(struct feed, 1);
    GstElement *bin = gst_rtsp_media_get_element(media);
    feed->clip = user;
    feed->source = gst_bin_get_by_name_recurse_up(GST_BIN(bin), "source");
    gst_object_unref(bin);
    gst_app_src_set_caps(GST_APP_SRC(feed->source), feed->clip->caps);
    feed->thread = g_thread_new("feed", feed_pictures, feed);
    g_object_set_data_full(G_OBJECT(media), "feed", feed, free_feed);
}

/* GLib's way to make a type wants typedefs. */
G_DECLARE_FINAL_TYPE(NamingAuth, naming_auth, NAMING, AUTH, GstRTSPAuth)
struct _NamingAuth {
    GstRTSPAuth parent;
    const char *algorithm; /* that its challenge names; NULL: none, which is MD5 */
};
G_DEFINE_TYPE(NamingAuth, naming_auth, GST_TYPE_RTSP_AUTH)

static void name_algorithm(GstRTSPAuth *auth, GstRTSPContext *context)
{
    const char *algorithm = NAMING_AUTH(auth)->algorithm;
    char *plain = NULL;
    GST_RTSP_AUTH_CLASS(naming_auth_parent_class)->generate_authenticate_header(auth, context);
    gst_rtsp_message_get_header(context->response, GST_RTSP_HDR_WWW_AUTHENTICATE, &plain, 0);
    if (!algorithm || !plain)
        return;
    char *named = g_strdup_printf("%s, algorithm=%s", plain, algorithm);
    gst_rtsp_message_remove_header(context->response, GST_RTSP_HDR_WWW_AUTHENTICATE, -1);
    gst_rtsp_message_take_header(context->response, GST_RTSP_HDR_WWW_AUTHENTICATE, named);
}

static void naming_auth_class_init(NamingAuthClass *class_)
{
    GST_RTSP_AUTH_CLASS(class_)->generate_authenticate_header = name_algorithm;
}

static void naming_auth_init(NamingAuth *auth)
{
    (void)auth;
}

/* With another algorithm than MD5 nobody is let in: it is named, and not known here. */
static void protect_with(GstRTSPServer *server, const char *user, const char *algorithm)
{
    char **words = g_strsplit(user, ":", 2);
    GstRTSPAuth *auth = g_object_new(naming_auth_get_type(), NULL);
    NAMING_AUTH(auth)->algorithm = algorithm;
    gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
    GstRTSPToken *token =
        gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", NULL);
    if (!algorithm || !g_ascii_strcasecmp(algorithm, "MD5"))
        gst_rtsp_auth_add_digest(auth, words[0], words[1] ? words[1] : "", token);
    gst_rtsp_token_unref(token);
    gst_rtsp_server_set_auth(server, auth);
    g_object_unref(auth);
    g_strfreev(words);
}

/* With the certificate and key of a PEM file; everybody may watch. */
static bool encrypt_with(GstRTSPServer *server, const char *path)
{
    GTlsCertificate *certificate = g_tls_certificate_new_from_file(path, NULL);
    if (!certificate)
        return false;
    GstRTSPAuth *auth = gst_rtsp_auth_new();
    GstRTSPToken *token =
        gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", NULL);
    gst_rtsp_auth_set_default_token(auth, token);
    gst_rtsp_token_unref(token);
    gst_rtsp_auth_set_tls_certificate(auth, certificate);
    gst_rtsp_server_set_auth(server, auth);
    g_object_unref(auth);
    g_object_unref(certificate);
    return true;
}

static void add_camera(GstRTSPServer *server, struct clip *clip, int number, const char *transport,
                       bool sound)
{
    GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new();
    char *launch = g_strdup_printf(
        "( %sappsrc name=source is-live=true format=time do-timestamp=true max-bytes=2000000 "
        "leaky-type=downstream ! rtph264pay name=pay0 pt=96 config-interval=-1 )",
        sound ? "audiotestsrc is-live=true ! alawenc ! rtppcmapay name=pay1 pt=8 " : "");
    gst_rtsp_media_factory_set_launch(factory, launch);
    g_free(launch);
    gst_rtsp_media_factory_set_shared(factory, TRUE);
    if (strcmp(transport, "both") != 0)
        gst_rtsp_media_factory_set_protocols(factory, strcmp(transport, "tcp") == 0
                                                          ? GST_RTSP_LOWER_TRANS_TCP
                                                          : GST_RTSP_LOWER_TRANS_UDP);
    gst_rtsp_media_factory_add_role(factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                    G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                    G_TYPE_BOOLEAN, TRUE, NULL);
    g_signal_connect(factory, "media-configure", G_CALLBACK(media_configure), clip);
    GstRTSPMountPoints *mounts = gst_rtsp_server_get_mount_points(server);
    char *path = g_strdup_printf("/%d", number);
    gst_rtsp_mount_points_add_factory(mounts, path, factory);
    g_free(path);
    g_object_unref(mounts);
}

int main(int argc, char **argv)
{
    char *user = NULL, *algorithm = NULL, *transport = NULL, *certificate = NULL;
    int n_cameras = 1;
    gboolean sound = FALSE;
    const GOptionEntry entries[] = {
        {"user", 0, 0, G_OPTION_ARG_STRING, &user, "who may watch, by digest", "NAME:PASSWORD"},
        {"algorithm", 0, 0, G_OPTION_ARG_STRING, &algorithm, "of the digest", "NAME"},
        {"certificate", 0, 0, G_OPTION_ARG_FILENAME, &certificate, "that it shows", "FILE.pem"},
        {"transport", 0, 0, G_OPTION_ARG_STRING, &transport, "tcp, udp or both", "NAME"},
        {"sound", 0, 0, G_OPTION_ARG_NONE, &sound, "besides the pictures", NULL},
        {"cameras", 0, 0, G_OPTION_ARG_INT, &n_cameras, "how many", "N"},
        {0},
    };
    GOptionContext *options = g_option_context_new("ADDRESS PORT CLIP.mp4");
    g_option_context_add_main_entries(options, entries, NULL);
    g_option_context_add_group(options, gst_init_get_option_group());
    GError *error = NULL;
    if (!g_option_context_parse(options, &argc, &argv, &error) || argc != 4) {
        fprintf(stderr, "rtsp-camera: %s\n", error ? error->message : "ADDRESS PORT CLIP.mp4");
        return 2;
    }
    g_option_context_free(options);
    struct clip clip = {0};
    if (!read_clip(&clip, argv[3])) {
        fprintf(stderr, "rtsp-camera: %s: no H.264 in it\n", argv[3]);
        return 1;
    }
    GstRTSPServer *server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server, argv[1]);
    gst_rtsp_server_set_service(server, argv[2]);
    for (int i = 1; i <= n_cameras; i++)
        add_camera(server, &clip, i, transport ? transport : "both", sound);
    if (user)
        protect_with(server, user, algorithm);
    if (certificate && !encrypt_with(server, certificate)) {
        fprintf(stderr, "rtsp-camera: %s: no certificate\n", certificate);
        return 1;
    }
    if (!gst_rtsp_server_attach(server, NULL)) {
        fprintf(stderr, "rtsp-camera: %s:%s cannot be taken\n", argv[1], argv[2]);
        return 1;
    }
    puts("ready");
    fflush(stdout);
    g_main_loop_run(g_main_loop_new(NULL, FALSE));
}
