/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include "element_log.h"

enum {
    /* Pixels around a region that scaling may mix with it: two taps of chroma are four of luma. */
    REACH = 4
};

/* Sets `field` to the nearest that is possible, and gives it. */
static int settle(GstStructure *structure, const char *field, int wanted)
{
    int value = wanted;
    gst_structure_fixate_field_nearest_int(structure, field, wanted & ~1);
    gst_structure_get_int(structure, field, &value);
    return value;
}

static bool is_settled(const GstStructure *structure, const char *field, int *value)
{
    return gst_structure_get_int(structure, field, value);
}

/* Half the size, or of the same shape if one side is given. */
static void settle_size(GstStructure *structure, const GstVideoInfo *main)
{
    int width = 0, height = 0;
    const int full_width = GST_VIDEO_INFO_WIDTH(main), full_height = GST_VIDEO_INFO_HEIGHT(main);
    if (is_settled(structure, "height", &height) && !is_settled(structure, "width", &width))
        width = (int)gst_util_uint64_scale_int_round((guint64)full_width, height, full_height);
    width = settle(structure, "width", width ? width : full_width / 2);
    height = (int)gst_util_uint64_scale_int_round((guint64)full_height, width, full_width);
    settle(structure, "height", height);
}

/* Pixels keep the picture's shape where downstream allows it. */
static void settle_shape(GstStructure *structure, const GstVideoInfo *main)
{
    int width = 1, height = 1, numerator = 1, denominator = 1;
    gst_structure_get_int(structure, "width", &width);
    gst_structure_get_int(structure, "height", &height);
    if (!gst_util_fraction_multiply(GST_VIDEO_INFO_WIDTH(main) * GST_VIDEO_INFO_PAR_N(main),
                                    GST_VIDEO_INFO_HEIGHT(main) * GST_VIDEO_INFO_PAR_D(main),
                                    height, width, &numerator, &denominator))
        return;
    if (gst_structure_has_field(structure, "pixel-aspect-ratio"))
        gst_structure_fixate_field_nearest_fraction(structure, "pixel-aspect-ratio", numerator,
                                                    denominator);
    else
        gst_structure_set(structure, "pixel-aspect-ratio", GST_TYPE_FRACTION, numerator,
                          denominator, NULL);
}

static void settle_rate(GstStructure *structure, const GstVideoInfo *main)
{
    if (gst_structure_has_field(structure, "framerate"))
        gst_structure_fixate_field_nearest_fraction(
            structure, "framerate", GST_VIDEO_INFO_FPS_N(main), GST_VIDEO_INFO_FPS_D(main));
    else
        gst_structure_set(structure, "framerate", GST_TYPE_FRACTION, GST_VIDEO_INFO_FPS_N(main),
                          GST_VIDEO_INFO_FPS_D(main), NULL);
}

/* Caps that downstream takes, of one size; NULL: there are none. */
static GstCaps *settle_caps(GstPad *pad, const GstVideoInfo *main)
{
    GstCaps *caps = gst_pad_get_allowed_caps(pad);
    if (!caps)
        caps = gst_pad_get_pad_template_caps(pad);
    if (gst_caps_is_empty(caps)) {
        gst_caps_unref(caps);
        return NULL;
    }
    caps = gst_caps_truncate(gst_caps_make_writable(caps));
    GstStructure *structure = gst_caps_get_structure(caps, 0);
    settle_size(structure, main);
    settle_shape(structure, main);
    settle_rate(structure, main);
    char *colours = gst_video_colorimetry_to_string(&GST_VIDEO_INFO_COLORIMETRY(main));
    if (colours && !gst_structure_has_field(structure, "colorimetry"))
        gst_structure_set(structure, "colorimetry", G_TYPE_STRING, colours, NULL);
    g_free(colours);
    gst_structure_set(structure, "interlace-mode", G_TYPE_STRING,
                      gst_video_interlace_mode_to_string(GST_VIDEO_INFO_INTERLACE_MODE(main)),
                      NULL); /* it scales pictures, not fields */
    return gst_caps_fixate(caps);
}

