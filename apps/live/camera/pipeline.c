/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline.h"

#include <gst/app/gstappsink.h>
#include <string.h>

#include "encoder.h"
#include "pace.h"
#include "smooth.h"
#include "source/carry.h"
#include "source/challenge.h"
#include "source/left_out.h"
#include "source/source.h"
#include "source/twice.h"
#include "thin.h"

enum { SNAPSHOT_RATE = 1 }; /* a second */

/* What each appsink's callback is given. */
struct outlet {
    struct pipeline *pipeline;
    enum stream stream;
};

struct pipeline {
    struct pipeline_settings settings;
    GstElement *bin; /* the GstPipeline */
    GstElement *source, *protect, *tee;
    GstElement *encoders[N_STREAMS], *attaches[N_STREAMS];
    struct outlet outlets[N_STREAMS];
};

static GstFlowReturn take_unit(GstAppSink *sink, gpointer user)
{
    const struct outlet *outlet = user;
    const struct pipeline *pipeline = outlet->pipeline;
    GstSample *sample = gst_app_sink_pull_sample(sink);
    if (!sample)
        return GST_FLOW_EOS;
    hub_push(pipeline->settings.hubs[outlet->stream], sample,
             gst_element_get_base_time(pipeline->bin));
    gst_sample_unref(sample);
    return GST_FLOW_OK;
}

static GstFlowReturn take_snapshot(GstAppSink *sink, gpointer user)
{
    const struct pipeline *pipeline = user;
    GstSample *sample = gst_app_sink_pull_sample(sink);
    GstBuffer *buffer = sample ? gst_sample_get_buffer(sample) : NULL;
    GstMapInfo map;
    if (buffer && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        pipeline->settings.snapshot(pipeline->settings.user, g_bytes_new(map.data, map.size));
        gst_buffer_unmap(buffer, &map);
    }
    if (sample)
        gst_sample_unref(sample);
    return sample ? GST_FLOW_OK : GST_FLOW_EOS;
}

/* Adds an element to the pipeline; NULL, having said why, if its plugin is not there. */
static GstElement *add(struct pipeline *pipeline, const char *factory, char **problem)
{
    GstElement *element = gst_element_factory_make(factory, NULL);
    if (element)
        gst_bin_add(GST_BIN(pipeline->bin), element);
    else if (!*problem)
        *problem = g_strdup_printf("GStreamer's element %s is not installed", factory);
    return element;
}

static bool link_pads(GstElement *from, const char *from_pad, GstElement *to)
{
    return from && to && gst_element_link_pads(from, from_pad, to, "sink");
}

/* Raw pictures as bautaprotect takes them: I420, with even sides. */
static GstElement *make_conversion(const struct source_config *source, int turn)
{
    GString *text = g_string_new(NULL);
    if (source->pixel_width)
        g_string_append_printf(text, "capssetter caps=\"video/x-raw,pixel-aspect-ratio=%d/%d\" ! ",
                               source->pixel_width, source->pixel_height);
    if (turn > 0) /* RTSP cannot say it */
        g_string_append_printf(text, "videoconvert ! videoflip video-direction=%s ! ",
                               turn == 90    ? "90r"
                               : turn == 180 ? "180"
                                             : "90l");
    if (source->rate)
        g_string_append_printf(text, "videorate max-rate=%d drop-only=true ! ", source->rate);
    g_string_append(text, "videoconvertscale ! capsfilter caps=\"video/x-raw,format=I420");
    if (source->width)
        g_string_append_printf(text, ",width=%d", source->width);
    else
        g_string_append(text, ",width=[16,16384,2]");
    if (source->height)
        g_string_append_printf(text, ",height=%d", source->height);
    else
        g_string_append(text, ",height=[16,16384,2]");
    if (source->width && source->height)
        g_string_append(text, ",pixel-aspect-ratio=1/1");
    g_string_append_c(text, '"');
    GstElement *bin = gst_parse_bin_from_description(text->str, TRUE, NULL);
    g_string_free(text, TRUE);
    return bin;
}

static void set_stream(GObject *object, const struct stream_config *stream)
{
    gst_util_set_object_arg(object, "recovery", stream->recovery);
    g_object_set(object, "recovery-qp", stream->recovery_qp, NULL);
}

