/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"

#include "collector.h"
#include "plugin.h"
#include "qos.h"
#include "units.h"

struct _BautaCollect {
    GstBaseTransform parent;
    struct collector *collector;
};

G_DEFINE_TYPE(BautaCollect, bauta_collect, GST_TYPE_BASE_TRANSFORM)

static GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(UNITS_CAPS));
static GstStaticPadTemplate src_template =
    GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(UNITS_CAPS));

static GstFlowReturn transform_ip(GstBaseTransform *base, GstBuffer *unit)
{
    int64_t running_us;
    if (units_time(&running_us, unit, &base->segment))
        collector_collect(BAUTA_COLLECT(base)->collector, unit, running_us);
    return GST_FLOW_OK;
}

static gboolean set_caps(GstBaseTransform *base, GstCaps *in, GstCaps *out)
{
    (void)out;
    collector_set_codec(BAUTA_COLLECT(base)->collector, units_codec(in));
    return TRUE;
}

static gboolean sink_event(GstBaseTransform *base, GstEvent *event)
{
    if (GST_EVENT_TYPE(event) == GST_EVENT_FLUSH_STOP)
        collector_forget(BAUTA_COLLECT(base)->collector);
    return GST_BASE_TRANSFORM_CLASS(bauta_collect_parent_class)->sink_event(base, event);
}

static gboolean src_event(GstBaseTransform *base, GstEvent *event)
{
    return qos_answer(event) ||
           GST_BASE_TRANSFORM_CLASS(bauta_collect_parent_class)->src_event(base, event);
}

static gboolean query(GstBaseTransform *base, GstPadDirection direction, GstQuery *query_)
{
    if (direction == GST_PAD_SRC && collector_answer(query_, BAUTA_COLLECT(base)->collector))
        return TRUE;
    return GST_BASE_TRANSFORM_CLASS(bauta_collect_parent_class)->query(base, direction, query_);
}

static gboolean stop(GstBaseTransform *base)
{
    collector_forget(BAUTA_COLLECT(base)->collector);
    return TRUE;
}

static void finalize(GObject *object)
{
    collector_unref(&BAUTA_COLLECT(object)->collector);
    G_OBJECT_CLASS(bauta_collect_parent_class)->finalize(object);
}

static void bauta_collect_class_init(BautaCollectClass *class_)
{
    GstBaseTransformClass *base = GST_BASE_TRANSFORM_CLASS(class_);
    GstElementClass *element = GST_ELEMENT_CLASS(class_);
    G_OBJECT_CLASS(class_)->finalize = finalize;
    base->transform_ip = transform_ip;
    base->transform_ip_on_passthrough = TRUE;
    base->passthrough_on_same_caps = TRUE;
    base->set_caps = set_caps;
    base->sink_event = sink_event;
    base->src_event = src_event;
    base->query = query;
    base->stop = stop;
    gst_element_class_add_static_pad_template(element, &sink_template);
    gst_element_class_add_static_pad_template(element, &src_template);
    gst_element_class_set_static_metadata(
        element, "Bauta recovery data reader", "Codec/Parser/Video",
        "Reads what bautaattach has put into access units, for bautarecover behind the decoder",
        PLUGIN_AUTHOR);
}

static void bauta_collect_init(BautaCollect *self)
{
    self->collector = collector_new();
    gst_base_transform_set_passthrough(GST_BASE_TRANSFORM(self), TRUE);
}
