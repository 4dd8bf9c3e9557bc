/* SPDX-License-Identifier: Apache-2.0 */
#include "encoder.h"

#include <string.h>

/* Milliseconds of the stream that the decoder's buffer holds: a large picture delays those after
 * it on a narrow line by so much at most. */
enum { VBV_MS = 1000 };

static char *describe_x264(const struct stream_config *config)
{
    char *rate = config->bitrate_kbps
                     ? g_strdup_printf("pass=cbr bitrate=%d vbv-buf-capacity=%d",
                                       config->bitrate_kbps, VBV_MS)
                     : g_strdup_printf("pass=qual quantizer=%d", MIN(config->quality, 50));
    char *text =
        g_strdup_printf("x264enc tune=zerolatency speed-preset=%s bframes=0 key-int-max=1073741824 "
                        "byte-stream=true option-string=scenecut=0:open-gop=0 %s",
                        config->preset, rate);
    g_free(rate);
    return text;
}

static char *describe_x265(const struct stream_config *config)
{
    char *rate = config->bitrate_kbps
                     ? g_strdup_printf("vbv-maxrate=%d:vbv-bufsize=%d", config->bitrate_kbps,
                                       config->bitrate_kbps * VBV_MS / 1000)
                     : g_strdup_printf("crf=%d", config->quality);
    char *text = g_strdup_printf(
        "x265enc tune=zerolatency speed-preset=%s bitrate=%d "
        "option-string=keyint=-1:scenecut=0:open-gop=0:bframes=0:repeat-headers=1:%s",
        config->preset, config->bitrate_kbps ? config->bitrate_kbps : 2048, rate);
    g_free(rate);
    return text;
}

static char *describe(const struct stream_config *config)
{
    if (strcmp(config->encoder, "x264") == 0)
        return describe_x264(config);
    if (strcmp(config->encoder, "x265") == 0)
        return describe_x265(config);
    return g_strdup(config->encoder);
}

static GstElement *parse(const struct stream_config *config, char **problem)
{
    char *description = describe(config);
    GError *error = NULL;
    GstElement *encoder = gst_parse_bin_from_description_full(description, TRUE, NULL,
                                                              GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (!encoder)
        *problem = g_strdup_printf("'%s' cannot be made: %s", description,
                                   error ? error->message : "no reason is known");
    g_clear_error(&error);
    g_free(description);
    return encoder;
}

/* "h264", "h265", or NULL if what comes out is neither. */
static const char *find_codec(GstElement *encoder)
{
    GstPad *pad = gst_element_get_static_pad(encoder, "src");
    GstCaps *caps = pad ? gst_pad_query_caps(pad, NULL) : NULL;
    const char *codec = NULL;
    for (guint i = 0; caps && !gst_caps_is_any(caps) && i < gst_caps_get_size(caps) && !codec;
         i++) {
        const GstStructure *structure = gst_caps_get_structure(caps, i);
        if (gst_structure_has_name(structure, "video/x-h264"))
            codec = "h264";
        else if (gst_structure_has_name(structure, "video/x-h265"))
            codec = "h265";
    }
    gst_clear_caps(&caps);
    gst_clear_object(&pad);
    return codec;
}

char *encoder_check(const struct stream_config *config)
{
    char *problem = NULL;
    GstElement *encoder = parse(config, &problem);
    if (!encoder)
        return problem;
    GstPad *sink = gst_element_get_static_pad(encoder, "sink");
    if (!sink || !find_codec(encoder))
        problem =
            g_strdup_printf("'%s' makes neither H.264 nor H.265 of pictures", config->encoder);
    gst_clear_object(&sink);
    gst_object_unref(encoder);
    return problem;
}

static void add_ghost(GstElement *bin, GstElement *element, const char *name)
{
    GstPad *pad = gst_element_get_static_pad(element, name);
    gst_element_add_pad(bin, gst_ghost_pad_new(name, pad));
    gst_object_unref(pad);
}

GstElement *encoder_new(const struct stream_config *config, const char *name, char **problem)
{
    GstElement *encoder = parse(config, problem);
    if (!encoder)
        return NULL;
    const char *codec = find_codec(encoder);
    char *rest = g_strdup_printf("%sparse config-interval=-1 ! capsfilter "
                                 "caps=video/x-%s,stream-format=byte-stream,alignment=au",
                                 codec, codec);
    GstElement *parser = codec ? gst_parse_bin_from_description(rest, TRUE, NULL) : NULL;
    GstElement *queue = gst_element_factory_make("queue", NULL);
    g_free(rest);
    if (!parser || !queue) {
        *problem = g_strdup_printf("there is no parser for what '%s' makes", config->encoder);
        gst_clear_object(&encoder);
        gst_clear_object(&parser);
        gst_clear_object(&queue);
        return NULL;
    }
    g_object_set(queue, "max-size-buffers", 2, "max-size-bytes", 0, "max-size-time",
                 G_GUINT64_CONSTANT(0), NULL);
    GstElement *bin = gst_bin_new(name);
    gst_bin_add_many(GST_BIN(bin), queue, encoder, parser, NULL);
    gst_element_link_many(queue, encoder, parser, NULL);
    add_ghost(bin, queue, "sink");
    add_ghost(bin, parser, "src");
    return bin;
}
