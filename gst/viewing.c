/* SPDX-License-Identifier: Apache-2.0 */
#include "viewing.h"

void viewing_begin(struct viewing *v)
{
    v->has_stream = v->has_whole = false;
}

/* What GStreamer calls "flip-rotate-90" is mirrored first and turned then, as here. */
static bool read_orientation(struct bauta_view *view, GstTagList *tags)
{
    static const struct bauta_view views[] = {
        [GST_VIDEO_ORIENTATION_IDENTITY] = {.turn = 0},
        [GST_VIDEO_ORIENTATION_90R] = {.turn = 90},
        [GST_VIDEO_ORIENTATION_180] = {.turn = 180},
        [GST_VIDEO_ORIENTATION_90L] = {.turn = 270},
        [GST_VIDEO_ORIENTATION_HORIZ] = {.turn = 0, .mirrored = true},
        [GST_VIDEO_ORIENTATION_VERT] = {.turn = 180, .mirrored = true},
        [GST_VIDEO_ORIENTATION_UL_LR] = {.turn = 270, .mirrored = true},
        [GST_VIDEO_ORIENTATION_UR_LL] = {.turn = 90, .mirrored = true},
    };
    GstVideoOrientationMethod method;
    if (!gst_video_orientation_from_tag(tags, &method) || method >= G_N_ELEMENTS(views))
        return false;
    *view = views[method];
    return true;
}

bool viewing_take_tags(struct viewing *v, GstTagList *tags)
{
    bool is_stream = gst_tag_list_get_scope(tags) == GST_TAG_SCOPE_STREAM;
    bool told = read_orientation(is_stream ? &v->stream : &v->whole, tags);
    v->has_stream |= told && is_stream;
    v->has_whole |= told && !is_stream;
    return told;
}

void viewing_take_info(struct viewing *v, const GstVideoInfo *info)
{
    v->pixels = (struct bauta_view){.pixel_width = GST_VIDEO_INFO_PAR_N(info),
                                    .pixel_height = GST_VIDEO_INFO_PAR_D(info)};
    if (!bauta_view_is_sound(&v->pixels))
        v->pixels = (struct bauta_view){.turn = 0};
}

struct bauta_view viewing_now(const struct viewing *v)
{
    struct bauta_view view = {.turn = 0};
    if (v->has_stream)
        view = v->stream;
    else if (v->has_whole)
        view = v->whole;
    view = bauta_view_add(&v->pixels, &view);
    return bauta_view_add(&view, &v->extra);
}
