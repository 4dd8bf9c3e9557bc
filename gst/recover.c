/* SPDX-License-Identifier: Apache-2.0 */
#include "recover.h"

#include "audit_note.h"
#include "collector.h"
#include "element_log.h"
#include "frame_picture.h"
#include "options.h"
#include "plugin.h"
#include "qos.h"
#include "units.h"

struct counts {
    uint64_t n_pictures, n_unprotected, n_changed;
    uint64_t n_states[BAUTA_REVEAL_BROKEN + 1]; /* regions, by enum bauta_reveal_state */
};

struct _BautaRecover {
    GstVideoFilter parent;
    struct reader_options options; /* under the object lock */
    struct counts counts;          /* under the object lock */
    struct reader *reader;         /* from READY to PAUSED and back */
    struct collector *collector;   /* of the stream at hand */
    struct audit_note note;
    bool warned;
};

G_DEFINE_TYPE(BautaRecover, bauta_recover, GST_TYPE_VIDEO_FILTER)

#define AT(field)  offsetof(struct reader_options, field)
#define TEXT(name) name, OPTION_TEXT
#define PICTURES                                                                                   \
    "video/x-raw, format=(string)I420, width=(int)[ 16, 16384, 2 ], "                              \
    "height=(int)[ 16, 16384, 2 ]"

static const struct option options[] = {
    {TEXT("key"), AT(key), 0, 0, 0, "FILE.key that opens; required", NULL},
    {TEXT("passphrase-file"), AT(passphrase_file), 0, 0, 0,
     "File whose first line is the key's passphrase; its owner's alone", NULL},
    {TEXT("grant"), AT(grant), 0, 0, 0, "FILE.grant: only what it allows, and key is its holder's",
     NULL},
    {TEXT("targets"), AT(targets), 0, 0, 0, "Numbers of who is shown, \"3,5\" (default: everybody)",
     NULL},
    {TEXT("classes"), AT(classes), 0, 0, 0, "What is shown of them (default: \"face,head,body\")",
     NULL},
    {TEXT("reason"), AT(reason), 0, 0, 0, "Why, for the audit log; needed unless a grant says it",
     NULL},
    {TEXT("case"), AT(case_), 0, 0, 0, "Number of the case, for the audit log", NULL},
    {TEXT("audit"), AT(audit), 0, 0, 0,
     "File of the audit log (default: bauta/audit.db in $XDG_STATE_HOME or ~/.local/state)", NULL},
};
enum { PROPERTY_STATS = G_N_ELEMENTS(options) + 1 };

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(PICTURES));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(PICTURES));

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    BautaRecover *self = BAUTA_RECOVER(object);
    if (id < 1 || id > G_N_ELEMENTS(options)) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    GST_OBJECT_LOCK(self);
    bool early = GST_STATE(self) <= GST_STATE_READY;
    if (early)
        options_set(&self->options, &options[id - 1], value);
    GST_OBJECT_UNLOCK(self);
    if (!early)
        g_warning("bautarecover: %s can only be set before it runs", spec->name);
}

static GstStructure *stats(BautaRecover *self)
{
    GST_OBJECT_LOCK(self);
    const struct counts c = self->counts;
    GST_OBJECT_UNLOCK(self);
    return gst_structure_new(
        "bauta-recover", "pictures", G_TYPE_UINT64, c.n_pictures, "revealed", G_TYPE_UINT64,
        c.n_states[BAUTA_REVEAL_SHOWN], "unwanted", G_TYPE_UINT64,
        c.n_states[BAUTA_REVEAL_UNWANTED], "denied", G_TYPE_UINT64, c.n_states[BAUTA_REVEAL_DENIED],
        "missing", G_TYPE_UINT64, c.n_states[BAUTA_REVEAL_MISSING], "broken", G_TYPE_UINT64,
        c.n_states[BAUTA_REVEAL_BROKEN], "unprotected", G_TYPE_UINT64, c.n_unprotected, "changed",
        G_TYPE_UINT64, c.n_changed, NULL);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    BautaRecover *self = BAUTA_RECOVER(object);
    if (id == PROPERTY_STATS) {
        g_value_take_boxed(value, stats(self));
        return;
    }
    if (id < 1 || id > G_N_ELEMENTS(options)) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    GST_OBJECT_LOCK(self);
    options_get(&self->options, &options[id - 1], value);
    GST_OBJECT_UNLOCK(self);
}

