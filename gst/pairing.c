/* SPDX-License-Identifier: Apache-2.0 */
#include "pairing.h"

static const char field[] = "shared";

gpointer pairing_ask(GstPad *sink_pad, const char *name, GType type)
{
    gpointer shared = NULL;
    GstQuery *query = gst_query_new_custom(GST_QUERY_CUSTOM, gst_structure_new_empty(name));
    if (gst_pad_peer_query(sink_pad, query))
        gst_structure_get(gst_query_get_structure(query), field, type, &shared, NULL);
    gst_query_unref(query);
    return shared;
}

bool pairing_answer(GstQuery *query, const char *name, GType type, gconstpointer shared)
{
    const GstStructure *question = gst_query_get_structure(query);
    if (GST_QUERY_TYPE(query) != GST_QUERY_CUSTOM || !question ||
        !gst_structure_has_name(question, name))
        return false;
    gst_structure_set(gst_query_writable_structure(query), field, type, shared, NULL);
    return true;
}
