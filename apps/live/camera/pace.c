/* SPDX-License-Identifier: Apache-2.0 */
#include "pace.h"

#include <gst/video/video.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { MOST_STEPS = 64 }; /* from one picture to the next */

static const GstClockTime enough = GST_SECOND;

struct pace {
    GstEvent *caps; /* held back while the rate is measured; NULL: it is known */
    GstClockTime first, last;
    GstClockTime steps[MOST_STEPS];
    int n_steps;
};

static void forget(struct pace *pace)
{
    gst_clear_event(&pace->caps);
    pace->first = pace->last = GST_CLOCK_TIME_NONE;
    pace->n_steps = 0;
}

static void free_pace(gpointer data)
{
    forget(data);
    g_free(data);
}

static bool tells_rate(GstEvent *event)
{
    GstCaps *caps;
    int n = 0, d = 0;
    gst_event_parse_caps(event, &caps);
    gst_structure_get_fraction(gst_caps_get_structure(caps, 0), "framerate", &n, &d);
    return n > 0 && d > 0;
}

static int compare_times(const void *a, const void *b)
{
    const GstClockTime *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* The middle one: the first comes late, and behind some a picture is missing. */
static GstClockTime find_step(struct pace *pace)
{
    qsort(pace->steps, (size_t)pace->n_steps, sizeof(pace->steps[0]), compare_times);
    return pace->steps[pace->n_steps / 2];
}

/* The usual rate if one is near, since clocks of cameras tremble at the start; or else, as those
 * that are slow, as exactly as they come. */
static void find_rate(struct pace *pace, int *n, int *d)
{
    static const double usual[] = {1,  2,  2.5,  3,  4,  5,  6,  7,  7.5, 8,  9,
                                   10, 12, 12.5, 15, 18, 20, 24, 25, 30,  50, 60};
    const GstClockTime step = find_step(pace);
    const double rate = (double)GST_SECOND / (double)step;
    double best = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
        if (fabs(rate - usual[i]) < fabs(rate - best))
            best = usual[i];
    if (fabs(rate - best) < 0.08 * best)
        gst_util_double_to_fraction(best, n, d);
    else
        gst_video_guess_framerate(step, n, d);
}

/* Sends the caps with the rate; what else was held back, which the pad keeps, follows by itself. */
static void let_go(GstPad *pad, struct pace *pace)
{
    GstCaps *caps;
    int n = 0, d = 1;
    find_rate(pace, &n, &d);
    gst_event_parse_caps(pace->caps, &caps);
    caps = gst_caps_copy(caps);
    gst_caps_set_simple(caps, "framerate", GST_TYPE_FRACTION, n, d, NULL);
    forget(pace);
    gst_pad_push_event(pad, gst_event_new_caps(caps));
    gst_caps_unref(caps);
}

/* An event that is dropped the pad tries to send again, before each picture. */
static GstPadProbeReturn look_at_event(struct pace *pace, GstEvent *event)
{
    switch ((int)GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS:
        if (event == pace->caps)
            return GST_PAD_PROBE_DROP;
        forget(pace);
        if (tells_rate(event))
            return GST_PAD_PROBE_OK;
        pace->caps = gst_event_ref(event);
        return GST_PAD_PROBE_DROP;
    case GST_EVENT_SEGMENT:
        return pace->caps ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK; /* it comes after caps */
    default:
        return GST_PAD_PROBE_OK;
    }
}

static GstPadProbeReturn look(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    struct pace *pace = user;
    if (!(GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER))
        return look_at_event(pace, GST_PAD_PROBE_INFO_EVENT(info));
    if (!pace->caps)
        return GST_PAD_PROBE_OK;
    const GstClockTime pts = GST_BUFFER_PTS(GST_PAD_PROBE_INFO_BUFFER(info));
    if (!GST_CLOCK_TIME_IS_VALID(pts))
        return GST_PAD_PROBE_DROP;
    if (GST_CLOCK_TIME_IS_VALID(pace->last) && pts > pace->last)
        pace->steps[pace->n_steps++] = pts - pace->last;
    if (!GST_CLOCK_TIME_IS_VALID(pace->first) || pts < pace->first)
        pace->first = pts;
    pace->last = pts;
    if (pace->n_steps < MOST_STEPS && (pace->n_steps == 0 || pts - pace->first < enough))
        return GST_PAD_PROBE_DROP;
    let_go(pad, pace);
    return GST_PAD_PROBE_OK;
}

void pace_pad(GstPad *pad)
{
    struct pace *pace = g_new0(struct pace, 1);
    forget(pace);
    gst_pad_add_probe(
        pad, (GstPadProbeType)(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM),
        look, pace, free_pace);
}
