/* SPDX-License-Identifier: Apache-2.0 */
#include "live.h"

#include <gst/gst.h>
#include <string.h>

#include "answer.h"
#include "capture.h"
#include "door.h"
#include "password.h"

enum {
    MAX_VIEWERS = 4,
    MAX_UNSENT = 16 << 20 /* bytes that wait for a client; who is slower is cut off */
};

/* One client. */
struct viewer {
    struct live *live;
    SoupServerMessage *message;
    struct capture *capture;
    gsize unsent;
    bool begun;
};

struct live {
    char *name;
    struct capture_source source;
    struct live_reader *reader;
    GPtrArray *viewers;
};

bool live_is_address(const char *text)
{
    return g_ascii_strncasecmp(text, "rtsp://", 7) == 0 ||
           g_ascii_strncasecmp(text, "rtsps://", 8) == 0;
}

static void end_viewer(gpointer data)
{
    struct viewer *viewer = data;
    g_signal_handlers_disconnect_by_data(viewer->message, viewer);
    capture_free(viewer->capture);
    g_object_unref(viewer->message);
    g_free(viewer);
}

static void remove_viewer(struct viewer *viewer)
{
    g_ptr_array_remove_fast(viewer->live->viewers, viewer);
}

/* The client has gone, or has all that it was given. */
static void leave(SoupServerMessage *message, gpointer data)
{
    (void)message;
    remove_viewer(data);
}

static void count_sent(SoupServerMessage *message, guint size, gpointer data)
{
    (void)message;
    struct viewer *viewer = data;
    viewer->unsent -= MIN(viewer->unsent, size);
}

static void begin(struct viewer *viewer)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(viewer->message);
    viewer->begun = true;
    soup_server_message_set_status(viewer->message, SOUP_STATUS_OK, NULL);
    soup_message_headers_set_encoding(headers, SOUP_ENCODING_CHUNKED);
    soup_message_headers_set_content_type(headers, "video/mp4", NULL);
    soup_message_body_set_accumulate(soup_server_message_get_response_body(viewer->message), FALSE);
    door_hold(viewer->message);
}

static void take_piece(gpointer data, GBytes *piece)
{
    struct viewer *viewer = data;
    if (!viewer->begun)
        begin(viewer);
    viewer->unsent += g_bytes_get_size(piece);
    if (viewer->unsent > MAX_UNSENT) {
        door_close(viewer->message);
        remove_viewer(viewer);
        return;
    }
    soup_message_body_append_bytes(soup_server_message_get_response_body(viewer->message), piece);
    soup_server_message_unpause(viewer->message);
}

static void end_stream(gpointer data, const char *problem)
{
    struct viewer *viewer = data;
    if (viewer->begun)
        soup_message_body_complete(soup_server_message_get_response_body(viewer->message));
    else
        answer_problem(viewer->message, SOUP_STATUS_BAD_GATEWAY, "%s: %s", viewer->live->name,
                       problem);
    SoupServerMessage *message = g_object_ref(viewer->message);
    remove_viewer(viewer);
    soup_server_message_unpause(message);
    g_object_unref(message);
}

void live_answer(struct live *live, SoupServerMessage *message)
{
    static const struct capture_events events = {take_piece, end_stream};
    if (strcmp(soup_server_message_get_method(message), "HEAD") == 0) {
        soup_server_message_set_status(message, SOUP_STATUS_OK, NULL);
        soup_message_headers_set_content_type(soup_server_message_get_response_headers(message),
                                              "video/mp4", NULL);
        return;
    }
    if (live->viewers->len >= MAX_VIEWERS) {
        answer_problem(message, SOUP_STATUS_SERVICE_UNAVAILABLE,
                       "%d pages look at this camera already", MAX_VIEWERS);
        return;
    }
    struct viewer *viewer = g_new0(struct viewer, 1);
    *viewer = (struct viewer){.live = live, .message = g_object_ref(message)};
    viewer->capture = capture_new(&live->source, live->reader, &events, viewer);
    g_ptr_array_add(live->viewers, viewer);
    g_signal_connect(message, "wrote-body-data", G_CALLBACK(count_sent), viewer);
    g_signal_connect(message, "finished", G_CALLBACK(leave), viewer);
    soup_server_message_pause(message);
}

/* rtsp://NAME:PASSWORD@HOST/PATH, taken apart. */
static bool read_address(struct live *live, const char *address)
{
    GUri *uri = g_uri_parse(
        address, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED_PATH | G_URI_FLAGS_ENCODED_QUERY,
        NULL);
    const bool good = uri && g_uri_get_host(uri) && *g_uri_get_host(uri);
    if (good) {
        live->name = g_uri_to_string_partial(uri, G_URI_HIDE_USERINFO);
        live->source = (struct capture_source){g_strdup(live->name), g_strdup(g_uri_get_user(uri)),
                                               g_strdup(g_uri_get_password(uri))};
    }
    g_clear_pointer(&uri, g_uri_unref);
    return good;
}

struct live *live_new(const char *address, const char *user, const char *password,
                      const struct bauta_signer *const *signers, int n_signers, char **problem)
{
    struct live *live = g_new0(struct live, 1);
    live->viewers = g_ptr_array_new_with_free_func(end_viewer);
    live->reader = live_reader_new(signers, n_signers);
    gst_init(NULL, NULL);
    *problem = NULL;
    const char *missing = capture_check();
    if (missing)
        *problem = g_strdup_printf("GStreamer's %s is not installed", missing);
    else if (!read_address(live, address))
        *problem = g_strdup("an address as rtsp://NAME:PASSWORD@HOST/PATH is needed");
    else if (user && live->source.user)
        *problem = g_strdup_printf("%s: its address has a name, and --user is another", live->name);
    if (*problem) {
        live_free(live);
        return NULL;
    }
    if (user) {
        live->source.user = g_strdup(user);
        live->source.password = g_strdup(password);
    }
    return live;
}

void live_free(struct live *live)
{
    if (!live)
        return;
    g_ptr_array_unref(live->viewers);
    live_reader_free(live->reader);
    g_free(live->source.location);
    g_free(live->source.user);
    password_free(&live->source.password);
    g_free(live->name);
    g_free(live);
}

const char *live_name(const struct live *live)
{
    return live->name;
}

char *live_look(struct live *live)
{
    return live_reader_write(live->reader);
}
