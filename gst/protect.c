/* SPDX-License-Identifier: Apache-2.0 */
#include "protect.h"

#include "choices.h"
#include "element_log.h"
#include "plugin.h"

static void proxy_init(gpointer interface, gpointer data);

G_DEFINE_TYPE_WITH_CODE(BautaProtect, bauta_protect, GST_TYPE_ELEMENT,
                        G_IMPLEMENT_INTERFACE(GST_TYPE_CHILD_PROXY, proxy_init))

#define PICTURES                                                                                   \
    "video/x-raw, format=(string)I420, width=(int)[ 16, 16384, 2 ], "                              \
    "height=(int)[ 16, 16384, 2 ], framerate=(fraction)[ 0, MAX ]"

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(PICTURES));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(PICTURES));
static GstStaticPadTemplate sub_template =
    GST_STATIC_PAD_TEMPLATE("sub_%u", GST_PAD_SRC, GST_PAD_REQUEST, GST_STATIC_CAPS(PICTURES));

static void set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
    BautaProtect *self = BAUTA_PROTECT(object);
    if (id < 1 || id > protect_n_options) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    GST_OBJECT_LOCK(self);
    bool early = GST_STATE(self) <= GST_STATE_READY;
    if (early)
        options_set(&self->options, &protect_option_table[id - 1], value);
    GST_OBJECT_UNLOCK(self);
    if (!early)
        g_warning("bautaprotect: %s can only be set before it runs", spec->name);
}

static GstStructure *stats(BautaProtect *self)
{
    struct session_counts carried;
    session_tell(self->src->session, &carried);
    GST_OBJECT_LOCK(self);
    const struct protect_counts c = self->counts;
    GST_OBJECT_UNLOCK(self);
    const struct detector_counts *l = &c.detector;
    return gst_structure_new(
        "bauta-protect", "pictures-in", G_TYPE_UINT64, c.n_in, "pictures-out", G_TYPE_UINT64,
        c.n_out, "dropped", G_TYPE_UINT64, c.n_dropped, "blind", G_TYPE_UINT64, c.n_blind, "whole",
        G_TYPE_UINT64, c.n_whole, "unsealed", G_TYPE_UINT64, c.n_unsealed, "clock-faults",
        G_TYPE_UINT64, c.n_clock_faults, "queued", G_TYPE_INT, c.n_queued, "targets", G_TYPE_INT,
        c.n_targets, "regions", G_TYPE_INT, c.n_regions, "detections", G_TYPE_UINT64, l->n_answered,
        "detections-late", G_TYPE_UINT64, l->n_late, "detector-failures", G_TYPE_UINT64,
        l->n_failures, "detector-restarts", G_TYPE_UINT64, l->n_restarts, "detector-pid",
        G_TYPE_INT, l->process_id, "detection-rate", G_TYPE_DOUBLE, l->rate, "detection-ms",
        G_TYPE_DOUBLE, l->detection_ms, "gap-ms", G_TYPE_INT64, c.gap_us / 1000, "access-units",
        G_TYPE_UINT64, carried.n_access_units, "stream-bytes", G_TYPE_UINT64, carried.stream_bytes,
        "recovery-bytes", G_TYPE_UINT64, carried.recovery_bytes, NULL);
}

static void get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
    BautaProtect *self = BAUTA_PROTECT(object);
    if (id == protect_n_options + 1) {
        g_value_take_boxed(value, stats(self));
        return;
    }
    if (id < 1 || id > protect_n_options) {
        G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
        return;
    }
    GST_OBJECT_LOCK(self);
    options_get(&self->options, &protect_option_table[id - 1], value);
    GST_OBJECT_UNLOCK(self);
}

static void finalize(GObject *object)
{
    BautaProtect *self = BAUTA_PROTECT(object);
    clear_queue_clear(&self->queue);
    detector_client_close(&self->queue.detector);
    tags_end(&self->tags);
    recipients_unref(&self->recipients);
    options_clear(&self->options, protect_option_table, protect_n_options);
    G_OBJECT_CLASS(bauta_protect_parent_class)->finalize(object);
}

/* Every number is one that may be, of the pads, too; -1 is still taken where it once was. False,
 * having posted an error, if not. */