static gboolean start(GstBaseTransform *base)
{
    BautaRecover *self = BAUTA_RECOVER(base);
    struct element_log said;
    element_log_init(&said);
    enum bauta_status status = reader_new(&self->reader, &self->options, &said.log);
    if (status)
        GST_ELEMENT_ERROR(self, RESOURCE, OPEN_READ,
                          ("Nothing can be recovered: %s", bauta_status_text(status)),
                          ("%s", said.last));
    if (!status && !audit_note_has_reason(&self->options, self->reader)) {
        GST_ELEMENT_ERROR(
            self, RESOURCE, SETTINGS,
            ("Nothing can be recovered: set reason, it is written into the audit log"), (NULL));
        reader_unref(&self->reader);
        return FALSE;
    }
    self->warned = false;
    GST_OBJECT_LOCK(self);
    self->counts = (struct counts){.n_pictures = 0};
    GST_OBJECT_UNLOCK(self);
    return status == BAUTA_OK;
}

static const char *outcome(const struct counts *c)
{
    uint64_t n_lost = c->n_states[BAUTA_REVEAL_MISSING] + c->n_states[BAUTA_REVEAL_BROKEN];
    if (c->n_states[BAUTA_REVEAL_SHOWN] == 0 && c->n_states[BAUTA_REVEAL_DENIED] > 0)
        return "denied";
    return n_lost + c->n_states[BAUTA_REVEAL_DENIED] > 0 ? "partial" : "done";
}

static void leave(BautaRecover *self)
{
    if (self->collector)
        collector_set_reader(self->collector, NULL);
    collector_unref(&self->collector);
}

static gboolean stop(GstBaseTransform *base)
{
    BautaRecover *self = BAUTA_RECOVER(base);
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    bool known = self->collector && collector_stream_id(self->collector, stream_id);
    leave(self);
    if (audit_note_end(&self->note, outcome(&self->counts), known ? stream_id : NULL))
        GST_ELEMENT_WARNING(self, RESOURCE, WRITE,
                            ("The outcome could not be written into the audit log"),
                            ("%s", self->note.said.last));
    reader_unref(&self->reader);
    return TRUE;
}

/* The URI of what comes, where the source knows it; the caller frees it. */
static char *ask_source(BautaRecover *self)
{
    GstQuery *query = gst_query_new_uri();
    char *uri = NULL;
    if (gst_pad_peer_query(GST_BASE_TRANSFORM_SINK_PAD(self), query))
        gst_query_parse_uri(query, &uri);
    gst_query_unref(query);
    return uri;
}

static bool begin_note(BautaRecover *self, struct collector *collector)
{
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    const bool known = collector_stream_id(collector, stream_id);
    char *from = ask_source(self);
    enum bauta_status status =
        audit_note_begin(&self->note, &self->options, self->reader, from, known ? stream_id : NULL);
    g_free(from);
    return status == BAUTA_OK;
}

/* Writes the first row of the log, and then tells the collector who reads: once. */
static bool begin(BautaRecover *self)
{
    if (self->collector)
        return true;
    struct collector *collector = collector_ask(GST_BASE_TRANSFORM_SINK_PAD(self));
    if (!collector) {
        GST_ELEMENT_ERROR(self, RESOURCE, NOT_FOUND,
                          ("There is no bautacollect before the decoder"), (NULL));
        return false;
    }
    if (!self->note.audit && !begin_note(self, collector)) {
        GST_ELEMENT_ERROR(self, RESOURCE, OPEN_WRITE,
                          ("Nothing is revealed that cannot be written into the audit log"),
                          ("%s", self->note.said.last));
        collector_unref(&collector);
        return false;
    }
    self->collector = collector;
    collector_set_reader(self->collector, self->reader);
    return true;
}