static void set_protection(GstElement *protect, const struct camera_config *config)
{
    GObject *object = G_OBJECT(protect);
    for (int i = 0; i < config->n_protect; i++)
        gst_util_set_object_arg(object, config->protect[i].name, config->protect[i].value);
    char *recipients = g_strjoinv(",", config->recipients);
    g_object_set(object, "recipients", recipients, NULL);
    g_free(recipients);
    if (*config->sign)
        g_object_set(object, "signing-key", config->sign, NULL);
    if (*config->sign_passphrase_file)
        g_object_set(object, "signing-passphrase-file", config->sign_passphrase_file, NULL);
    gst_util_set_object_arg(object, "realtime", "yes");
    set_stream(object, &config->main);
}

static GstElement *add_sink(struct pipeline *pipeline, const GstAppSinkCallbacks *callbacks,
                            gpointer user, char **problem)
{
    GstElement *sink = add(pipeline, "appsink", problem);
    if (!sink)
        return NULL;
    g_object_set(sink, "sync", FALSE, "async", FALSE, "max-buffers", 4, "enable-last-sample", FALSE,
                 NULL);
    GstAppSinkCallbacks copy = *callbacks;
    gst_app_sink_set_callbacks(GST_APP_SINK(sink), &copy, user, NULL);
    return sink;
}

/* From pad `pad` of `from`, which gives masked pictures, to the stream's hub. */
static bool build_stream(struct pipeline *pipeline, enum stream stream, GstElement *from,
                         const char *pad, char **problem)
{
    static const char *const names[N_STREAMS] = {"encoder-main", "encoder-sub"};
    static const GstAppSinkCallbacks callbacks = {.new_sample = take_unit};
    const struct camera_config *config = pipeline->settings.config;
    GstElement *encoder =
        encoder_new(stream == STREAM_MAIN ? &config->main : &config->sub, names[stream], problem);
    if (!encoder)
        return false;
    gst_bin_add(GST_BIN(pipeline->bin), encoder);
    GstElement *attach = add(pipeline, "bautaattach", problem);
    pipeline->encoders[stream] = encoder;
    pipeline->attaches[stream] = attach;
    pipeline->outlets[stream] = (struct outlet){pipeline, stream};
    GstElement *sink = add_sink(pipeline, &callbacks, &pipeline->outlets[stream], problem);
    return sink && link_pads(from, pad, encoder) && link_pads(encoder, "src", attach) &&
           link_pads(attach, "src", sink);
}

/* What the snapshot would like best, square pixels, is not what all others shall get. */
static GstPadProbeReturn take_any_caps(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    GstQuery *query = GST_PAD_PROBE_INFO_QUERY(info);
    GstCaps *filter, *any = gst_caps_new_any();
    (void)pad;
    (void)user;
    if (GST_QUERY_TYPE(query) == GST_QUERY_CAPS) {
        gst_query_parse_caps(query, &filter);
        gst_query_set_caps_result(query, filter ? filter : any);
    }
    gst_caps_unref(any);
    return GST_QUERY_TYPE(query) == GST_QUERY_CAPS ? GST_PAD_PROBE_HANDLED : GST_PAD_PROBE_OK;
}

static void thin_sink(GstElement *element, int rate)
{
    GstPad *pad = gst_element_get_static_pad(element, "sink");
    thin_pad(pad, rate);
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, take_any_caps, NULL, NULL);
    gst_object_unref(pad);
}

static bool build_sub(struct pipeline *pipeline, char **problem)
{
    const struct stream_config *sub = &pipeline->settings.config->sub;
    GstPad *pad = gst_element_request_pad_simple(pipeline->protect, "sub_%u");
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "capsfilter caps=\"video/x-raw,format=I420,width=%d", sub->width);
    if (sub->height)
        g_string_append_printf(text, ",height=%d", sub->height);
    if (sub->rate)
        g_string_append_printf(text, ",framerate=%d/1", sub->rate);
    g_string_append_c(text, '"');
    GstElement *filter = gst_parse_bin_from_description(text->str, TRUE, NULL);
    g_string_free(text, TRUE);
    if (!pad || !filter) {
        *problem = g_strdup("bautaprotect gives no second stream");
        gst_clear_object(&filter);
        gst_clear_object(&pad);
        return false;
    }
    set_stream(G_OBJECT(pad), sub);
    gst_bin_add(GST_BIN(pipeline->bin), filter);
    bool linked = link_pads(pipeline->protect, GST_PAD_NAME(pad), filter);
    gst_object_unref(pad);
    return linked && build_stream(pipeline, STREAM_SUB, filter, "src", problem);
}