static bool check_numbers(BautaProtect *self)
{
    BautaProtectPad *subs[PROTECT_SUBS_MOST];
    GST_OBJECT_LOCK(self);
    char *replaced = options_resolve(&self->options, protect_option_table, protect_n_options);
    char *problem = options_problem(&self->options, protect_option_table, protect_n_options);
    GST_OBJECT_UNLOCK(self);
    if (replaced) /* twice, for gst-launch prints the second only */
        GST_ELEMENT_INFO(self, RESOURCE, SETTINGS,
                         ("-1 is taken as the default of %s: leave it out", replaced),
                         ("-1 is taken as the default of %s: leave it out", replaced));
    g_free(replaced);
    if (problem)
        GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("%s", problem), (NULL));
    bool sound = !problem && output_check(self->src, GST_ELEMENT(self));
    g_free(problem);
    const int n = protect_subs(self, subs);
    for (int i = 0; i < n; i++) {
        sound = sound && output_check(subs[i], GST_ELEMENT(self));
        gst_object_unref(subs[i]);
    }
    return sound;
}

/* Reads keys and areas. False, having posted an error, if they or a number will not do. */
static bool start(BautaProtect *self)
{
    struct element_log said;
    const struct protect_options *o = &self->options;
    element_log_init(&said);
    if (!check_numbers(self))
        return false;
    enum bauta_status status = recipients_new(&self->recipients, o->recipients, o->signing_key,
                                              o->signing_passphrase_file, &said.log);
    if (status) {
        GST_ELEMENT_ERROR(self, RESOURCE, OPEN_READ,
                          ("A key cannot be read: %s", bauta_status_text(status)),
                          ("%s", said.last));
        return false;
    }
    if (o->recovery != RECOVERY_NONE &&
        self->recipients->n_keys + self->recipients->n_groups == 0) {
        GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS,
                          ("Nobody is a recipient: set recipients, or recovery=none"), (NULL));
        return false;
    }
    if (!protect_areas_read(&self->areas, o)) {
        GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS,
                          ("An area is X,Y,W,H in pixels, and ; stands between two of them"),
                          (NULL));
        return false;
    }
    self->viewing = (struct viewing){.has_stream = false};
    if (!protect_aspect_read(&self->viewing.extra, o)) {
        GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("aspect is W:H, the shape of a pixel"),
                          (NULL));
        return false;
    }
    self->viewing.extra.turn = o->turn == TURN_AUTO ? 0 : o->turn;
    if (o->turn == TURN_AUTO)
        turning_start(&self->queue.turning);
    self->timeline = (struct timeline){.started = false};
    self->n_failed = 0;
    tags_begin(&self->tags, o->keep_tags);
    gst_segment_init(&self->segment, GST_FORMAT_UNDEFINED);
    GST_OBJECT_LOCK(self);
    self->counts = (struct protect_counts){.n_in = 0};
    GST_OBJECT_UNLOCK(self);
    self->queue.detector.counts = (struct detector_counts){.n_given = 0};
    return true;
}

static void stop(BautaProtect *self)
{
    protect_stop(self);
    turning_stop(&self->queue.turning);
    tags_end(&self->tags);
    recipients_unref(&self->recipients);
}

static GstStateChangeReturn change_state(GstElement *element, GstStateChange change)
{
    BautaProtect *self = BAUTA_PROTECT(element);
    if (change == GST_STATE_CHANGE_READY_TO_PAUSED && !start(self)) {
        recipients_unref(&self->recipients);
        return GST_STATE_CHANGE_FAILURE;
    }
    GstStateChangeReturn result =
        GST_ELEMENT_CLASS(bauta_protect_parent_class)->change_state(element, change);
    if (change == GST_STATE_CHANGE_PAUSED_TO_READY)
        stop(self);
    return result;
}

static void equip_output(GstPad *pad)
{
    gst_pad_set_event_function(pad, protect_src_event);
    gst_pad_set_query_function(pad, protect_src_query);
}

static GstPad *request_new_pad(GstElement *element, GstPadTemplate *template, const gchar *name,
                               const GstCaps *caps)
{
    BautaProtect *self = BAUTA_PROTECT(element);
    (void)name;
    (void)caps;
    GST_OBJECT_LOCK(self);
    bool room = element->numsrcpads <= PROTECT_SUBS_MOST;
    guint number = self->n_subs_made++;
    GST_OBJECT_UNLOCK(self);
    if (!room)
        return NULL;
    char own_name[32];
    g_snprintf(own_name, sizeof(own_name), "sub_%u", number);
    GstPad *pad = g_object_new(BAUTA_TYPE_PROTECT_PAD, "name", own_name, "direction", GST_PAD_SRC,
                               "template", template, NULL);
    equip_output(pad);
    gst_pad_set_active(pad, TRUE);
    gst_element_add_pad(element, pad);
    gst_child_proxy_child_added(GST_CHILD_PROXY(element), G_OBJECT(pad), own_name);
    return pad;
}

