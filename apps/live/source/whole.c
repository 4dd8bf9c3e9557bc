/* SPDX-License-Identifier: Apache-2.0 */
#include "whole.h"

#include <stdbool.h>

struct whole {
    struct stats *stats;
    bool begun;
    bool waits; /* for a key picture */
};

/* A depayloader marks the first buffer after lost packets as discontinuous, and so the very first
 * one; whether the loss was before it or within, it does not tell. */
static GstPadProbeReturn look(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    (void)pad;
    struct whole *whole = user;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    bool key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    bool lost = whole->begun && GST_BUFFER_IS_DISCONT(buffer);
    whole->waits = lost || (whole->waits && !key);
    whole->begun = true;
    if (!whole->waits)
        return GST_PAD_PROBE_OK;
    stats_count_damaged(whole->stats);
    return GST_PAD_PROBE_DROP;
}

void whole_pad(GstPad *pad, struct stats *stats)
{
    struct whole *whole = g_new(struct whole, 1);
    *whole = (struct whole){.stats = stats, .waits = true};
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, look, whole, g_free);
}
