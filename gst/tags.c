/* SPDX-License-Identifier: Apache-2.0 */
#include "tags.h"

#include "element_log.h"

static const char *const kept[] = {GST_TAG_CODEC,
                                   GST_TAG_VIDEO_CODEC,
                                   GST_TAG_AUDIO_CODEC,
                                   GST_TAG_SUBTITLE_CODEC,
                                   GST_TAG_CONTAINER_FORMAT,
                                   GST_TAG_BITRATE,
                                   GST_TAG_NOMINAL_BITRATE,
                                   GST_TAG_MINIMUM_BITRATE,
                                   GST_TAG_MAXIMUM_BITRATE,
                                   GST_TAG_LANGUAGE_CODE,
                                   GST_TAG_LANGUAGE_NAME,
                                   GST_TAG_IMAGE_ORIENTATION,
                                   GST_TAG_DATE_TIME,
                                   NULL};
static const char *const programs[] = {GST_TAG_ENCODER, GST_TAG_ENCODER_VERSION,
                                       GST_TAG_APPLICATION_NAME, NULL};

void tags_begin(struct tags *tags, bool keep)
{
    tags_end(tags);
    *tags = (struct tags){keep, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
}

void tags_end(struct tags *tags)
{
    g_clear_pointer(&tags->told, g_hash_table_unref);
}

/* One event's way through. */
struct sieve {
    struct tags *tags;
    GstTagList *to;
    GString *left_out; /* names that nobody was told of yet */
    int n_chapters, n_entries;
};

static void leave_out(struct sieve *sieve, const char *name)
{
    if (g_strv_contains(programs, name) || !sieve->tags->told ||
        !g_hash_table_add(sieve->tags->told, g_strdup(name)))
        return;
    g_string_append_printf(sieve->left_out, "%s%s", sieve->left_out->len ? ", " : "", name);
}

static void sift_tag(const GstTagList *from, const gchar *name, gpointer user)
{
    struct sieve *sieve = user;
    bool is_picture = gst_tag_get_type(name) == GST_TYPE_SAMPLE;
    if (is_picture || !(sieve->tags->keep || g_strv_contains(kept, name))) {
        leave_out(sieve, name);
        return;
    }
    for (guint i = 0; i < gst_tag_list_get_tag_size(from, name); i++)
        gst_tag_list_add_value(sieve->to, GST_TAG_MERGE_APPEND, name,
                               gst_tag_list_get_value_index(from, name, i));
}

static GstTagList *sift_list(struct sieve *sieve, const GstTagList *tags)
{
    sieve->to = gst_tag_list_new_empty();
    gst_tag_list_set_scope(sieve->to, gst_tag_list_get_scope(tags));
    gst_tag_list_foreach(tags, sift_tag, sieve);
    return g_steal_pointer(&sieve->to);
}

static GstTagList *name_chapter(struct sieve *sieve, const GstTocEntry *from)
{
    GstTagList *tags = gst_toc_entry_get_tags(from);
    if (sieve->tags->keep)
        return tags ? sift_list(sieve, tags) : NULL;
    if (tags && gst_tag_list_n_tags(tags) > 0)
        leave_out(sieve, "titles of chapters");
    char title[32];
    g_snprintf(title, sizeof(title), "Chapter %d", ++sieve->n_chapters);
    return gst_tag_list_new(GST_TAG_TITLE, title, NULL);
}

/* What its source calls a chapter may be a word: it gets a number. */
static GstTocEntry *sift_entry(struct sieve *sieve, const GstTocEntry *from)
{
    gint64 start, stop;
    const GstTocEntryType type = gst_toc_entry_get_entry_type(from);
    char uid[16];
    g_snprintf(uid, sizeof(uid), "%d", ++sieve->n_entries);
    GstTocEntry *to =
        gst_toc_entry_new(type, sieve->tags->keep ? gst_toc_entry_get_uid(from) : uid);
    if (gst_toc_entry_get_start_stop_times(from, &start, &stop))
        gst_toc_entry_set_start_stop_times(to, start, stop);
    if (type == GST_TOC_ENTRY_TYPE_CHAPTER || sieve->tags->keep)
        gst_toc_entry_set_tags(to, name_chapter(sieve, from));
    for (GList *at = gst_toc_entry_get_sub_entries(from); at; at = at->next)
        gst_toc_entry_append_sub_entry(to, sift_entry(sieve, at->data));
    return to;
}

static GstEvent *sift_toc(struct sieve *sieve, GstEvent *event)
{
    GstToc *toc;
    gboolean updated;
    gst_event_parse_toc(event, &toc, &updated);
    GstToc *sifted = gst_toc_new(gst_toc_get_scope(toc));
    GstTagList *tags = gst_toc_get_tags(toc);
    if (tags)
        gst_toc_set_tags(sifted, sift_list(sieve, tags));
    for (GList *at = gst_toc_get_entries(toc); at; at = at->next)
        gst_toc_append_entry(sifted, sift_entry(sieve, at->data));
    GstEvent *out = gst_event_new_toc(sifted, updated);
    gst_toc_unref(sifted);
    gst_toc_unref(toc);
    return out;
}

static void tell(const struct sieve *sieve, GstElement *element)
{
    const char *names = sieve->left_out->str;
    if (!*names)
        return;
    GST_INFO_OBJECT(element, "of the source's tags left out: %s", names);
    gst_element_post_message(
        element, gst_message_new_element(
                     GST_OBJECT(element),
                     gst_structure_new("bauta-tags-left-out", "tags", G_TYPE_STRING, names, NULL)));
}

GstEvent *tags_strip(struct tags *tags, GstEvent *event, GstElement *element)
{
    struct sieve sieve = {.tags = tags, .left_out = g_string_new(NULL)};
    GstTagList *list;
    GstEvent *stripped;
    if (GST_EVENT_TYPE(event) == GST_EVENT_TOC) {
        stripped = sift_toc(&sieve, event);
    } else {
        gst_event_parse_tag(event, &list);
        list = sift_list(&sieve, list);
        stripped = gst_tag_list_is_empty(list) ? NULL : gst_event_new_tag(gst_tag_list_ref(list));
        gst_tag_list_unref(list);
    }
    if (stripped)
        gst_event_set_seqnum(stripped, gst_event_get_seqnum(event));
    gst_event_unref(event);
    tell(&sieve, element);
    g_string_free(sieve.left_out, TRUE);
    return stripped;
}