/* Fewer pictures than come in, if that was asked for. */
static void settle_interval(BautaProtectPad *output, const GstVideoInfo *main)
{
    const GstVideoInfo *own = &output->info;
    bool fewer =
        GST_VIDEO_INFO_FPS_N(own) > 0 &&
        (GST_VIDEO_INFO_FPS_N(main) == 0 ||
         gst_util_fraction_compare(GST_VIDEO_INFO_FPS_N(own), GST_VIDEO_INFO_FPS_D(own),
                                   GST_VIDEO_INFO_FPS_N(main), GST_VIDEO_INFO_FPS_D(main)) < 0);
    output->interval_us =
        fewer ? (int64_t)gst_util_uint64_scale_int(G_USEC_PER_SEC, GST_VIDEO_INFO_FPS_D(own),
                                                   GST_VIDEO_INFO_FPS_N(own))
              : 0;
    output->next_us = G_MININT64;
}

/* Makes what it takes to send pictures of these caps. */
static bool prepare(BautaProtectPad *output, const GstVideoInfo *main, GstCaps *caps)
{
    if (!gst_video_info_from_caps(&output->info, caps))
        return false;
    GstVideoInfo in = *main;
    settle_interval(output, main);
    in.fps_n = output->info.fps_n; /* it scales pictures, not time */
    in.fps_d = output->info.fps_d;
    output->pool = output_new_pool(&output->info, caps);
    output->scaler = gst_video_converter_new(
        &in, &output->info,
        gst_structure_new("options", GST_VIDEO_CONVERTER_OPT_RESAMPLER_METHOD,
                          GST_TYPE_VIDEO_RESAMPLER_METHOD, GST_VIDEO_RESAMPLER_METHOD_LINEAR,
                          NULL));
    return output->pool && output->scaler;
}

bool output_negotiate(BautaProtectPad *output, const GstVideoInfo *main)
{
    GstPad *pad = GST_PAD(output);
    GstCaps *caps = settle_caps(pad, main), *last = gst_pad_get_current_caps(pad);
    bool same = output->negotiated && caps && last && gst_caps_is_equal(caps, last);
    if (!same) {
        session_finish(output->session);
        output_reset(output);
        output->negotiated = caps && prepare(output, main, caps) &&
                             gst_pad_push_event(pad, gst_event_new_caps(caps));
    }
    gst_clear_caps(&caps);
    gst_clear_caps(&last);
    return output->negotiated;
}

bool output_scale_into(BautaProtectPad *output, GstBuffer *small, const GstVideoFrame *picture)
{
    GstVideoFrame frame;
    if (!gst_video_frame_map(&frame, &output->info, small, GST_MAP_WRITE))
        return false;
    gst_video_converter_frame(output->scaler, picture, &frame);
    gst_video_frame_unmap(&frame);
    return true;
}

GstBuffer *output_scale(BautaProtectPad *output, const GstVideoFrame *clear)
{
    GstBuffer *small = output_new_picture(output);
    if (small && !output_scale_into(output, small, clear))
        gst_clear_buffer(&small);
    return small;
}

/* [from, to) of `full` pixels as pixels of `own`, outwards, with what scaling reaches beyond. */
static void scale_span(int *at, int *size, int from, int to, int full, int own)
{
    int64_t first = (int64_t)(from - REACH) * own, last = (int64_t)(to + REACH) * own;
    int64_t start = (first < 0 ? 0 : first) / full - REACH, end = (last + full - 1) / full + REACH;
    *at = (int)(start < 0 ? 0 : start);
    *size = (int)(end > own ? own : end) - *at;
}

int output_scale_regions(struct bauta_region *regions, const BautaProtectPad *output,
                         const struct bauta_mask_report *report)
{
    const int width = GST_VIDEO_INFO_WIDTH(&output->info);
    const int height = GST_VIDEO_INFO_HEIGHT(&output->info);
    for (int i = 0; i < report->n_regions; i++) {
        const struct bauta_region *r = &report->regions[i];
        regions[i] = *r; /* one of the whole picture hides everything, whatever its rectangle */
        scale_span(&regions[i].rect.x, &regions[i].rect.w, r->rect.x, r->rect.x + r->rect.w,
                   report->width, width);
        scale_span(&regions[i].rect.y, &regions[i].rect.h, r->rect.y, r->rect.y + r->rect.h,
                   report->height, height);
    }
    return report->n_regions;
}

bool output_wants(BautaProtectPad *output, int64_t running_us)
{
    if (output->interval_us == 0)
        return true;
    int64_t early_us = output->next_us - running_us;
    bool anew = output->next_us == G_MININT64 || early_us > 2 * output->interval_us ||
                early_us < -output->interval_us; /* the first, or time has jumped */
    if (!anew && early_us > output->interval_us / 8)
        return false;
    output->next_us = (anew ? running_us : output->next_us) + output->interval_us;
    return true;
}
