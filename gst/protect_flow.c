/* SPDX-License-Identifier: Apache-2.0 */
#include "protect.h"

#include <string.h>

#include "choices.h"
#include "element_log.h"
#include "frame_picture.h"

enum { FAILURES_MOST = 25 }; /* pictures in a row that cannot be masked, before it is an error */

/* What goes to one pad of one waiting. */
struct piece {
    BautaProtectPad *output;
    GstBuffer *picture; /* NULL: nothing */
    bool random_access;
};

/* Tells whether `a` or what a sub pad returned is what the element returns: a sub pad may end, be
 * unlinked or flushed, as when it is taken away, while the others go on. */
static GstFlowReturn combine(GstFlowReturn a, GstFlowReturn sub)
{
    GstFlowReturn b =
        sub == GST_FLOW_FLUSHING || sub == GST_FLOW_NOT_NEGOTIATED ? GST_FLOW_NOT_LINKED : sub;
    if (a == b)
        return a;
    if (a == GST_FLOW_FLUSHING || a <= GST_FLOW_NOT_NEGOTIATED)
        return a;
    if (b == GST_FLOW_FLUSHING || b <= GST_FLOW_NOT_NEGOTIATED)
        return b;
    return a == GST_FLOW_OK || b == GST_FLOW_OK ? GST_FLOW_OK : GST_FLOW_EOS;
}

/* The time of day at pts 0, in milliseconds. */
static uint64_t time_of_zero(const BautaProtect *self, int64_t pts)
{
    int64_t zero_ms = g_get_real_time() / 1000 - pts / 1000;
    return self->options.utc && self->live && zero_ms > 0 ? (uint64_t)zero_ms : 0;
}

bool protect_begin(BautaProtect *self, BautaProtectPad *output, int64_t pts)
{
    struct bauta_protector_settings settings;
    struct bauta_object_codec codec;
    bool is_main = output == self->src;
    if (session_has_begun(output->session))
        return true;
    if (!output_check(output, GST_ELEMENT(self))) /* it may be set, and a pad added, at any time */
        return false;
    GST_OBJECT_LOCK(output);
    int recovery = is_main ? self->options.recovery : output->options.recovery;
    int qp = is_main ? self->options.recovery_qp : output->options.recovery_qp;
    GST_OBJECT_UNLOCK(output);
    bauta_protector_settings_init(&settings);
    settings.width = GST_VIDEO_INFO_WIDTH(&output->info);
    settings.height = GST_VIDEO_INFO_HEIGHT(&output->info);
    protect_options_apply(&settings, &self->options, &self->areas, self->queue.depth);
    if (is_main) /* the others are hidden by what this one finds */
        settings.find.view = self->queue.view;
    else /* what it paints is painted over by what src shows: so nothing that takes drawing lots */
        settings.hide.style = BAUTA_STYLE_SOLID;
    settings.detect = is_main;
    settings.keep = recovery != RECOVERY_NONE;
    settings.utc_ms = time_of_zero(self, pts);
    protect_options_codec(&codec, &self->options, recovery, qp,
                          output->info.colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255);
    enum bauta_status status = session_begin(output->session, &settings, &codec, self->recipients);
    if (status)
        GST_ELEMENT_ERROR(self, LIBRARY, SETTINGS,
                          ("Nothing can be protected: %s", bauta_status_text(status)),
                          ("%s", GST_OBJECT_NAME(output)));
    return status == BAUTA_OK;
}

/*
 * Asks the encoder for a key picture, in two ways, as each fails somewhere: a request for now is
 * passed over while the last one has not been met, one for a running time by GStreamer 1.22 if the
 * encoder is one that moves times (x264enc, x265enc).
 */
static void ask_for_key(BautaProtectPad *output, GstClockTime pts, int64_t running_us)
{
    const GstClockTime times[] = {(GstClockTime)running_us * 1000, GST_CLOCK_TIME_NONE};
    for (int i = 0; i < 2; i++)
        gst_pad_push_event(GST_PAD(output), gst_video_event_new_downstream_force_key_unit(
                                                pts, GST_CLOCK_TIME_NONE, times[i], TRUE, 0));
}

