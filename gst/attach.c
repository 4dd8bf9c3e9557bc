/* SPDX-License-Identifier: Apache-2.0 */
#include "attach.h"

#include "element_log.h"
#include "plugin.h"
#include "qos.h"
#include "session.h"
#include "units.h"

struct _BautaAttach {
    GstElement parent;
    GstPad *sink, *src;
    struct session *session; /* of the stream at hand; under the object lock */
    GstSegment segment;
    enum bauta_codec codec;
    GstBuffer *held;   /* the last access unit, if the stream is signed */
    GstClockTime unit; /* duration of one, if known: the latency of holding one back */
    bool warned;
};

G_DEFINE_TYPE(BautaAttach, bauta_attach, GST_TYPE_ELEMENT)

enum { PROPERTY_STATS = 1 };

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(UNITS_CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(UNITS_CAPS));

/* The session of the protecting element upstream, asked for once. Not counted: of the streaming
 * thread, which also lets it go. */
static struct session *find_session(BautaAttach *self)
{
    if (self->session)
        return self->session;
    struct session *found = session_ask(self->sink);
    GST_OBJECT_LOCK(self);
    self->session = found;
    GST_OBJECT_UNLOCK(self);
    if (!found)
        GST_ELEMENT_ERROR(self, RESOURCE, NOT_FOUND,
                          ("There is no bautaprotect upstream: nothing passes"), (NULL));
    return found;
}

static void leave_session(BautaAttach *self)
{
    GST_OBJECT_LOCK(self);
    struct session *session = self->session;
    self->session = NULL;
    GST_OBJECT_UNLOCK(self);
    session_unref(&session);
}

/* An encoder that did not begin an epoch with a picture that decodes alone. */
static void warn(BautaAttach *self)
{
    struct session_counts counts;
    session_tell(self->session, &counts);
    if (counts.n_not_key == 0 || self->warned)
        return;
    self->warned = true;
    GST_ELEMENT_WARNING(self, STREAM, ENCODE,
                        ("The encoder does not heed the request for a key picture"),
                        ("a reader that begins there finds nothing to recover"));
}

/* Attaches to one access unit, and sends it; takes it. */
static GstFlowReturn send(BautaAttach *self, GstBuffer *in)
{
    GstBuffer *out = NULL;
    struct session *session = find_session(self);
    int64_t running_us;
    enum bauta_status status = BAUTA_ERR_NOT_FOUND;
    if (session && units_time(&running_us, in, &self->segment))
        status = session_attach(session, &out, in, running_us, self->codec);
    GstClockTime pts = GST_BUFFER_PTS(in);
    gst_buffer_unref(in);
    if (!session)
        return GST_FLOW_ERROR;
    if (status && GST_PAD_IS_FLUSHING(self->sink))
        return GST_FLOW_FLUSHING;
    if (status) {
        GST_ELEMENT_ERROR(
            self, STREAM, FAILED,
            ("What belongs to an access unit cannot be attached: %s", bauta_status_text(status)),
            ("pts %" GST_TIME_FORMAT "; an encoder must keep times, and give each picture once",
             GST_TIME_ARGS(pts)));
        return GST_FLOW_ERROR;
    }
    warn(self);
    return gst_pad_push(self->src, out);
}

/* Sends what is held back. */
static GstFlowReturn let_go(BautaAttach *self)
{
    GstBuffer *held = g_steal_pointer(&self->held);
    return held ? send(self, held) : GST_FLOW_OK;
}

static GstFlowReturn chain(GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
    BautaAttach *self = BAUTA_ATTACH(parent);
    (void)pad;
    struct session *session = find_session(self);
    if (!session) {
        gst_buffer_unref(buffer);
        return GST_FLOW_ERROR;
    }
    if (!session_signs(session)) {
        GstFlowReturn flow = let_go(self);
        if (flow == GST_FLOW_OK)
            return send(self, buffer);
        gst_buffer_unref(buffer);
        return flow;
    }
    /* the signature of an epoch lies within it if the next access unit is there */
    GstBuffer *before = self->held;
    self->held = buffer;
    self->unit = GST_BUFFER_DURATION(buffer);
    return before ? send(self, before) : GST_FLOW_OK;
}

static gboolean take_caps(BautaAttach *self, GstPad *pad, GstEvent *event)
{
    GstCaps *caps;
    gst_event_parse_caps(event, &caps);
    self->codec = units_codec(caps);
    leave_session(self); /* perhaps it is another's by now */
    return gst_pad_event_default(pad, GST_OBJECT(self), event);
}

