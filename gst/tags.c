/* SPDX-License-Identifier: Apache-2.0 */
#include "tags.h"

struct tag_copy {
    GstTagList *to;
    bool keep;
    GString *left_out;
};

static bool tells_nobody(const char *name)
{
    static const char *const harmless[] = {
        GST_TAG_IMAGE_ORIENTATION, GST_TAG_LANGUAGE_CODE,    GST_TAG_LANGUAGE_NAME,
        GST_TAG_DATE_TIME,         GST_TAG_CONTAINER_FORMAT, GST_TAG_CODEC,
        GST_TAG_VIDEO_CODEC,       GST_TAG_AUDIO_CODEC,      GST_TAG_SUBTITLE_CODEC,
        GST_TAG_BITRATE,           GST_TAG_NOMINAL_BITRATE,  GST_TAG_MINIMUM_BITRATE,
        GST_TAG_MAXIMUM_BITRATE};
    for (guint i = 0; i < G_N_ELEMENTS(harmless); i++)
        if (g_str_equal(name, harmless[i]))
            return true;
    return false;
}

static void copy_tag(const GstTagList *from, const gchar *name, gpointer user)
{
    struct tag_copy *copy = user;
    bool picture = gst_tag_get_type(name) == GST_TYPE_SAMPLE;
    if (picture || (!copy->keep && !tells_nobody(name))) {
        g_string_append_printf(copy->left_out, "%s%s", copy->left_out->len ? ", " : "", name);
        return;
    }
    for (guint i = 0; i < gst_tag_list_get_tag_size(from, name); i++)
        gst_tag_list_add_value(copy->to, GST_TAG_MERGE_APPEND, name,
                               gst_tag_list_get_value_index(from, name, i));
}

GstEvent *tags_strip(GstEvent *event, bool keep, GString *left_out)
{
    GstTagList *tags;
    gst_event_parse_tag(event, &tags);
    struct tag_copy copy = {gst_tag_list_new_empty(), keep, left_out};
    gst_tag_list_set_scope(copy.to, gst_tag_list_get_scope(tags));
    gst_tag_list_foreach(tags, copy_tag, &copy);
    GstEvent *stripped = NULL;
    if (!gst_tag_list_is_empty(copy.to)) {
        stripped = gst_event_new_tag(gst_tag_list_ref(copy.to));
        gst_event_set_seqnum(stripped, gst_event_get_seqnum(event));
    }
    gst_tag_list_unref(copy.to);
    gst_event_unref(event);
    return stripped;
}