/* Sends one pad its piece; takes the picture. */
static GstFlowReturn push(struct piece *piece, const struct waiting_picture *waiting)
{
    GstBuffer *picture = g_steal_pointer(&piece->picture);
    if (piece->random_access)
        ask_for_key(piece->output, GST_BUFFER_PTS(picture), waiting->running_us);
    GST_OBJECT_LOCK(piece->output);
    piece->output->n_pictures++;
    GST_OBJECT_UNLOCK(piece->output);
    return gst_pad_push(GST_PAD(piece->output), picture);
}

/* The segment and tags of `src`, for a sub pad that begins: its pictures are turned as those. */
static void send_what_went_before(BautaProtect *self, GstPad *sub)
{
    GstEvent *event = gst_pad_get_sticky_event(GST_PAD(self->src), GST_EVENT_SEGMENT, 0);
    if (event)
        gst_pad_push_event(sub, event);
    for (guint i = 0; (event = gst_pad_get_sticky_event(GST_PAD(self->src), GST_EVENT_TAG, i)); i++)
        gst_pad_push_event(sub, event);
}

/* Whether this pad gets pictures now. */
static bool is_ready(BautaProtect *self, BautaProtectPad *output,
                     const struct waiting_picture *waiting)
{
    GstPad *pad = GST_PAD(output);
    if (!gst_pad_is_linked(pad))
        return false;
    GstEvent *began = gst_pad_get_sticky_event(pad, GST_EVENT_STREAM_START, 0);
    if (!began) {
        char *id = gst_pad_create_stream_id(pad, GST_ELEMENT(self), GST_PAD_NAME(pad));
        gst_pad_push_event(pad, gst_event_new_stream_start(id));
        g_free(id);
    }
    gst_clear_event(&began);
    bool was = output->negotiated;
    if ((gst_pad_check_reconfigure(pad) || !was) && !output_negotiate(output, &self->src->info)) {
        GST_WARNING_OBJECT(pad, "gets no pictures: those behind it take none of ours");
        return false;
    }
    if (!was)
        send_what_went_before(self, pad);
    return protect_begin(self, output, waiting->pts) && output_wants(output, waiting->running_us);
}

/* Scales the clear picture for each sub pad that wants one. */
static int scale_all(BautaProtect *self, struct piece pieces[PROTECT_SUBS_MOST],
                     const struct waiting_picture *waiting, const GstVideoFrame *clear)
{
    BautaProtectPad *subs[PROTECT_SUBS_MOST];
    int n = protect_subs(self, subs);
    for (int i = 0; i < n; i++) {
        pieces[i] = (struct piece){.output = subs[i]};
        if (is_ready(self, subs[i], waiting))
            pieces[i].picture = output_scale(subs[i], clear);
        if (pieces[i].picture)
            gst_buffer_copy_into(
                pieces[i].picture, waiting->clear,
                (GstBufferCopyFlags)(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS), 0,
                (gsize)-1);
    }
    return n;
}

/* Hides people in a scaled picture, and keeps them; if that fails, there is no picture. */
static void mask_small(struct piece *piece, const struct waiting_picture *waiting,
                       const struct bauta_mask_report *main)
{
    struct bauta_region regions[BAUTA_MAX_REGIONS];
    struct bauta_mask_report report;
    GstVideoFrame frame;
    enum bauta_status status = BAUTA_ERR_MEMORY;
    memset(regions, 0, sizeof(regions));
    int n = output_scale_regions(regions, piece->output, main);
    if (gst_video_frame_map(&frame, &piece->output->info, piece->picture, GST_MAP_READWRITE)) {
        struct bauta_picture picture = frame_picture(&frame);
        status = session_mask_regions(piece->output->session, &report, &picture, waiting->pts,
                                      waiting->running_us, regions, n);
        gst_video_frame_unmap(&frame);
    }
    if (status)
        gst_clear_buffer(&piece->picture);
    else
        piece->random_access = report.random_access;
}

