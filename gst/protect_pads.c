/* SPDX-License-Identifier: Apache-2.0 */
/* Its pads: which there are, and what goes to all of them. */
#include "protect.h"

int protect_subs(BautaProtect *self, BautaProtectPad *subs[PROTECT_SUBS_MOST])
{
    int n = 0;
    GST_OBJECT_LOCK(self);
    for (GList *at = GST_ELEMENT(self)->srcpads; at && n < PROTECT_SUBS_MOST; at = at->next)
        if (at->data != self->src)
            subs[n++] = gst_object_ref(at->data);
    GST_OBJECT_UNLOCK(self);
    return n;
}

/* A stream's id for each pad: no two are the same. */
static GstEvent *stream_start_for(GstPad *pad, BautaProtect *self, GstEvent *event)
{
    guint group;
    GstStreamFlags flags;
    char *id = gst_pad_create_stream_id(pad, GST_ELEMENT(self), GST_PAD_NAME(pad));
    GstEvent *own = gst_event_new_stream_start(id);
    g_free(id);
    if (gst_event_parse_group_id(event, &group))
        gst_event_set_group_id(own, group);
    gst_event_parse_stream_flags(event, &flags);
    gst_event_set_stream_flags(own, flags);
    return own;
}

/* A sub pad that has no caps yet gets only what may come before them. */
static void send_to_sub(BautaProtect *self, BautaProtectPad *sub, GstEvent *event)
{
    GstPad *pad = GST_PAD(sub);
    if (GST_EVENT_TYPE(event) == GST_EVENT_STREAM_START)
        gst_pad_push_event(pad, stream_start_for(pad, self, event));
    else if (sub->negotiated || !GST_EVENT_IS_STICKY(event) ||
             GST_EVENT_TYPE(event) == GST_EVENT_EOS)
        gst_pad_push_event(pad, gst_event_ref(event));
}

gboolean protect_send_event(BautaProtect *self, GstEvent *event)
{
    BautaProtectPad *subs[PROTECT_SUBS_MOST];
    int n = protect_subs(self, subs);
    for (int i = 0; i < n; i++) {
        send_to_sub(self, subs[i], event);
        gst_object_unref(subs[i]);
    }
    if (GST_EVENT_TYPE(event) == GST_EVENT_STREAM_START) {
        GstEvent *own = stream_start_for(GST_PAD(self->src), self, event);
        gst_event_unref(event);
        event = own;
    }
    return gst_pad_push_event(GST_PAD(self->src), event);
}