static void release_pad(GstElement *element, GstPad *pad)
{
    gst_child_proxy_child_removed(GST_CHILD_PROXY(element), G_OBJECT(pad), GST_OBJECT_NAME(pad));
    gst_pad_set_active(pad, FALSE);
    gst_element_remove_pad(element, pad);
}

static void bauta_protect_class_init(BautaProtectClass *class_)
{
    GObjectClass *object = G_OBJECT_CLASS(class_);
    GstElementClass *element = GST_ELEMENT_CLASS(class_);
    object->set_property = set_property;
    object->get_property = get_property;
    object->finalize = finalize;
    options_install(object, protect_option_table, protect_n_options);
    g_object_class_install_property(
        object, protect_n_options + 1,
        g_param_spec_boxed(
            "stats", "stats",
            "Counts since the start: pictures-in, pictures-out, dropped, blind (masked by growing, "
            "or whole, for want of detection), whole, unsealed, clock-faults; detections, "
            "detections-late, detector-failures, detector-restarts, detector-pid, detection-rate "
            "(a second), detection-ms, gap-ms; of the last picture targets, regions, queued; of "
            "src access-units, stream-bytes, recovery-bytes",
            GST_TYPE_STRUCTURE, (GParamFlags)(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
    element->change_state = change_state;
    element->request_new_pad = request_new_pad;
    element->release_pad = release_pad;
    gst_element_class_add_static_pad_template(element, &sink_template);
    gst_element_class_add_static_pad_template_with_gtype(element, &src_template,
                                                         BAUTA_TYPE_PROTECT_PAD);
    gst_element_class_add_static_pad_template_with_gtype(element, &sub_template,
                                                         BAUTA_TYPE_PROTECT_PAD);
    gst_element_class_set_static_metadata(
        element, "Bauta privacy masking", "Filter/Effect/Video",
        "Hides every face and person and keeps them sealed, for bautaattach behind the encoder to "
        "put into the coded stream; sub pads give masked pictures of other sizes",
        PLUGIN_AUTHOR);
}

static void bauta_protect_init(BautaProtect *self)
{
    GstElement *element = GST_ELEMENT(self);
    options_init(&self->options, protect_option_table, protect_n_options);
    self->sink = gst_pad_new_from_static_template(&sink_template, "sink");
    gst_pad_set_chain_function(self->sink, protect_chain);
    gst_pad_set_event_function(self->sink, protect_sink_event);
    gst_pad_set_query_function(self->sink, protect_sink_query);
    gst_element_add_pad(element, self->sink);
    GstPadTemplate *template = gst_static_pad_template_get(&src_template);
    self->src = g_object_new(BAUTA_TYPE_PROTECT_PAD, "name", "src", "direction", GST_PAD_SRC,
                             "template", template, NULL);
    gst_object_unref(template);
    equip_output(GST_PAD(self->src));
    gst_pad_use_fixed_caps(GST_PAD(self->src));
    gst_element_add_pad(element, GST_PAD(self->src));
    clear_queue_init(&self->queue, self->src->session);
}

/* Source pads are children, so that gst-launch can set "sub_0::recovery". */
static GObject *child_by_index(GstChildProxy *proxy, guint index)
{
    GST_OBJECT_LOCK(proxy);
    gpointer pad = g_list_nth_data(GST_ELEMENT(proxy)->srcpads, index);
    if (pad)
        gst_object_ref(pad);
    GST_OBJECT_UNLOCK(proxy);
    return pad;
}

static guint count_children(GstChildProxy *proxy)
{
    GST_OBJECT_LOCK(proxy);
    guint n = GST_ELEMENT(proxy)->numsrcpads;
    GST_OBJECT_UNLOCK(proxy);
    return n;
}

static void proxy_init(gpointer interface, gpointer data)
{
    GstChildProxyInterface *proxy = interface;
    (void)data;
    proxy->get_child_by_index = child_by_index;
    proxy->get_children_count = count_children;
}