/* What is shown of a small picture is the masked one of `src`, scaled: blocks of its own, with
 * noise of their own, would be a second look at the same people, and the mean of both would tell
 * more than one. What it keeps was taken from the clear one. */
static void show_what_src_shows(struct piece *piece, const GstVideoFrame *masked)
{
    if (piece->picture && !output_scale_into(piece->output, piece->picture, masked))
        gst_clear_buffer(&piece->picture);
}

/* Masks a waiting for all pads: `pieces`, of which the first is `src`. On failure there are none. */
static enum bauta_status mask(BautaProtect *self, struct piece pieces[PROTECT_SUBS_MOST + 1],
                              int *n_pieces, struct waiting_picture *waiting,
                              struct bauta_mask_report *report)
{
    GstVideoFrame frame;
    *n_pieces = 1;
    pieces[0] = (struct piece){.output = gst_object_ref(self->src)};
    if (!gst_video_frame_map(&frame, &self->src->info, waiting->clear, GST_MAP_READWRITE))
        return BAUTA_ERR_MEMORY;
    *n_pieces += scale_all(self, pieces + 1, waiting, &frame);
    struct bauta_picture picture = frame_picture(&frame);
    enum bauta_status status =
        session_mask(self->src->session, report, &picture, waiting->pts, waiting->running_us);
    for (int i = 1; i < *n_pieces; i++) {
        if (status)
            gst_clear_buffer(&pieces[i].picture);
        else if (pieces[i].picture)
            mask_small(&pieces[i], waiting, report);
        show_what_src_shows(&pieces[i], &frame);
    }
    gst_video_frame_unmap(&frame);
    if (status)
        return status;
    pieces[0].picture = g_steal_pointer(&waiting->clear); /* it is masked now */
    pieces[0].random_access = report->random_access;
    return BAUTA_OK;
}

static void count_report(BautaProtect *self, const struct bauta_mask_report *report)
{
    struct protect_counts *c = &self->counts;
    int n_targets = 0;
    for (int i = 0; i < report->n_regions; i++) {
        int j = 0;
        while (report->regions[j].target != report->regions[i].target)
            j++;
        n_targets += j == i;
    }
    GST_OBJECT_LOCK(self);
    c->n_out++;
    c->n_blind += report->blind;
    c->n_whole += report->whole != BAUTA_WHOLE_NONE;
    c->n_unsealed += (uint64_t)report->n_unsealed;
    c->n_targets = n_targets;
    c->n_regions = report->n_regions;
    GST_OBJECT_UNLOCK(self);
}

static GstFlowReturn fail(BautaProtect *self, enum bauta_status status)
{
    GST_WARNING_OBJECT(self, "a picture could not be masked, and is not sent: %s",
                       bauta_status_text(status));
    GST_OBJECT_LOCK(self);
    self->counts.n_dropped++;
    GST_OBJECT_UNLOCK(self);
    if (++self->n_failed < FAILURES_MOST)
        return GST_FLOW_OK;
    GST_ELEMENT_ERROR(self, LIBRARY, FAILED,
                      ("Pictures cannot be masked: %s", bauta_status_text(status)), (NULL));
    return GST_FLOW_ERROR;
}

/* Masks a waiting and sends it, with the events behind it; takes it. */
static GstFlowReturn send(BautaProtect *self, struct waiting_picture *waiting)
{
    struct piece pieces[PROTECT_SUBS_MOST + 1];
    struct bauta_mask_report report;
    int n;
    GstFlowReturn flow;
    enum bauta_status status = mask(self, pieces, &n, waiting, &report);
    if (status) {
        flow = fail(self, status);
    } else {
        self->n_failed = 0;
        count_report(self, &report);
        flow = push(&pieces[0], waiting);
        for (int i = 1; i < n; i++)
            if (pieces[i].picture)
                flow = combine(flow, push(&pieces[i], waiting));
    }
    for (int i = 0; i < n; i++)
        gst_object_unref(pieces[i].output);
    for (GstEvent *event; (event = g_queue_pop_head(&waiting->events)) != NULL;)
        protect_send_event(self, event);
    waiting_picture_free(waiting);
    return flow;
}

