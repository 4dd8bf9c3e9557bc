/* SPDX-License-Identifier: Apache-2.0 */
#include "protect.h"

#include <string.h>

bool protect_running_time(const BautaProtect *self, GstBuffer *buffer, int64_t *running_us)
{
    guint64 start = GST_BUFFER_PTS(buffer), end, first, last;
    if (!GST_CLOCK_TIME_IS_VALID(start) || self->segment.format != GST_FORMAT_TIME)
        return false;
    end = GST_BUFFER_DURATION_IS_VALID(buffer) ? start + GST_BUFFER_DURATION(buffer) : start;
    if (!gst_segment_clip(&self->segment, GST_FORMAT_TIME, start, end, &first, &last))
        return false;
    guint64 time = gst_segment_to_running_time(&self->segment, GST_FORMAT_TIME, first);
    *running_us = (int64_t)(time / 1000);
    return GST_CLOCK_TIME_IS_VALID(time);
}

static void copy_plane(GstVideoFrame *to, const GstVideoFrame *from, int plane)
{
    guint8 *out = GST_VIDEO_FRAME_PLANE_DATA(to, plane);
    const guint8 *in = GST_VIDEO_FRAME_PLANE_DATA(from, plane);
    const gsize out_stride = (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(to, plane);
    const gsize width = (gsize)GST_VIDEO_FRAME_COMP_WIDTH(to, plane);
    for (int y = 0; y < GST_VIDEO_FRAME_COMP_HEIGHT(to, plane); y++) {
        memcpy(out, in, width);
        memset(out + width, 0, out_stride - width);
        out += out_stride;
        in += GST_VIDEO_FRAME_PLANE_STRIDE(from, plane);
    }
}

/* Metas that tell of a picture what is no picture. Others stay behind: some hold the clear one. */
static gboolean copy_meta(GstBuffer *from, GstMeta **meta, gpointer to)
{
    static const GstMetaTransformCopy all = {FALSE, 0, (gsize)-1};
    const GstMetaInfo *info = (*meta)->info;
    if (info->api == GST_REFERENCE_TIMESTAMP_META_API_TYPE ||
        info->api == GST_VIDEO_TIME_CODE_META_API_TYPE ||
        info->api == GST_VIDEO_CAPTION_META_API_TYPE) {
        GstMetaTransformCopy copy = all;
        info->transform_func(to, *meta, from, _gst_meta_transform_copy, &copy);
    }
    return TRUE;
}

GstBuffer *protect_copy_picture(BautaProtect *self, GstBuffer *in)
{
    GstVideoFrame from, to;
    GstBuffer *out = output_new_picture(self->src);
    bool copied = false;
    if (out && gst_video_frame_map(&from, &self->queue.info, in, GST_MAP_READ)) {
        if (gst_video_frame_map(&to, &self->src->info, out, GST_MAP_WRITE)) {
            for (int plane = 0; plane < 3; plane++)
                copy_plane(&to, &from, plane);
            gst_video_frame_unmap(&to);
            copied = true;
        }
        gst_video_frame_unmap(&from);
    }
    if (copied) {
        gst_buffer_copy_into(
            out, in, (GstBufferCopyFlags)(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS), 0,
            (gsize)-1);
        gst_buffer_foreach_meta(in, copy_meta, out);
    } else {
        gst_clear_buffer(&out);
    }
    gst_buffer_unref(in);
    return out;
}