static gboolean sink_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    BautaAttach *self = BAUTA_ATTACH(parent);
    if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP) {
        gst_clear_buffer(&self->held);
        gst_segment_init(&self->segment, GST_FORMAT_UNDEFINED);
    } else if (GST_EVENT_IS_SERIALIZED(event) && GST_EVENT_TYPE(event) != GST_EVENT_TAG) {
        let_go(self);
    }
    if (GST_EVENT_TYPE(event) == GST_EVENT_SEGMENT)
        gst_event_copy_segment(event, &self->segment);
    if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS)
        return take_caps(self, pad, event);
    return gst_pad_event_default(pad, parent, event);
}

static gboolean src_event(GstPad *pad, GstObject *parent, GstEvent *event)
{
    return qos_answer(event) || gst_pad_event_default(pad, parent, event);
}

static gboolean src_query(GstPad *pad, GstObject *parent, GstQuery *query)
{
    BautaAttach *self = BAUTA_ATTACH(parent);
    gboolean live;
    GstClockTime least, most;
    if (!gst_pad_query_default(pad, parent, query))
        return FALSE;
    if (GST_QUERY_TYPE(query) != GST_QUERY_LATENCY || !GST_CLOCK_TIME_IS_VALID(self->unit))
        return TRUE;
    gst_query_parse_latency(query, &live, &least, &most);
    gst_query_set_latency(query, live, least + self->unit,
                          GST_CLOCK_TIME_IS_VALID(most) ? most + self->unit : most);
    return TRUE;
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    BautaAttach *self = BAUTA_ATTACH(object);
    struct session_counts counts = {0};
    if (id != PROPERTY_STATS) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    GST_OBJECT_LOCK(self);
    struct session *session = self->session ? session_ref(self->session) : NULL;
    GST_OBJECT_UNLOCK(self);
    if (session)
        session_tell(session, &counts);
    session_unref(&session);
    g_value_take_boxed(value,
                       gst_structure_new("bauta-attach", "access-units", G_TYPE_UINT64,
                                         counts.n_access_units, "stream-bytes", G_TYPE_UINT64,
                                         counts.stream_bytes, "recovery-bytes", G_TYPE_UINT64,
                                         counts.recovery_bytes, "not-key", G_TYPE_UINT64,
                                         counts.n_not_key, NULL));
}

static GstStateChangeReturn change_state(GstElement *element, GstStateChange change)
{
    BautaAttach *self = BAUTA_ATTACH(element);
    GstStateChangeReturn result =
        GST_ELEMENT_CLASS(bauta_attach_parent_class)->change_state(element, change);
    if (change == GST_STATE_CHANGE_PAUSED_TO_READY) {
        gst_clear_buffer(&self->held);
        leave_session(self);
        self->unit = GST_CLOCK_TIME_NONE;
        self->warned = false;
    }
    return result;
}

static void finalize(GObject *object)
{
    BautaAttach *self = BAUTA_ATTACH(object);
    gst_clear_buffer(&self->held);
    session_unref(&self->session);
    G_OBJECT_CLASS(bauta_attach_parent_class)->finalize(object);
}

static void bauta_attach_class_init(BautaAttachClass *class_)
{
    GObjectClass *object = G_OBJECT_CLASS(class_);
    GstElementClass *element = GST_ELEMENT_CLASS(class_);
    object->get_property = get_property;
    object->finalize = finalize;
    g_object_class_install_property(
        object, PROPERTY_STATS,
        g_param_spec_boxed("stats", "stats",
                           "Counts of the stream: access-units, stream-bytes, recovery-bytes, "
                           "not-key (epochs that begin with no key picture)",
                           GST_TYPE_STRUCTURE,
                           (GParamFlags)(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
    element->change_state = change_state;
    gst_element_class_add_static_pad_template(element, &sink_template);
    gst_element_class_add_static_pad_template(element, &src_template);
    gst_element_class_set_static_metadata(
        element, "Bauta recovery data inserter", "Codec/Parser/Converter/Video",
        "Puts what bautaprotect upstream has hidden, sealed, into each access unit; passes nothing "
        "without one",
        PLUGIN_AUTHOR);
}

static void bauta_attach_init(BautaAttach *self)
{
    self->sink = gst_pad_new_from_static_template(&sink_template, "sink");
    self->src = gst_pad_new_from_static_template(&src_template, "src");
    gst_pad_set_chain_function(self->sink, chain);
    gst_pad_set_event_function(self->sink, sink_event);
    gst_pad_set_event_function(self->src, src_event);
    gst_pad_set_query_function(self->src, src_query);
    GST_PAD_SET_PROXY_CAPS(self->sink);
    GST_PAD_SET_PROXY_CAPS(self->src);
    gst_element_add_pad(GST_ELEMENT(self), self->sink);
    gst_element_add_pad(GST_ELEMENT(self), self->src);
    gst_segment_init(&self->segment, GST_FORMAT_UNDEFINED);
    self->codec = BAUTA_CODEC_H264;
    self->unit = GST_CLOCK_TIME_NONE;
}
