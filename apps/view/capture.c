/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"

#include <gst/app/gstappsink.h>
#include <string.h>

#include "random_access.h"

struct capture {
    struct live_reader *reader;
    struct capture_events events;
    gpointer user;
    GstElement *pipeline;
    guint bus_watch, timer;
    gint64 last_us; /* when a piece came, or it began */
    /* On the pipeline's thread: */
    enum bauta_codec codec;
    bool linked, waits, begun;
    GstClockTime base; /* presentation time of the first picture */
    GstClockTime dts;  /* the next picture's at least, since then */
    /* Between the threads: */
    GMutex mutex;
    GQueue pieces; /* of GBytes */
    gsize waiting;
    bool overrun;
    guint wake;
};

/* What cameras send, by the encoding's name in SDP. */
static const struct {
    const char *encoding, *name;
    enum bauta_codec codec;
} codecs[] = {{"H264", "h264", BAUTA_CODEC_H264}, {"H265", "h265", BAUTA_CODEC_H265}};

const char *capture_check(void)
{
    static const char *const needed[] = {"rtspsrc",   "rtph264depay", "rtph265depay", "h264parse",
                                         "h265parse", "mp4mux",       "appsink"};
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!gst_registry_check_feature_version(gst_registry_get(), needed[i], 0, 0, 0))
            return needed[i];
    return NULL;
}

static void end(struct capture *capture, const char *problem)
{
    capture->events.ended(capture->user, problem);
}

/* ---- from the pipeline's thread to the main one ---- */

static gboolean hand_over(gpointer data)
{
    struct capture *capture = data;
    g_mutex_lock(&capture->mutex);
    GQueue pieces = capture->pieces;
    const bool overrun = capture->overrun;
    g_queue_init(&capture->pieces);
    capture->waiting = 0;
    capture->wake = 0;
    g_mutex_unlock(&capture->mutex);
    capture->last_us = g_get_monotonic_time();
    GBytes *all = NULL; /* one call: the capture may be gone after it */
    GByteArray *joined = g_byte_array_new();
    while ((all = g_queue_pop_head(&pieces))) {
        g_byte_array_append(joined, g_bytes_get_data(all, NULL), (guint)g_bytes_get_size(all));
        g_bytes_unref(all);
    }
    all = g_byte_array_free_to_bytes(joined);
    if (overrun)
        end(capture, "the pictures come faster than they are taken");
    else
        capture->events.piece(capture->user, all);
    g_bytes_unref(all);
    return G_SOURCE_REMOVE;
}

static GstFlowReturn take_piece(GstAppSink *sink, gpointer data)
{
    struct capture *capture = data;
    GstSample *sample = gst_app_sink_pull_sample(sink);
    if (!sample)
        return GST_FLOW_EOS;
    GstBuffer *buffer = gst_sample_get_buffer(sample);
    gpointer bytes;
    gsize size;
    gst_buffer_extract_dup(buffer, 0, gst_buffer_get_size(buffer), &bytes, &size);
    gst_sample_unref(sample);
    g_mutex_lock(&capture->mutex);
    capture->overrun |= capture->waiting + size > CAPTURE_MAX_WAITING;
    const bool overrun = capture->overrun;
    if (overrun) {
        g_free(bytes);
    } else {
        g_queue_push_tail(&capture->pieces, g_bytes_new_take(bytes, size));
        capture->waiting += size;
    }
    if (!capture->wake)
        capture->wake = g_idle_add_full(G_PRIORITY_DEFAULT, hand_over, capture, NULL);
    g_mutex_unlock(&capture->mutex);
    return overrun ? GST_FLOW_EOS : GST_FLOW_OK;
}

/* ---- the pipeline ---- */

/* Whether a unit can be decoded after what has passed: from a random access point on, also after a
 * loss, of which a depayloader marks the first buffer as discontinuous, as the very first one. It
 * also puts the parameter sets of the SDP before that one, and then takes it for a key picture. */
static bool is_whole(struct capture *capture, GstBuffer *buffer, struct bauta_bytes unit)
{
    const bool lost = capture->begun && GST_BUFFER_IS_DISCONT(buffer);
    capture->waits |= lost;
    if (capture->waits)
        capture->waits = !random_access_is(capture->codec, unit);
    return !capture->waits && GST_BUFFER_PTS_IS_VALID(buffer);
}

static GstPadProbeReturn look_at_unit(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)pad;
    struct capture *capture = data;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    GstMapInfo map;
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
        return GST_PAD_PROBE_DROP;
    const struct bauta_bytes unit = {map.data, map.size};
    const bool whole = is_whole(capture, buffer, unit);
    const GstClockTime pts = GST_BUFFER_PTS(buffer);
    if (whole && !capture->begun) {
        capture->base = pts;
        capture->begun = true;
    }
    if (whole)
        live_reader_take(capture->reader, capture, capture->codec, unit,
                         pts > capture->base ? (double)(pts - capture->base) / (double)GST_SECOND
                                             : 0);
    gst_buffer_unmap(buffer, &map);
    return whole ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

