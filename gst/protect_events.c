/* SPDX-License-Identifier: Apache-2.0 */
#include "protect.h"

#include "choices.h"
#include "element_log.h"
#include "qos.h"
#include "tags.h"

enum { USUAL_RATE = 25, WAITING_MOST = 250 };

static void finish_all(BautaProtect *self, void (*finish)(struct session *session))
{
    BautaProtectPad *subs[PROTECT_SUBS_MOST];
    int n = protect_subs(self, subs);
    finish(self->src->session);
    for (int i = 0; i < n; i++) {
        finish(subs[i]->session);
        gst_object_unref(subs[i]);
    }
}

/* Pictures and milliseconds that the queue holds back. */
static void set_depth(struct clear_queue *queue, int lookahead_ms)
{
    const GstVideoInfo *info = &queue->info;
    gint64 depth = GST_VIDEO_INFO_FPS_N(info) > 0
                       ? (gint64)gst_util_uint64_scale_int_round((guint64)lookahead_ms,
                                                                 GST_VIDEO_INFO_FPS_N(info),
                                                                 1000 * GST_VIDEO_INFO_FPS_D(info))
                       : (gint64)lookahead_ms * USUAL_RATE / 1000;
    depth =
        MAX(depth, lookahead_ms > 0); /* pictures that come slowly, too, wait for their answer */
    queue->depth = depth > WAITING_MOST ? WAITING_MOST : (int)depth;
    queue->delay_us = (int64_t)lookahead_ms * 1000;
}

static bool is_live(BautaProtect *self)
{
    gboolean live = FALSE;
    GstQuery *query = gst_query_new_latency();
    if (gst_pad_peer_query(self->sink, query))
        gst_query_parse_latency(query, &live, NULL, NULL);
    gst_query_unref(query);
    return live;
}

static enum bauta_status open_detector(BautaProtect *self)
{
    struct bauta_protector_settings settings;
    const struct protect_options *o = &self->options;
    bauta_protector_settings_init(&settings);
    protect_options_apply(&settings, o, &self->areas, 0);
    settings.find.view = self->queue.view;
    return detector_client_open(
        &self->queue.detector, &settings.find, GST_VIDEO_INFO_WIDTH(&self->queue.info),
        GST_VIDEO_INFO_HEIGHT(&self->queue.info),
        o->detector_program && *o->detector_program ? o->detector_program : NULL, &category_log);
}

void protect_stop(BautaProtect *self)
{
    BautaProtectPad *subs[PROTECT_SUBS_MOST];
    int n = protect_subs(self, subs);
    clear_queue_clear(&self->queue);
    detector_client_close(&self->queue.detector);
    finish_all(self, session_finish);
    for (int i = 0; i < n; i++) {
        output_reset(subs[i]);
        gst_object_unref(subs[i]);
    }
    output_reset(self->src);
    self->negotiated = false;
}

static int64_t frame_us(const struct clear_queue *queue)
{
    const GstVideoInfo *info = &queue->info;
    return info->fps_n > 0 ? G_USEC_PER_SEC * (int64_t)info->fps_d / info->fps_n
                           : G_USEC_PER_SEC / USUAL_RATE;
}

/* Pictures from one that is looked at to the next. */
static int choose_every(const struct clear_queue *queue, int wanted)
{
    enum { LOOKS_A_SECOND = 8 }; /* somebody who walks goes a tenth of his height between two */
    int rate = queue->info.fps_d > 0 ? queue->info.fps_n / queue->info.fps_d : 0;
    if (wanted > 0 || queue->wait)
        return wanted > 0 ? wanted : 1;
    return MAX((rate > 0 ? rate : USUAL_RATE) / LOOKS_A_SECOND, 1);
}

static void set_view(BautaProtect *self)
{
    self->queue.view = viewing_now(&self->viewing);
}

