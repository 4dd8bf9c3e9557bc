/* SPDX-License-Identifier: Apache-2.0 */
#include "carry.h"

#include <stdbool.h>

#define MESSAGE "bauta-jump"

static const GstClockTimeDiff longest = 2 * GST_SECOND, tremble = GST_SECOND;
static const GstClockTimeDiff usual = 40 * GST_MSECOND; /* from one picture to the next */

struct carry {
    GstElement *element; /* borrowed */
    bool begun, said;
    GstClockTimeDiff last, step; /* running time of the last picture; from the one before to it */
    GstClockTimeDiff shift;      /* what is added to times */
};

static void say(struct carry *carry, GstClockTimeDiff jump)
{
    if (carry->said || ABS(jump) < tremble)
        return;
    carry->said = true;
    GstStructure *what =
        gst_structure_new(MESSAGE, "by", G_TYPE_DOUBLE, (double)jump / GST_SECOND, "at",
                          G_TYPE_DOUBLE, (double)carry->last / GST_SECOND, NULL);
    gst_element_post_message(carry->element,
                             gst_message_new_element(GST_OBJECT(carry->element), what));
}

/* Running time of a buffer by the segment that `pad` has; false: it has none. */
static bool find_time(GstClockTimeDiff *running, GstPad *pad, GstBuffer *buffer)
{
    GstEvent *event = gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0);
    const GstSegment *segment;
    guint64 time = GST_CLOCK_TIME_NONE;
    if (!event)
        return false;
    gst_event_parse_segment(event, &segment);
    if (GST_BUFFER_PTS_IS_VALID(buffer))
        time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
    gst_event_unref(event);
    *running = (GstClockTimeDiff)time;
    return GST_CLOCK_TIME_IS_VALID(time);
}

/* Sets the shift so that a picture of this time follows on the last one. */
static void place(struct carry *carry, GstClockTimeDiff running)
{
    GstClockTimeDiff at = running + carry->shift;
    const GstClockTimeDiff due = carry->last + (carry->step > 0 ? carry->step : usual);
    if (carry->begun && (at < carry->last || at > carry->last + longest)) {
        say(carry, at - due);
        carry->shift += due - at;
        at = due;
    } else if (carry->begun) {
        carry->step = at - carry->last;
    }
    carry->begun = true;
    carry->last = at;
}

static GstPadProbeReturn look(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    struct carry *carry = user;
    if (!(GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER)) {
        if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_FLUSH_STOP) {
            carry->begun = false;
            carry->shift = 0;
        }
        return GST_PAD_PROBE_OK;
    }
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    GstClockTimeDiff running;
    if (!find_time(&running, pad, buffer))
        return GST_PAD_PROBE_OK;
    place(carry, running);
    if (carry->shift) {
        buffer = gst_buffer_make_writable(buffer);
        GST_BUFFER_PTS(buffer) =
            (GstClockTime)((GstClockTimeDiff)GST_BUFFER_PTS(buffer) + carry->shift);
        GST_PAD_PROBE_INFO_DATA(info) = buffer;
    }
    return GST_PAD_PROBE_OK;
}

void carry_pad(GstPad *pad, GstElement *element)
{
    struct carry *carry = g_new0(struct carry, 1);
    carry->element = element;
    gst_pad_add_probe(pad,
                      (GstPadProbeType)(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_FLUSH),
                      look, carry, g_free);
}

char *carry_read(GstMessage *message)
{
    double by = 0, at = 0;
    if (!gst_message_has_name(message, MESSAGE))
        return NULL;
    const GstStructure *what = gst_message_get_structure(message);
    gst_structure_get_double(what, "by", &by);
    gst_structure_get_double(what, "at", &at);
    return g_strdup_printf("the times of the source jump by %+.1f s at %.1f s: carried on", by, at);
}