static void count(BautaRecover *self, const struct bauta_reveal_report *report)
{
    GST_OBJECT_LOCK(self);
    self->counts.n_pictures++;
    self->counts.n_unprotected += !report->protected_;
    self->counts.n_changed += report->changed;
    for (int i = 0; i < report->n_regions; i++)
        self->counts.n_states[report->states[i]]++;
    bool denied = self->counts.n_states[BAUTA_REVEAL_DENIED] > 0;
    GST_OBJECT_UNLOCK(self);
    if (denied && !self->warned)
        GST_ELEMENT_WARNING(self, STREAM, DECRYPT_NOKEY,
                            ("This key does not open everything: the rest stays masked"), (NULL));
    self->warned |= denied;
}

static GstFlowReturn transform_frame_ip(GstVideoFilter *filter, GstVideoFrame *frame)
{
    BautaRecover *self = BAUTA_RECOVER(filter);
    struct bauta_reveal_report report = {.n_regions = 0};
    int64_t running_us;
    if (!begin(self))
        return GST_FLOW_ERROR;
    struct bauta_picture picture = frame_picture(frame);
    if (!units_time(&running_us, frame->buffer, &GST_BASE_TRANSFORM(self)->segment))
        return GST_FLOW_OK;
    enum bauta_status status = collector_reveal(self->collector, &report, &picture, running_us);
    if (status == BAUTA_ERR_ARGUMENT || status == BAUTA_ERR_MEMORY)
        GST_WARNING_OBJECT(self, "a picture stays masked: %s", bauta_status_text(status));
    count(self, &report);
    return GST_FLOW_OK;
}

static gboolean src_event(GstBaseTransform *base, GstEvent *event)
{
    return qos_answer(event) ||
           GST_BASE_TRANSFORM_CLASS(bauta_recover_parent_class)->src_event(base, event);
}

static void finalize(GObject *object)
{
    BautaRecover *self = BAUTA_RECOVER(object);
    reader_unref(&self->reader);
    collector_unref(&self->collector);
    options_clear(&self->options, options, G_N_ELEMENTS(options));
    G_OBJECT_CLASS(bauta_recover_parent_class)->finalize(object);
}

static void bauta_recover_class_init(BautaRecoverClass *class_)
{
    GObjectClass *object = G_OBJECT_CLASS(class_);
    GstBaseTransformClass *base = GST_BASE_TRANSFORM_CLASS(class_);
    GstElementClass *element = GST_ELEMENT_CLASS(class_);
    object->set_property = set_property;
    object->get_property = get_property;
    object->finalize = finalize;
    options_install(object, options, G_N_ELEMENTS(options));
    g_object_class_install_property(
        object, PROPERTY_STATS,
        g_param_spec_boxed("stats", "stats",
                           "Counts: pictures; regions revealed, unwanted, denied, missing, broken; "
                           "pictures unprotected, changed",
                           GST_TYPE_STRUCTURE,
                           (GParamFlags)(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
    base->start = start;
    base->stop = stop;
    base->src_event = src_event;
    GST_VIDEO_FILTER_CLASS(class_)->transform_frame_ip = transform_frame_ip;
    gst_element_class_add_static_pad_template(element, &sink_template);
    gst_element_class_add_static_pad_template(element, &src_template);
    gst_element_class_set_static_metadata(
        element, "Bauta recovery", "Filter/Effect/Video",
        "Puts the originals that a key opens back into decoded pictures, and notes it in the audit "
        "log",
        PLUGIN_AUTHOR);
}

static void bauta_recover_init(BautaRecover *self)
{
    options_init(&self->options, options, G_N_ELEMENTS(options));
    gst_base_transform_set_in_place(GST_BASE_TRANSFORM(self), TRUE);
    gst_base_transform_set_qos_enabled(GST_BASE_TRANSFORM(self), FALSE);
}
