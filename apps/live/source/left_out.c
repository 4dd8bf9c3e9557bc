/* SPDX-License-Identifier: Apache-2.0 */
#include "left_out.h"

#include <string.h>

#define MESSAGE "bauta-left-out"

static bool is_text(const char *name)
{
    static const char *const prefixes[] = {"text",     "subpicture",        "closedcaption",
                                           "subtitle", "application/x-ssa", "application/x-ass"};
    for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++)
        if (g_str_has_prefix(name, prefixes[i]))
            return true;
    return false;
}

void left_out_count(struct left_out *left_out, const GstCaps *caps)
{
    const GstStructure *structure =
        caps && gst_caps_get_size(caps) > 0 ? gst_caps_get_structure(caps, 0) : NULL;
    const char *name = structure ? gst_structure_get_name(structure) : "";
    const char *media = structure ? gst_structure_get_string(structure, "media") : NULL;
    if (media)
        name = media; /* application/x-rtp says there what it carries */
    if (g_str_has_prefix(name, "audio"))
        left_out->n_sounds++;
    else if (g_str_has_prefix(name, "video") || g_str_has_prefix(name, "image"))
        left_out->n_videos++;
    else if (is_text(name))
        left_out->n_texts++;
    else
        left_out->n_others++;
}

static void add(GString *text, int n, const char *one, const char *several)
{
    if (n == 0)
        return;
    g_string_append(text, text->len ? ", " : "");
    if (n == 1)
        g_string_append(text, one);
    else
        g_string_append_printf(text, several, n);
}

void left_out_post(struct left_out *left_out, GstElement *element)
{
    const struct left_out n = *left_out;
    GString *text = g_string_new(NULL);
    *left_out = (struct left_out){0};
    add(text, n.n_sounds, "sound", "%d tracks of sound");
    add(text, n.n_videos, "another video track", "%d other video tracks");
    add(text, n.n_texts, "subtitles", "%d tracks of subtitles");
    add(text, n.n_others, "a track of other data", "%d tracks of other data");
    if (text->len)
        gst_element_post_message(
            element, gst_message_new_element(
                         GST_OBJECT(element),
                         gst_structure_new(MESSAGE, "what", G_TYPE_STRING, text->str, NULL)));
    g_string_free(text, TRUE);
}

char *left_out_read(GstMessage *message)
{
    if (!gst_message_has_name(message, MESSAGE))
        return NULL;
    const GstStructure *structure = gst_message_get_structure(message);
    return g_strdup_printf("of the source only video leaves; left out: %s",
                           gst_structure_get_string(structure, "what"));
}
