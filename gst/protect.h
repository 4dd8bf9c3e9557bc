/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROTECT_H
#define PROTECT_H

#include <gst/video/video.h>

#include "clear_queue.h"
#include "output.h"
#include "protect_options.h"
#include "tags.h"
#include "timeline.h"
#include "viewing.h"

G_BEGIN_DECLS
#define BAUTA_TYPE_PROTECT (bauta_protect_get_type())
G_DECLARE_FINAL_TYPE(BautaProtect, bauta_protect, BAUTA, PROTECT, GstElement)
G_END_DECLS

enum { PROTECT_SUBS_MOST = 8 };

/* What the property `stats` tells. */
struct protect_counts {
    uint64_t n_in, n_out, n_dropped, n_blind, n_whole, n_unsealed, n_clock_faults;
    int n_targets, n_regions, n_queued;
    int64_t gap_us; /* from the last picture that was answered to the newest */
    struct detector_counts detector;
};

/*
 * The element bautaprotect. Clear pictures come in on one pad, are copied into memory of the
 * element's own, wait in the queue, and leave masked: on `src` as they were, on each `sub_%u`
 * scaled from what leaves there. What they keep is taken from the clear picture.
 */
struct _BautaProtect {
    GstElement parent;
    GstPad *sink;
    BautaProtectPad *src;
    GstClockTime delay; /* of the queue's pictures; under the object lock */
    guint n_subs_made;  /* for their names; under the object lock */

    struct protect_options options; /* change in READY only; under the object lock */
    struct protect_counts counts;   /* under the object lock */

    /* From READY to PAUSED and back. */
    struct recipients *recipients;
    struct protect_areas areas;

    /* Of the streaming thread. */
    GstSegment segment;
    struct timeline timeline;
    struct clear_queue queue;
    struct viewing viewing;
    struct tags tags;
    bool negotiated; /* there is a size, and a detector */
    bool live;
    int n_failed; /* pictures in a row that could not be masked */
};

/* protect_flow.c */
GstFlowReturn protect_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer);
/* Sends all pictures that wait. */
GstFlowReturn protect_drain(BautaProtect *self);
/* The output's protector, if it has none; `pts` of the first picture. False: an error was posted.
 */
bool protect_begin(BautaProtect *self, BautaProtectPad *output, int64_t pts);

/* protect_pads.c */
/* The sub pads, with a reference each; gives their number. */
int protect_subs(BautaProtect *self, BautaProtectPad *subs[PROTECT_SUBS_MOST]);
/* Sends an event that came in to all pads, each in its way; takes it. */
gboolean protect_send_event(BautaProtect *self, GstEvent *event);

/* protect_picture.c */
/* Running time in microseconds as an encoder will give it back: of the part inside the segment.
 * False: it has none, or lies outside. */
bool protect_running_time(const BautaProtect *self, GstBuffer *buffer, int64_t *running_us);
/* A copy in our own memory, of the visible picture only: a decoder's buffer holds more, is not
 * alone ours to write into, and its pool may be smaller than the queue. Takes `in`; NULL: it
 * failed. */
GstBuffer *protect_copy_picture(BautaProtect *self, GstBuffer *in);

/* protect_events.c */
gboolean protect_sink_event(GstPad *pad, GstObject *parent, GstEvent *event);
gboolean protect_sink_query(GstPad *pad, GstObject *parent, GstQuery *query);
gboolean protect_src_event(GstPad *pad, GstObject *parent, GstEvent *event);
gboolean protect_src_query(GstPad *pad, GstObject *parent, GstQuery *query);
/* Ends everything of the stream: detector, pools, protectors. */
void protect_stop(BautaProtect *self);

#endif