static bool build_snapshot(struct pipeline *pipeline, char **problem)
{
    static const GstAppSinkCallbacks callbacks = {.new_sample = take_snapshot};
    char *text = g_strdup_printf("queue leaky=downstream max-size-buffers=1 max-size-bytes=0 "
                                 "max-size-time=0 ! videoscale ! "
                                 "video/x-raw,pixel-aspect-ratio=1/1 ! jpegenc quality=%d",
                                 pipeline->settings.config->snapshot_quality);
    GstElement *bin = gst_parse_bin_from_description(text, TRUE, NULL);
    g_free(text);
    if (!bin) {
        *problem = g_strdup("GStreamer's jpegenc is not installed");
        return false;
    }
    gst_bin_add(GST_BIN(pipeline->bin), bin);
    thin_sink(bin, SNAPSHOT_RATE);
    GstElement *sink = add_sink(pipeline, &callbacks, pipeline, problem);
    return sink && link_pads(pipeline->tee, "src_%u", bin) && link_pads(bin, "src", sink);
}

static bool build_source(struct pipeline *pipeline, char **problem)
{
    const struct source_config *config = &pipeline->settings.config->source;
    GstElement *source = source_new(config, pipeline->settings.stats, problem);
    GstElement *conversion = source ? make_conversion(config, pipeline->settings.turn) : NULL;
    if (!conversion) {
        if (!*problem)
            *problem = g_strdup("GStreamer's videoconvertscale or videorate is not installed");
        gst_clear_object(&source);
        return false;
    }
    gst_bin_add_many(GST_BIN(pipeline->bin), source, conversion, NULL);
    pipeline->source = source;
    GstPad *pad = gst_element_get_static_pad(conversion, "sink");
    smooth_pad(pad);
    gst_object_unref(pad);
    pad = gst_element_get_static_pad(source, "src");
    pace_pad(pad);
    gst_object_unref(pad);
    return link_pads(source, "src", conversion) && link_pads(conversion, "src", pipeline->protect);
}

static bool build(struct pipeline *pipeline, char **problem)
{
    const struct camera_config *config = pipeline->settings.config;
    pipeline->protect = add(pipeline, "bautaprotect", problem);
    pipeline->tee = add(pipeline, "tee", problem);
    if (!pipeline->protect || !pipeline->tee)
        return false;
    set_protection(pipeline->protect, config);
    if (pipeline->settings.turn == SOURCE_TURN_AUTO)
        gst_util_set_object_arg(G_OBJECT(pipeline->protect), "turn", "auto");
    return build_source(pipeline, problem) && link_pads(pipeline->protect, "src", pipeline->tee) &&
           build_stream(pipeline, STREAM_MAIN, pipeline->tee, "src_%u", problem) &&
           (!config->has_sub || build_sub(pipeline, problem)) &&
           (!config->has_snapshot || build_snapshot(pipeline, problem));
}

static bool is_within(GstObject *object, GstElement *ancestor)
{
    return ancestor && (object == GST_OBJECT(ancestor) ||
                        gst_object_has_as_ancestor(object, GST_OBJECT(ancestor)));
}

static enum fault find_fault(const struct pipeline *pipeline, GstObject *from)
{
    if (is_within(from, pipeline->source))
        return FAULT_SOURCE;
    for (int i = 0; i < N_STREAMS; i++)
        if (is_within(from, pipeline->encoders[i]))
            return FAULT_ENCODER;
    return FAULT_PIPELINE;
}

/* What an element said to people, and the last line of what it said to programmers: the first alone
 * is often no more than that something failed. */
static char *describe_error(GstMessage *message)
{
    GError *error = NULL;
    char *details = NULL;
    gst_message_parse_error(message, &error, &details);
    const char *last = details ? strrchr(details, '\n') : NULL;
    char *sentence = g_strdup_printf("%s: %s%s%s", GST_MESSAGE_SRC_NAME(message), error->message,
                                     last ? " " : "", last ? last + 1 : "");
    g_free(details);
    g_error_free(error);
    return sentence;
}

