/* SPDX-License-Identifier: Apache-2.0 */
#include "orientation.h"

#include <bauta/view.h>
#include <stdbool.h>
#include <string.h>

struct orientation {
    bool told;  /* by messages; then `view` */
    bool doubt; /* a sequence has begun without one, which may stand behind its first picture */
    struct bauta_view view;
    GstTagList *theirs; /* tags of the stream as they came; NULL: none */
    bool sends;         /* what passes the pad now is its own */
};

/* The tag's word for it (GST_TAG_IMAGE_ORIENTATION). */
static const char *word_for(const struct bauta_view *view)
{
    static const char *const words[2][4] = {
        {"rotate-0", "rotate-90", "rotate-180", "rotate-270"},
        {"flip-rotate-0", "flip-rotate-90", "flip-rotate-180", "flip-rotate-270"}};
    return words[view->mirrored][view->turn / 90];
}

/* The stream's tags, and in them what its messages say; when they say nothing any more, what there
 * was without them. */
static GstEvent *make_tags(const struct orientation *o)
{
    GstTagList *tags = o->theirs ? gst_tag_list_copy(o->theirs) : gst_tag_list_new_empty();
    const struct bauta_view upright = {.turn = 0};
    gst_tag_list_set_scope(tags, GST_TAG_SCOPE_STREAM);
    if (o->told)
        gst_tag_list_add(tags, GST_TAG_MERGE_REPLACE, GST_TAG_IMAGE_ORIENTATION, word_for(&o->view),
                         NULL);
    else if (gst_tag_list_get_tag_size(tags, GST_TAG_IMAGE_ORIENTATION) == 0)
        gst_tag_list_add(tags, GST_TAG_MERGE_REPLACE, GST_TAG_IMAGE_ORIENTATION, word_for(&upright),
                         NULL);
    return gst_event_new_tag(tags);
}

/* What a unit in such caps says. */
static void hear(struct orientation *o, const GstStructure *caps, struct bauta_bytes unit)
{
    const enum bauta_codec codec =
        gst_structure_has_name(caps, "video/x-h264") ? BAUTA_CODEC_H264 : BAUTA_CODEC_H265;
    const GValue *value = gst_structure_get_value(caps, "codec_data"); /* none: a byte stream */
    GstBuffer *data = value ? gst_value_get_buffer(value) : NULL;
    GstMapInfo map = {.size = 0};
    if (codec == BAUTA_CODEC_H265 && !gst_structure_has_name(caps, "video/x-h265"))
        return;
    if (data && !gst_buffer_map(data, &map, GST_MAP_READ))
        return;
    const struct bauta_bytes configuration = {map.data, map.size};
    const bool says = bauta_view_read(&o->view, NULL, codec, configuration, unit);
    /* Some tools write the message behind the picture that it is of: the next unit is asked. */
    o->told = says || (o->told && !o->doubt);
    o->doubt = !says && bauta_view_ends(codec, configuration, unit);
    if (data)
        gst_buffer_unmap(data, &map);
}

static void look(struct orientation *o, GstPad *pad, GstBuffer *buffer)
{
    GstMapInfo map;
    const struct orientation was = *o;
    GstCaps *caps = gst_pad_get_current_caps(pad);
    if (caps && gst_buffer_map(buffer, &map, GST_MAP_READ)) {
        hear(o, gst_caps_get_structure(caps, 0), (struct bauta_bytes){map.data, map.size});
        gst_buffer_unmap(buffer, &map);
    }
    gst_clear_caps(&caps);
    if (o->told == was.told && (!o->told || bauta_view_equals(&o->view, &was.view)))
        return;
    o->sends = true;
    gst_pad_send_event(pad, make_tags(o));
    o->sends = false;
}

/* Tags of the stream that come by take what messages say along, or they would take its place. */
static GstEvent *look_at_tags(struct orientation *o, GstEvent *event)
{
    GstTagList *tags;
    gst_event_parse_tag(event, &tags);
    if (o->sends || gst_tag_list_get_scope(tags) != GST_TAG_SCOPE_STREAM)
        return event;
    gst_clear_tag_list(&o->theirs);
    o->theirs = gst_tag_list_copy(tags);
    if (!o->told)
        return event;
    gst_event_unref(event);
    return make_tags(o);
}

static GstPadProbeReturn pass(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    struct orientation *o = user;
    if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_BUFFER)
        look(o, pad, GST_PAD_PROBE_INFO_BUFFER(info));
    else if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_TAG)
        GST_PAD_PROBE_INFO_DATA(info) = look_at_tags(o, GST_PAD_PROBE_INFO_EVENT(info));
    return GST_PAD_PROBE_OK;
}

static void free_orientation(gpointer data)
{
    struct orientation *o = data;
    gst_clear_tag_list(&o->theirs);
    g_free(o);
}

void orientation_pad(GstPad *pad)
{
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, pass,
                      g_new0(struct orientation, 1), free_orientation);
}

static GstPadProbeReturn end_tags(GstPad *pad, GstPadProbeInfo *info, gpointer user)
{
    (void)pad;
    (void)user;
    return GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_TAG ? GST_PAD_PROBE_DROP
                                                                           : GST_PAD_PROBE_OK;
}

void orientation_done(GstPad *pad)
{
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, end_tags, NULL, NULL);
}

static void look_at_element(GstBin *bin, GstBin *parent, GstElement *element, gpointer user)
{
    const char *klass = gst_element_get_metadata(element, GST_ELEMENT_METADATA_KLASS);
    GstPad *pad = klass && strstr(klass, "Decoder") && strstr(klass, "Video")
                      ? gst_element_get_static_pad(element, "sink")
                      : NULL;
    (void)bin;
    (void)parent;
    (void)user;
    if (pad)
        orientation_pad(pad);
    gst_clear_object(&pad);
}

void orientation_bin(GstBin *bin)
{
    g_signal_connect(bin, "deep-element-added", G_CALLBACK(look_at_element), NULL);
}
