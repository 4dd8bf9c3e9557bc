/* SPDX-License-Identifier: Apache-2.0 */
#include "thin.h"

struct thin {
    GstClockTime period;
    GstClockTime next; /* when the next one is due; NONE: at once */
};

static GstPadProbeReturn look(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    (void)pad;
    struct thin *thin = user;
    GstClockTime pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
    if (!GST_CLOCK_TIME_IS_VALID(pts))
        return GST_PAD_PROBE_DROP;
    bool back = GST_CLOCK_TIME_IS_VALID(thin->next) && pts + thin->period < thin->next;
    GstClockTime slack = thin->period / 8; /* for cameras whose pictures come irregularly */
    if (GST_CLOCK_TIME_IS_VALID(thin->next) && !back && pts + slack < thin->next)
        return GST_PAD_PROBE_DROP;
    bool regular = GST_CLOCK_TIME_IS_VALID(thin->next) && !back && pts < thin->next + thin->period;
    thin->next = (regular ? thin->next : pts) + thin->period;
    return GST_PAD_PROBE_OK;
}

void thin_pad(GstPad *pad, int rate)
{
    struct thin *thin = g_new(struct thin, 1);
    *thin = (struct thin){GST_SECOND / (GstClockTime)rate, GST_CLOCK_TIME_NONE};
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, look, thin, g_free);
}