/* Everything anew for pictures of another format: their stream begins with a fresh key. */
static bool set_caps(BautaProtect *self, GstCaps *caps)
{
    GstVideoInfo info;
    if (!gst_video_info_from_caps(&info, caps))
        return false;
    protect_stop(self);
    self->live = is_live(self);
    struct clear_queue *queue = &self->queue;
    queue->info = self->src->info = info;
    viewing_take_info(&self->viewing, &info);
    set_view(self);
    queue->wait = self->options.realtime == REALTIME_NO ||
                  (self->options.realtime == REALTIME_AUTO && !self->live);
    queue->every = choose_every(queue, self->options.detect_every);
    queue->every_us = queue->every * frame_us(queue);
    set_depth(queue, self->options.lookahead_ms);
    GST_OBJECT_LOCK(self);
    self->delay = (GstClockTime)(queue->depth * frame_us(queue)) * GST_USECOND;
    GST_OBJECT_UNLOCK(self);
    enum bauta_status status = open_detector(self);
    if (status) {
        GST_ELEMENT_ERROR(self, RESOURCE, NOT_FOUND,
                          ("The detector cannot be started: %s", bauta_status_text(status)),
                          (NULL));
        return false;
    }
    self->src->pool = output_new_pool(&info, caps);
    timeline_expect_jump(&self->timeline);
    self->negotiated = self->src->pool != NULL;
    gst_element_post_message(GST_ELEMENT(self), gst_message_new_latency(GST_OBJECT(self)));
    return self->negotiated;
}

static gboolean take_caps(BautaProtect *self, GstEvent *event)
{
    GstCaps *caps;
    gst_event_parse_caps(event, &caps);
    GstCaps *last = gst_pad_get_current_caps(GST_PAD(self->src));
    bool same = self->negotiated && last && gst_caps_is_equal(caps, last);
    gst_clear_caps(&last);
    if (same) {
        gst_event_unref(event);
        return TRUE;
    }
    protect_drain(self);
    if (!set_caps(self, caps)) {
        gst_event_unref(event);
        return FALSE;
    }
    return gst_pad_push_event(GST_PAD(self->src), event);
}

/* Sends an event when all pictures before it have left. */
static gboolean send_in_order(BautaProtect *self, GstEvent *event)
{
    return clear_queue_keep_event(&self->queue, event) || protect_send_event(self, event);
}

static gboolean take_segment(BautaProtect *self, GstEvent *event)
{
    gst_event_copy_segment(event, &self->segment);
    if (self->segment.format != GST_FORMAT_TIME) {
        GST_ELEMENT_ERROR(self, STREAM, FORMAT, ("Pictures must have times"), (NULL));
        gst_event_unref(event);
        return FALSE;
    }
    timeline_expect_jump(&self->timeline);
    return send_in_order(self, event);
}

static gboolean take_tags(BautaProtect *self, GstEvent *event)
{
    GstTagList *tags;
    gst_event_parse_tag(event, &tags);
    if (viewing_take_tags(&self->viewing, tags))
        set_view(self);
    event = tags_strip(&self->tags, event, GST_ELEMENT(self));
    return event ? send_in_order(self, event) : TRUE;
}

static gboolean take_flush(BautaProtect *self, GstEvent *event)
{
    clear_queue_clear(&self->queue);
    finish_all(self, session_forget);
    gst_segment_init(&self->segment, GST_FORMAT_UNDEFINED);
    timeline_flush(&self->timeline);
    return protect_send_event(self, event);
}