/* Times from 0 on. The container's go on in decoding order, by a millisecond at least: a camera
 * that catches up sends two pictures at one time, of which the parser then lets the second have
 * none. */
static void set_times(struct capture *capture, GstBuffer *buffer)
{
    const GstClockTime pts =
        GST_BUFFER_PTS_IS_VALID(buffer) && GST_BUFFER_PTS(buffer) > capture->base
            ? GST_BUFFER_PTS(buffer) - capture->base
            : 0;
    capture->dts = MAX(pts, capture->dts);
    GST_BUFFER_PTS(buffer) = GST_BUFFER_PTS_IS_VALID(buffer) ? pts : capture->dts;
    GST_BUFFER_DTS(buffer) = capture->dts;
    capture->dts += GST_MSECOND;
}

/* What the container gets; the size of the pictures goes to the reader. */
static GstPadProbeReturn look_at_parsed(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
    (void)pad;
    struct capture *capture = data;
    if (info->type & GST_PAD_PROBE_TYPE_BUFFER) {
        GstBuffer *buffer = gst_buffer_make_writable(GST_PAD_PROBE_INFO_BUFFER(info));
        set_times(capture, buffer);
        GST_PAD_PROBE_INFO_DATA(info) = buffer;
    } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_CAPS) {
        GstCaps *caps;
        int width = 0, height = 0;
        gst_event_parse_caps(GST_PAD_PROBE_INFO_EVENT(info), &caps);
        gst_structure_get_int(gst_caps_get_structure(caps, 0), "width", &width);
        gst_structure_get_int(gst_caps_get_structure(caps, 0), "height", &height);
        live_reader_tell_size(capture->reader, width, height);
    } else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_SEGMENT) {
        GstSegment segment; /* those times are running times */
        gst_segment_init(&segment, GST_FORMAT_TIME);
        gst_event_unref(GST_PAD_PROBE_INFO_EVENT(info));
        GST_PAD_PROBE_INFO_DATA(info) = gst_event_new_segment(&segment);
    }
    return GST_PAD_PROBE_OK;
}

static void probe(GstElement *bin, const char *name, GstPadProbeType type,
                  GstPadProbeCallback callback, struct capture *capture)
{
    GstElement *element = gst_bin_get_by_name(GST_BIN(bin), name);
    GstPad *pad = gst_element_get_static_pad(element, "src");
    gst_pad_add_probe(pad, type, callback, capture, NULL);
    gst_object_unref(pad);
    gst_object_unref(element);
}

/* From RTP to pieces of MP4; borrowed by the pipeline. */
static GstElement *add_muxer(struct capture *capture, const char *name)
{
    char *description = g_strdup_printf(
        "rtp%sdepay name=depay ! video/x-%s,stream-format=byte-stream,alignment=au ! "
        "%sparse name=parse ! video/x-%s,stream-format=%s,alignment=au ! "
        "mp4mux fragment-duration=200 streamable=true ! "
        "appsink name=exit sync=false async=false enable-last-sample=false",
        name, name, name, name, strcmp(name, "h264") == 0 ? "avc" : "hvc1");
    GstElement *bin = gst_parse_bin_from_description(description, TRUE, NULL);
    g_free(description);
    if (!bin)
        return NULL;
    probe(bin, "depay", GST_PAD_PROBE_TYPE_BUFFER, look_at_unit, capture);
    probe(bin, "parse", GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM,
          look_at_parsed, capture);
    GstElement *exit_ = gst_bin_get_by_name(GST_BIN(bin), "exit");
    GstAppSinkCallbacks callbacks = {.new_sample = take_piece};
    gst_app_sink_set_callbacks(GST_APP_SINK(exit_), &callbacks, capture, NULL);
    gst_object_unref(exit_);
    gst_bin_add(GST_BIN(capture->pipeline), bin);
    return gst_element_sync_state_with_parent(bin) ? bin : NULL;
}

static int find_codec(const GstCaps *caps)
{
    const GstStructure *structure = caps ? gst_caps_get_structure(caps, 0) : NULL;
    const char *media = structure ? gst_structure_get_string(structure, "media") : NULL;
    const char *encoding = structure ? gst_structure_get_string(structure, "encoding-name") : NULL;
    for (size_t i = 0; media && encoding && i < G_N_ELEMENTS(codecs); i++)
        if (strcmp(media, "video") == 0 && strcmp(encoding, codecs[i].encoding) == 0)
            return (int)i;
    return -1;
}

static void link_stream(GstElement *rtspsrc, GstPad *pad, gpointer data)
{
    struct capture *capture = data;
    GstCaps *caps = gst_pad_get_current_caps(pad);
    const int codec = find_codec(caps);
    gst_clear_caps(&caps);
    if (codec < 0)
        return;
    capture->codec = codecs[codec].codec;
    GstElement *muxer = add_muxer(capture, codecs[codec].name);
    GstPad *sink = muxer ? gst_element_get_static_pad(muxer, "sink") : NULL;
    if (!sink || gst_pad_link(pad, sink) != GST_PAD_LINK_OK)
        GST_ELEMENT_ERROR(rtspsrc, STREAM, CODEC_NOT_FOUND, ("its video cannot be taken"), (NULL));
    gst_clear_object(&sink);
}

