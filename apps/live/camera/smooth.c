/* SPDX-License-Identifier: Apache-2.0 */
#include "smooth.h"

static const GstClockTime farthest = 200 * GST_MSECOND, step = GST_MSECOND;

static GstPadProbeReturn look(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    (void)pad;
    GstClockTime *last = user;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    GstClockTime pts = GST_BUFFER_PTS(buffer);
    if (!GST_CLOCK_TIME_IS_VALID(pts))
        return GST_PAD_PROBE_OK;
    if (GST_CLOCK_TIME_IS_VALID(*last) && pts < *last + step && *last < pts + farthest) {
        buffer = gst_buffer_make_writable(buffer);
        GST_BUFFER_PTS(buffer) = pts = *last + step;
        GST_PAD_PROBE_INFO_DATA(info) = buffer;
    }
    *last = pts;
    return GST_PAD_PROBE_OK;
}

void smooth_pad(GstPad *pad)
{
    GstClockTime *last = g_new(GstClockTime, 1);
    *last = GST_CLOCK_TIME_NONE;
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, look, last, g_free);
}
