/* SPDX-License-Identifier: Apache-2.0 */
#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include "carry.h"
#include "left_out.h"
#include "orientation.h"
#include "source.h"
#include "twice.h"

/*
 * A file as if it were a camera. It plays in a pipeline of its own, paced by the clock, and each
 * picture enters the camera's pipeline with the time at which it was due; at the end that pipeline
 * seeks to the start, of which the camera's sees nothing.
 */
struct player {
    GstElement *pipeline;
    GstElement *entry; /* the camera's appsrc */
    int started;
    struct left_out left_out;
};

static GstFlowReturn take_picture(GstAppSink *sink, gpointer user)
{
    struct player *player = user;
    GstSample *sample = gst_app_sink_pull_sample(sink);
    if (!sample)
        return GST_FLOW_EOS;
    GstClockTime now = gst_element_get_current_running_time(player->entry);
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    if (buffer && GST_CLOCK_TIME_IS_VALID(now)) {
        GstBuffer *copy = gst_buffer_copy(buffer); /* the pixels are shared */
        GST_BUFFER_PTS(copy) = now;
        GST_BUFFER_DTS(copy) = GST_CLOCK_TIME_NONE;
        GstSample *live = gst_sample_new(copy, gst_sample_get_caps(sample), NULL, NULL);
        gst_app_src_push_sample(GST_APP_SRC(player->entry), live);
        gst_sample_unref(live);
        gst_buffer_unref(copy);
    }
    gst_sample_unref(sample);
    return GST_FLOW_OK;
}

/* On the camera's thread, whose context is the default of who makes the player. */
static gboolean hear(GstBus *bus, GstMessage *message, gpointer user)
{
    (void)bus;
    struct player *player = user;
    GError *error = NULL;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
        if (!gst_element_seek_simple(player->pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 0))
            GST_ELEMENT_ERROR(player->entry, RESOURCE, SEEK, ("the file cannot be played again"),
                              (NULL));
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        gst_message_parse_error(message, &error, NULL);
        GST_ELEMENT_ERROR(player->entry, RESOURCE, READ, ("%s", error->message), (NULL));
        g_error_free(error);
    }
    return G_SOURCE_CONTINUE;
}

/* The camera's pipeline runs: it asks for pictures. */
static void start(GstAppSrc *entry, guint length, gpointer user)
{
    (void)entry;
    (void)length;
    struct player *player = user;
    if (g_atomic_int_compare_and_exchange(&player->started, 0, 1))
        gst_element_set_state(player->pipeline, GST_STATE_PLAYING);
}

static void free_player(gpointer data)
{
    struct player *player = data;
    GstBus *bus = gst_element_get_bus(player->pipeline);
    gst_bus_remove_watch(bus);
    gst_object_unref(bus);
    gst_element_set_state(player->pipeline, GST_STATE_NULL);
    gst_object_unref(player->pipeline);
    gst_object_unref(player->entry);
    g_free(player);
}

/* The first video track has been linked by now. */
static void count_pad(GstElement *decoder, GstPad *pad, gpointer user)
{
    struct player *player = user;
    GstCaps *caps = gst_pad_is_linked(pad) ? NULL : gst_pad_get_current_caps(pad);
    (void)decoder;
    if (caps)
        left_out_count(&player->left_out, caps);
    gst_clear_caps(&caps);
}

/* Nobody can decode it. */
static void count_unknown(GstElement *decoder, GstPad *pad, GstCaps *caps, gpointer user)
{
    struct player *player = user;
    (void)decoder;
    (void)pad;
    left_out_count(&player->left_out, caps);
}

static void tell_left_out(GstElement *decoder, gpointer user)
{
    struct player *player = user;
    (void)decoder;
    left_out_post(&player->left_out, player->entry);
}

static void watch_tracks(struct player *player, GstElement *pipeline)
{
    GstElement *decoder = gst_bin_get_by_name(GST_BIN(pipeline), "decoder");
    g_signal_connect(decoder, "pad-added", G_CALLBACK(count_pad), player);
    g_signal_connect(decoder, "unknown-type", G_CALLBACK(count_unknown), player);
    orientation_bin(GST_BIN(decoder));
    g_signal_connect(decoder, "no-more-pads", G_CALLBACK(tell_left_out), player);
    gst_object_unref(decoder);
}

/* Sound in the file stays where it is: only video fits the caps. */
static GstElement *make_pipeline(const char *path, struct player *player)
{
    GstElement *pipeline = gst_parse_launch(
        "filesrc name=file ! decodebin name=decoder ! queue max-size-buffers=3 ! videoconvert ! "
        "videoflip video-direction=auto ! " /* as the file says that it is shown */
        "appsink name=exit caps=video/x-raw,format=I420 max-buffers=1 enable-last-sample=false",
        NULL);
    if (!pipeline)
        return NULL;
    GstElement *file = gst_bin_get_by_name(GST_BIN(pipeline), "file");
    g_object_set(file, "location", path, NULL);
    gst_object_unref(file);
    watch_tracks(player, pipeline);
    GstElement *exit_ = gst_bin_get_by_name(GST_BIN(pipeline), "exit");
    GstAppSinkCallbacks callbacks = {.new_sample = take_picture};
    gst_app_sink_set_callbacks(GST_APP_SINK(exit_), &callbacks, player, NULL);
    gst_object_unref(exit_);
    GstBus *bus = gst_element_get_bus(pipeline);
    gst_bus_add_watch(bus, hear, player);
    gst_object_unref(bus);
    return pipeline;
}

static void carry_times(struct player *player)
{
    GstElement *exit_ = gst_bin_get_by_name(GST_BIN(player->pipeline), "exit");
    GstPad *pad = gst_element_get_static_pad(exit_, "sink");
    carry_pad(pad, player->entry);
    gst_object_unref(pad);
    gst_object_unref(exit_);
}

static void watch_units(struct player *player)
{
    GstElement *decoder = gst_bin_get_by_name(GST_BIN(player->pipeline), "decoder");
    twice_bin(GST_BIN(decoder), player->entry);
    gst_object_unref(decoder);
}

GstElement *player_new(const char *path, char **problem)
{
    struct player *player = g_new0(struct player, 1);
    player->pipeline = make_pipeline(path, player);
    GstElement *bin = gst_parse_bin_from_description(
        "appsrc name=origin is-live=true format=time max-buffers=2 leaky-type=downstream "
        "! " SOURCE_QUEUE,
        FALSE, NULL);
    if (!bin || !player->pipeline) {
        *problem = g_strdup("GStreamer's decodebin, appsrc or appsink is not installed");
        gst_clear_object(&bin);
        gst_clear_object(&player->pipeline);
        g_free(player);
        return NULL;
    }
    player->entry = gst_bin_get_by_name(GST_BIN(bin), "origin");
    carry_times(player);
    watch_units(player);
    GstAppSrcCallbacks callbacks = {.need_data = start};
    gst_app_src_set_callbacks(GST_APP_SRC(player->entry), &callbacks, player, NULL);
    g_object_set_data_full(G_OBJECT(bin), "player", player, free_player);
    return bin;
}
