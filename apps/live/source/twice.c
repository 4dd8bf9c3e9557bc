/* SPDX-License-Identifier: Apache-2.0 */
#include "twice.h"

#include <stdbool.h>
#include <string.h>

#define MESSAGE "bauta-twice"

/* By which Bauta's messages begin (docs/format.md). No two bytes of it are zero, so that it stands
 * in the coded bytes as it is. */
static const guint8 uuid[16] = {0x7f, 0x24, 0x7e, 0xef, 0x1d, 0xcd, 0x41, 0x27,
                                0x97, 0x69, 0xee, 0x70, 0x67, 0xad, 0x09, 0x3e};

static bool is_in(const guint8 *data, gsize size)
{
    const guint8 *at = data, *end = data + size;
    while ((gsize)(end - at) >= sizeof(uuid) &&
           (at = memchr(at, uuid[0], (gsize)(end - at) - sizeof(uuid) + 1))) {
        if (memcmp(at, uuid, sizeof(uuid)) == 0)
            return true;
        at++;
    }
    return false;
}

static GstPadProbeReturn look(GstPad *pad, GstPadProbeInfo *info, gpointer element)
{
    (void)pad;
    GstMapInfo map;
    GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
    if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
        return GST_PAD_PROBE_OK;
    const bool found = is_in(map.data, map.size);
    gst_buffer_unmap(buffer, &map);
    if (!found)
        return GST_PAD_PROBE_OK;
    gst_element_post_message(
        element, gst_message_new_element(GST_OBJECT(element), gst_structure_new_empty(MESSAGE)));
    return GST_PAD_PROBE_REMOVE;
}

void twice_pad(GstPad *pad, GstElement *element)
{
    gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, look, element, NULL);
}

static void look_at_element(GstBin *bin, GstBin *parent, GstElement *decoder, gpointer element)
{
    const char *klass = gst_element_get_metadata(decoder, GST_ELEMENT_METADATA_KLASS);
    GstPad *pad = klass && strstr(klass, "Decoder") && strstr(klass, "Video")
                      ? gst_element_get_static_pad(decoder, "sink")
                      : NULL;
    (void)bin;
    (void)parent;
    if (pad)
        twice_pad(pad, element);
    gst_clear_object(&pad);
}

void twice_bin(GstBin *bin, GstElement *element)
{
    g_signal_connect(bin, "deep-element-added", G_CALLBACK(look_at_element), element);
}

char *twice_read(GstMessage *message)
{
    if (!gst_message_has_name(message, MESSAGE))
        return NULL;
    return g_strdup("the source is protected by Bauta already: it is masked once more, and "
                    "originals that are sealed in it do not leave; take the camera itself");
}