GstFlowReturn protect_drain(BautaProtect *self)
{
    GstFlowReturn flow = GST_FLOW_OK;
    for (struct waiting_picture *waiting;
         flow == GST_FLOW_OK && (waiting = clear_queue_take(&self->queue)) != NULL;)
        flow = send(self, waiting);
    return flow;
}

static void tell(BautaProtect *self)
{
    struct clear_queue *queue = &self->queue;
    detector_client_tell(&queue->detector);
    GST_OBJECT_LOCK(self);
    self->counts.detector = queue->detector.counts;
    self->counts.n_queued = (int)queue->waiting.length;
    self->counts.n_clock_faults = self->timeline.n_faults;
    self->counts.gap_us = queue->detector.counts.n_answered
                              ? queue->newest_pts - queue->detector.counts.answered_pts
                              : 0;
    GST_OBJECT_UNLOCK(self);
}

/* Once it is clear which way up the pictures are: for whom who wants to turn them. */
static void take_turn(BautaProtect *self)
{
    struct turning *turning = &self->queue.turning;
    if (!turning->found)
        return;
    turning->found = false;
    self->viewing.extra.turn = turning->turn;
    self->queue.view = viewing_now(&self->viewing);
    gst_element_post_message(
        GST_ELEMENT(self), gst_message_new_element(
                               GST_OBJECT(self), gst_structure_new("bauta-turn", "turn", G_TYPE_INT,
                                                                   turning->turn, NULL)));
}

/* A clock that is wrong looks like a pause: the pipeline's times are left to it, but it is told. */
static void tell_jump(BautaProtect *self, GstBuffer *buffer)
{
    if (self->timeline.ahead == 0)
        return;
    GST_ELEMENT_WARNING(self, STREAM, FAILED,
                        ("At %.3f s times jump ahead by %.3f s, which nothing announced: kept as a "
                         "pause",
                         (double)GST_BUFFER_PTS(buffer) / GST_SECOND,
                         (double)self->timeline.ahead / G_USEC_PER_SEC),
                        (NULL));
}

GstFlowReturn protect_chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    BautaProtect *self = BAUTA_PROTECT(parent);
    int64_t pts, running_us;
    (void)pad;
    if (GST_BUFFER_IS_DISCONT(buffer))
        timeline_expect_pause(&self->timeline);
    bool placed = self->negotiated && protect_running_time(self, buffer, &running_us) &&
                  timeline_place(&self->timeline, &pts, running_us);
    GST_OBJECT_LOCK(self);
    self->counts.n_in++;
    self->counts.n_dropped += !placed;
    self->counts.n_clock_faults = self->timeline.n_faults;
    GST_OBJECT_UNLOCK(self);
    if (!placed) {
        gst_buffer_unref(buffer);
        return self->negotiated ? GST_FLOW_OK : GST_FLOW_NOT_NEGOTIATED;
    }
    tell_jump(self, buffer);
    GstBuffer *clear = protect_copy_picture(self, buffer);
    if (!clear)
        return fail(self, BAUTA_ERR_MEMORY);
    if (!protect_begin(self, self->src, pts)) {
        gst_buffer_unref(clear);
        return GST_FLOW_ERROR;
    }
    const int64_t shift = self->timeline.shift;
    GST_BUFFER_PTS(clear) = (GstClockTime)((GstClockTimeDiff)GST_BUFFER_PTS(clear) + shift * 1000);
    clear_queue_append(&self->queue, clear, pts, running_us + shift);
    clear_queue_look(&self->queue);
    take_turn(self);
    tell(self);
    GstFlowReturn flow = GST_FLOW_OK;
    while (flow == GST_FLOW_OK && clear_queue_is_due(&self->queue))
        flow = send(self, clear_queue_take(&self->queue));
    return flow;
}