/* `sentence`, or a better one: takes it. */
static char *explain_refusal(const struct pipeline *pipeline, GstMessage *message, char *sentence)
{
    GError *error = NULL;
    const struct source_config *source = &pipeline->settings.config->source;
    gst_message_parse_error(message, &error, NULL);
    char *why = source->kind == SOURCE_RTSP && g_error_matches(error, GST_RESOURCE_ERROR,
                                                               GST_RESOURCE_ERROR_NOT_AUTHORIZED)
                    ? challenge_explain(source)
                    : NULL;
    g_error_free(error);
    if (!why)
        return sentence;
    g_free(sentence);
    return why;
}

static void hear_element(const struct pipeline_settings *settings, GstMessage *message)
{
    char *sentence = left_out_read(message);
    int turn;
    if (sentence)
        settings->left_out(settings->user, sentence);
    g_free(sentence);
    sentence = twice_read(message);
    if (sentence)
        settings->protected_already(settings->user, sentence);
    g_free(sentence);
    sentence = carry_read(message);
    if (sentence)
        settings->jumped(settings->user, sentence);
    g_free(sentence);
    if (gst_message_has_name(message, "bauta-turn") &&
        gst_structure_get_int(gst_message_get_structure(message), "turn", &turn))
        settings->turn_found(settings->user, turn);
}

static gboolean hear(GstBus *bus, GstMessage *message, gpointer user)
{
    (void)bus;
    struct pipeline *pipeline = user;
    const struct pipeline_settings *settings = &pipeline->settings;
    if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
        settings->failed(settings->user, FAULT_SOURCE, "the source has ended");
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR) {
        char *sentence = explain_refusal(pipeline, message, describe_error(message));
        settings->failed(settings->user, find_fault(pipeline, GST_MESSAGE_SRC(message)), sentence);
        g_free(sentence);
    } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ELEMENT) {
        hear_element(settings, message);
    }
    return G_SOURCE_CONTINUE;
}

struct pipeline *pipeline_new(const struct pipeline_settings *settings, char **problem)
{
    struct pipeline *pipeline = g_new0(struct pipeline, 1);
    pipeline->settings = *settings;
    pipeline->bin = gst_pipeline_new(settings->config->name);
    GstClock *clock = gst_system_clock_obtain(); /* monotonic, as hubs tell time */
    gst_pipeline_use_clock(GST_PIPELINE(pipeline->bin), clock);
    gst_object_unref(clock);
    if (!build(pipeline, problem)) {
        if (!*problem)
            *problem = g_strdup("the elements of the pipeline do not fit each other");
        pipeline_free(pipeline);
        return NULL;
    }
    GstBus *bus = gst_element_get_bus(pipeline->bin);
    gst_bus_add_watch(bus, hear, pipeline);
    gst_object_unref(bus);
    stats_set_elements(settings->stats, pipeline->protect, pipeline->attaches[STREAM_MAIN],
                       pipeline->attaches[STREAM_SUB]);
    gst_element_set_state(pipeline->bin, GST_STATE_PLAYING); /* what fails says so on the bus */
    return pipeline;
}

void pipeline_drain(struct pipeline *pipeline, gint64 timeout_us)
{
    source_end(pipeline->source);
    GstBus *bus = gst_element_get_bus(pipeline->bin);
    GstMessage *message = gst_bus_timed_pop_filtered(bus, (GstClockTime)timeout_us * GST_USECOND,
                                                     GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
    if (message)
        gst_message_unref(message);
    gst_object_unref(bus);
}

void pipeline_free(struct pipeline *pipeline)
{
    if (!pipeline)
        return;
    GstBus *bus = gst_element_get_bus(pipeline->bin);
    gst_bus_remove_watch(bus);
    gst_object_unref(bus);
    stats_set_elements(pipeline->settings.stats, NULL, NULL, NULL);
    gst_element_set_state(pipeline->bin, GST_STATE_NULL);
    gst_object_unref(pipeline->bin);
    g_free(pipeline);
}
