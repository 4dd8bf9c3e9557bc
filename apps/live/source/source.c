/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include <string.h>

#include "left_out.h"
#include "orientation.h"
#include "pin.h"
#include "twice.h"
#include "whole.h"

/* As the stream says that it is shown. */
#define UPRIGHT " ! videoconvert ! videoflip name=upright video-direction=auto"

/* Decoders of what cameras send, by the encoding's name in SDP. */
static const struct {
    const char *encoding, *description;
} decoders[] = {
    {"H264", "rtph264depay name=depay ! video/x-h264,alignment=au ! h264parse ! "
             "avdec_h264 name=decoder output-corrupt=false" UPRIGHT},
    {"H265", "rtph265depay name=depay ! video/x-h265,alignment=au ! h265parse ! "
             "avdec_h265 name=decoder output-corrupt=false" UPRIGHT},
    {"JPEG", "rtpjpegdepay name=depay ! jpegdec"},
};

char *source_check(const struct source_config *config)
{
    if (config->kind == SOURCE_FILE && !g_file_test(config->location, G_FILE_TEST_IS_REGULAR))
        return g_strdup_printf("%s is no file", config->location);
    if (config->kind == SOURCE_RTSP) {
        const char *host = strstr(config->location, "//") + 2;
        if (strcspn(host, "@") < strcspn(host, "/"))
            return g_strdup("a password has no place in a URL: see source-user and "
                            "source-password-file");
        if (!*host || *host == '/')
            return g_strdup_printf("%s names no host", config->location);
    }
    if (config->kind != SOURCE_TEST)
        return NULL;
    GstElement *element = gst_element_factory_make("videotestsrc", NULL);
    if (!element)
        return g_strdup("GStreamer's videotestsrc is not installed");
    GParamSpec *spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), "pattern");
    bool known = g_enum_get_value_by_nick(G_PARAM_SPEC_ENUM(spec)->enum_class, config->location);
    gst_object_unref(element);
    return known ? NULL : g_strdup_printf("there is no test pattern '%s'", config->location);
}

static void watch_units(GstBin *bin, GstElement *element)
{
    GstElement *decoder = gst_bin_get_by_name(bin, "decoder");
    GstElement *upright = gst_bin_get_by_name(bin, "upright");
    if (decoder && upright) {
        GstPad *units = gst_element_get_static_pad(decoder, "sink");
        GstPad *pictures = gst_element_get_static_pad(upright, "src");
        orientation_pad(units);
        twice_pad(units, element);
        orientation_done(pictures);
        gst_object_unref(units);
        gst_object_unref(pictures);
    }
    gst_clear_object(&decoder);
    gst_clear_object(&upright);
}

/* Takes the elements of `description` into the bin and links the last one to the queue. Gives a
 * borrowed bin with a pad "sink". */
static GstElement *add_decoder(GstElement *bin, const char *description)
{
    GstElement *decoder = gst_parse_bin_from_description(description, TRUE, NULL);
    if (!decoder)
        return NULL;
    gst_bin_add(GST_BIN(bin), decoder);
    GstElement *depay = gst_bin_get_by_name(GST_BIN(decoder), "depay");
    GstPad *units = gst_element_get_static_pad(depay, "src");
    whole_pad(units, g_object_get_data(G_OBJECT(bin), "stats"));
    gst_object_unref(units);
    gst_object_unref(depay);
    watch_units(GST_BIN(decoder), bin);
    GstElement *queue = gst_bin_get_by_name(GST_BIN(bin), "arrivals");
    bool linked = gst_element_link(decoder, queue);
    gst_object_unref(queue);
    return linked && gst_element_sync_state_with_parent(decoder) ? decoder : NULL;
}

static const char *find_decoder(const GstCaps *caps)
{
    const GstStructure *structure = caps ? gst_caps_get_structure(caps, 0) : NULL;
    const char *media = structure ? gst_structure_get_string(structure, "media") : NULL;
    const char *encoding = structure ? gst_structure_get_string(structure, "encoding-name") : NULL;
    for (size_t i = 0; media && encoding && i < G_N_ELEMENTS(decoders); i++)
        if (strcmp(media, "video") == 0 && strcmp(encoding, decoders[i].encoding) == 0)
            return decoders[i].description;
    return NULL;
}

/* rtspsrc has a pad for each stream that was set up. */
static void link_stream(GstElement *rtspsrc, GstPad *pad, gpointer bin)
{
    GstCaps *caps = gst_pad_get_current_caps(pad);
    const char *description = find_decoder(caps);
    gst_clear_caps(&caps);
    GstElement *decoder = description ? add_decoder(bin, description) : NULL;
    GstPad *sink = decoder ? gst_element_get_static_pad(decoder, "sink") : NULL;
    if (!sink || gst_pad_link(pad, sink) != GST_PAD_LINK_OK)
        GST_ELEMENT_ERROR(rtspsrc, STREAM, CODEC_NOT_FOUND, ("its video cannot be decoded"),
                          (NULL));
    gst_clear_object(&sink);
}