gboolean protect_sink_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    BautaProtect *self = BAUTA_PROTECT(parent);
    (void)pad;
    switch ((int)GST_EVENT_TYPE(event)) {
    case GST_EVENT_CAPS:
        return take_caps(self, event);
    case GST_EVENT_SEGMENT:
        return take_segment(self, event);
    case GST_EVENT_FLUSH_STOP:
        return take_flush(self, event);
    case GST_EVENT_EOS:
        protect_drain(self);
        finish_all(self, session_finish);
        return protect_send_event(self, event);
    case GST_EVENT_SEGMENT_DONE:
        protect_drain(self);
        return protect_send_event(self, event);
    case GST_EVENT_TAG:
        return take_tags(self, event);
    case GST_EVENT_GAP:
        timeline_expect_pause(&self->timeline);
        return send_in_order(self, event);
    case GST_EVENT_TOC:
        return send_in_order(self, tags_strip(&self->tags, event, GST_ELEMENT(self)));
    case GST_EVENT_STREAM_START:
        viewing_begin(&self->viewing);
        set_view(self);
        return send_in_order(self, event);
    case GST_EVENT_STREAM_COLLECTION: /* of the source's streams, with tags of their own */
        gst_event_unref(event);
        return TRUE;
    default:
        return GST_EVENT_IS_SERIALIZED(event) ? send_in_order(self, event)
                                              : protect_send_event(self, event);
    }
}

/* What comes in must be what `src` may give. */
static gboolean answer_caps(BautaProtect *self, GstQuery *query)
{
    GstCaps *filter, *own = gst_pad_get_pad_template_caps(self->sink);
    gst_query_parse_caps(query, &filter);
    GstCaps *wanted =
        filter ? gst_caps_intersect_full(filter, own, GST_CAPS_INTERSECT_FIRST) : gst_caps_ref(own);
    GstCaps *theirs = gst_pad_peer_query_caps(GST_PAD(self->src), wanted);
    GstCaps *both = gst_caps_intersect_full(wanted, theirs, GST_CAPS_INTERSECT_FIRST);
    gst_query_set_caps_result(query, both);
    gst_caps_unref(both);
    gst_caps_unref(theirs);
    gst_caps_unref(wanted);
    gst_caps_unref(own);
    return TRUE;
}

gboolean protect_sink_query(GstPad *pad, GstObject *parent, GstQuery *query)
{
    switch ((int)GST_QUERY_TYPE(query)) {
    case GST_QUERY_CAPS:
        return answer_caps(BAUTA_PROTECT(parent), query);
    case GST_QUERY_ALLOCATION: /* nothing of a source's memory is held */
        gst_query_add_allocation_meta(query, GST_VIDEO_META_API_TYPE, NULL);
        return TRUE;
    default:
        return gst_pad_query_default(pad, parent, query);
    }
}

gboolean protect_src_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    BautaProtect *self = BAUTA_PROTECT(parent);
    bool is_sub = pad != GST_PAD(self->src);
    if (is_sub && GST_EVENT_TYPE(event) == GST_EVENT_RECONFIGURE) {
        gst_event_unref(event); /* the picture of the other pad is not its concern */
        return TRUE;
    }
    return qos_answer(event) || gst_pad_event_default(pad, parent, event);
}

/* Adds what the queue holds back. */
static gboolean answer_latency(BautaProtect *self, GstQuery *query)
{
    gboolean live;
    GstClockTime least, most;
    if (!gst_pad_peer_query(self->sink, query))
        return FALSE;
    gst_query_parse_latency(query, &live, &least, &most);
    GST_OBJECT_LOCK(self);
    GstClockTime delay = MAX((GstClockTime)self->options.lookahead_ms * GST_MSECOND, self->delay);
    GST_OBJECT_UNLOCK(self);
    gst_query_set_latency(query, live, least + delay,
                          GST_CLOCK_TIME_IS_VALID(most) ? most + delay : most);
    return TRUE;
}

gboolean protect_src_query(GstPad *pad, GstObject *parent, GstQuery *query)
{
    if (session_answer(query, BAUTA_PROTECT_PAD(pad)->session))
        return TRUE;
    if (GST_QUERY_TYPE(query) == GST_QUERY_LATENCY)
        return answer_latency(BAUTA_PROTECT(parent), query);
    return gst_pad_query_default(pad, parent, query);
}