/* The first stream that fits, and nothing else, such as sound. */
static gboolean select_stream(GstElement *rtspsrc, guint number, GstCaps *caps, gpointer data)
{
    (void)rtspsrc;
    (void)number;
    struct capture *capture = data;
    const bool wanted = !capture->linked && find_codec(caps) >= 0;
    capture->linked |= wanted;
    return wanted;
}

/* Without details: they have the address, password and all. */
static const char *explain(const GError *error)
{
    static const struct {
        GstResourceError code;
        const char *sentence;
    } words[] = {
        {GST_RESOURCE_ERROR_NOT_AUTHORIZED,
         "the camera wants a name and password, or others than these: --user, --password-file"},
        {GST_RESOURCE_ERROR_NOT_FOUND, "there is no such camera, or no such stream of it"},
        {GST_RESOURCE_ERROR_OPEN_READ, "the camera cannot be reached"},
        {GST_RESOURCE_ERROR_OPEN_READ_WRITE, "the camera cannot be reached"},
        {GST_RESOURCE_ERROR_READ, "the camera cannot be reached"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_error_matches(error, GST_RESOURCE_ERROR, (gint)words[i].code))
            return words[i].sentence;
    return error->message;
}

static gboolean hear(GstBus *bus, GstMessage *message, gpointer data)
{
    (void)bus;
    struct capture *capture = data;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
        capture->bus_watch = 0;
        end(capture, "the camera has ended the stream");
        return G_SOURCE_REMOVE;
    }
    if (GST_MESSAGE_TYPE(message) != GST_MESSAGE_ERROR)
        return G_SOURCE_CONTINUE;
    GError *error = NULL;
    gst_message_parse_error(message, &error, NULL);
    capture->bus_watch = 0;
    end(capture, explain(error));
    g_error_free(error);
    return G_SOURCE_REMOVE;
}

static gboolean look_around(gpointer data)
{
    struct capture *capture = data;
    const gint64 quiet_us = g_get_monotonic_time() - capture->last_us;
    if (quiet_us < CAPTURE_PATIENCE_S * G_TIME_SPAN_SECOND)
        return G_SOURCE_CONTINUE;
    capture->timer = 0;
    end(capture, "the camera gives no pictures");
    return G_SOURCE_REMOVE;
}

struct capture *capture_new(const struct capture_source *source, struct live_reader *reader,
                            const struct capture_events *events, gpointer user)
{
    struct capture *capture = g_new0(struct capture, 1);
    *capture = (struct capture){.reader = reader,
                                .events = *events,
                                .user = user,
                                .pipeline = gst_pipeline_new(NULL),
                                .last_us = g_get_monotonic_time(),
                                .waits = true};
    g_mutex_init(&capture->mutex);
    g_queue_init(&capture->pieces);
    GstElement *origin = gst_element_factory_make("rtspsrc", NULL);
    g_object_set(origin, "location", source->location, "latency", 200, "tcp-timeout",
                 (guint64)CAPTURE_PATIENCE_S * 1000000, NULL);
    gst_util_set_object_arg(G_OBJECT(origin), "protocols", "tcp");
    gst_util_set_object_arg(G_OBJECT(origin), "buffer-mode", "none"); /* the camera's own clock */
    if (source->user)
        g_object_set(origin, "user-id", source->user, "user-pw", source->password, NULL);
    g_signal_connect(origin, "select-stream", G_CALLBACK(select_stream), capture);
    g_signal_connect(origin, "pad-added", G_CALLBACK(link_stream), capture);
    gst_bin_add(GST_BIN(capture->pipeline), origin);
    GstBus *bus = gst_element_get_bus(capture->pipeline);
    capture->bus_watch = gst_bus_add_watch(bus, hear, capture);
    gst_object_unref(bus);
    capture->timer = g_timeout_add_seconds(1, look_around, capture);
    gst_element_set_state(capture->pipeline, GST_STATE_PLAYING);
    return capture;
}

void capture_free(struct capture *capture)
{
    if (!capture)
        return;
    g_clear_handle_id(&capture->bus_watch, g_source_remove);
    g_clear_handle_id(&capture->timer, g_source_remove);
    gst_element_set_state(capture->pipeline, GST_STATE_NULL); /* its threads have ended then */
    gst_object_unref(capture->pipeline);
    live_reader_leave(capture->reader, capture);
    g_clear_handle_id(&capture->wake, g_source_remove);
    g_queue_clear_full(&capture->pieces, (GDestroyNotify)g_bytes_unref);
    g_mutex_clear(&capture->mutex);
    g_free(capture);
}
