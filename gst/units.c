/* SPDX-License-Identifier: Apache-2.0 */
#include "units.h"

enum bauta_codec units_codec(const GstCaps *caps)
{
    return gst_structure_has_name(gst_caps_get_structure(caps, 0), "video/x-h265")
               ? BAUTA_CODEC_H265
               : BAUTA_CODEC_H264;
}

bool units_time(int64_t *running_us, GstBuffer *buffer, const GstSegment *segment)
{
    guint64 time;
    if (!GST_BUFFER_PTS_IS_VALID(buffer) || segment->format != GST_FORMAT_TIME)
        return false;
    /* also where the segment would have it cut off: it is a name, not a time to show it */
    int sign =
        gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer), &time);
    *running_us = (int64_t)(time / 1000) * sign;
    return sign != 0;
}