/* The first stream that can be decoded, and nothing else, such as sound. */
static gboolean select_stream(GstElement *rtspsrc, guint number, GstCaps *caps, gpointer left_out)
{
    (void)number;
    if (g_object_get_data(G_OBJECT(rtspsrc), "selected") || !find_decoder(caps)) {
        left_out_count(left_out, caps);
        return FALSE;
    }
    g_object_set_data(G_OBJECT(rtspsrc), "selected", GINT_TO_POINTER(1));
    return TRUE;
}

static void tell_left_out(GstElement *rtspsrc, gpointer left_out)
{
    left_out_post(left_out, rtspsrc);
}

static GstElement *make_rtsp(const struct source_config *config, char **problem)
{
    GstElement *bin =
        gst_parse_bin_from_description("rtspsrc name=origin " SOURCE_QUEUE, FALSE, NULL);
    GstElement *origin = bin ? gst_bin_get_by_name(GST_BIN(bin), "origin") : NULL;
    if (!origin) {
        *problem = g_strdup("GStreamer's rtspsrc is not installed");
        gst_clear_object(&bin);
        return NULL;
    }
    g_object_set(origin, "location", config->location, "latency", config->latency_ms,
                 "drop-on-latency", TRUE, "tcp-timeout", G_GUINT64_CONSTANT(10000000), NULL);
    gst_util_set_object_arg(G_OBJECT(origin), "protocols", config->udp ? "udp" : "tcp");
    if (*config->user)
        g_object_set(origin, "user-id", config->user, "user-pw", config->password, NULL);
    if (!pin_set(origin, config, problem)) {
        gst_object_unref(origin);
        gst_object_unref(bin);
        return NULL;
    }
    struct left_out *left_out = g_new0(struct left_out, 1);
    g_object_set_data_full(G_OBJECT(origin), "left-out", left_out, g_free);
    g_signal_connect(origin, "select-stream", G_CALLBACK(select_stream), left_out);
    g_signal_connect(origin, "no-more-pads", G_CALLBACK(tell_left_out), left_out);
    g_signal_connect(origin, "pad-added", G_CALLBACK(link_stream), bin);
    gst_object_unref(origin);
    return bin;
}

static GstElement *make_test(const struct source_config *config, char **problem)
{
    char *description = g_strdup_printf(
        "videotestsrc is-live=true pattern=%s ! video/x-raw,width=%d,height=%d,framerate=%d/1 "
        "! " SOURCE_QUEUE,
        config->location, config->width ? config->width : 640,
        config->height ? config->height : 360, config->rate ? config->rate : 25);
    GstElement *bin = gst_parse_bin_from_description(description, FALSE, NULL);
    g_free(description);
    if (!bin)
        *problem = g_strdup("GStreamer's videotestsrc is not installed");
    return bin;
}

static GstElement *make_v4l2(const struct source_config *config, char **problem)
{
    GstElement *bin = gst_parse_bin_from_description(
        "v4l2src name=origin ! decodebin ! " SOURCE_QUEUE, FALSE, NULL);
    GstElement *origin = bin ? gst_bin_get_by_name(GST_BIN(bin), "origin") : NULL;
    if (origin)
        g_object_set(origin, "device", config->location, NULL);
    else
        *problem = g_strdup("GStreamer's v4l2src is not installed");
    gst_clear_object(&origin);
    return bin;
}

static GstPad *find_arrivals(GstElement *source)
{
    GstElement *queue = gst_bin_get_by_name(GST_BIN(source), "arrivals");
    GstPad *pad = gst_element_get_static_pad(queue, "sink");
    gst_object_unref(queue);
    return pad;
}

void source_end(GstElement *source)
{
    GstPad *arrivals = find_arrivals(source);
    gst_pad_send_event(arrivals, gst_event_new_eos());
    gst_object_unref(arrivals);
}

static GstPadProbeReturn count_arrival(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    (void)pad;
    (void)info;
    stats_count_arrival(user);
    return GST_PAD_PROBE_OK;
}

GstElement *source_new(const struct source_config *config, struct stats *stats, char **problem)
{
    GstElement *bin = NULL;
    switch (config->kind) {
    case SOURCE_RTSP:
        bin = make_rtsp(config, problem);
        break;
    case SOURCE_V4L2:
        bin = make_v4l2(config, problem);
        break;
    case SOURCE_FILE:
        bin = player_new(config->location, problem);
        break;
    case SOURCE_TEST:
        bin = make_test(config, problem);
        break;
    }
    if (!bin)
        return NULL;
    GstElement *queue = gst_bin_get_by_name(GST_BIN(bin), "arrivals");
    GstPad *pad = gst_element_get_static_pad(queue, "src");
    gst_element_add_pad(bin, gst_ghost_pad_new("src", pad));
    gst_object_unref(pad);
    gst_object_unref(queue);
    GstPad *arrivals = find_arrivals(bin);
    gst_pad_add_probe(arrivals, GST_PAD_PROBE_TYPE_BUFFER, count_arrival, stats, NULL);
    gst_object_unref(arrivals);
    g_object_set_data(G_OBJECT(bin), "stats", stats);
    gst_object_set_name(GST_OBJECT(bin), "source");
    return bin;
}
