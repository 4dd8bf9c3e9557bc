/* SPDX-License-Identifier: Apache-2.0 */
#include "relay.h"

#include <gst/app/gstappsrc.h>

enum {
    FLOWS_S = 5,           /* since the last access unit: there is something to give */
    MAX_WAITING_UNITS = 75 /* in a media whose network does not take them */
};

/* The link of one media to its hub. */
struct relay {
    GMutex lock; /* of the subscriber */
    struct hub *hub;
    struct hub_subscriber *subscriber;
    GstElement *entry;
    /* Of the subscriber's thread. */
    GstClockTime base;
    bool waits; /* for a random access point */
};

/* GObject's way to overload what a factory makes. */
G_DECLARE_FINAL_TYPE(RelayFactory, relay_factory, RELAY, FACTORY, GstRTSPMediaFactory)
struct _RelayFactory {
    GstRTSPMediaFactory parent;
    struct hub *hub;
    GMutex lock;      /* of what follows */
    GWeakRef media;   /* the last one made */
    guint generation; /* its number */
};
G_DEFINE_TYPE(RelayFactory, relay_factory, GST_TYPE_RTSP_MEDIA_FACTORY)

/* Times begin with the first picture: what is sent is late already, and leaves at once. */
static GstClockTime since(GstClockTime base, GstClockTime time)
{
    return GST_CLOCK_TIME_IS_VALID(time) ? MAX(time, base) - base : GST_CLOCK_TIME_NONE;
}

static bool take(gpointer user, GstBuffer *buffer, GstCaps *caps, bool discont)
{
    struct relay *relay = user;
    GstAppSrc *entry = GST_APP_SRC(relay->entry);
    if (gst_app_src_get_current_level_buffers(entry) >= MAX_WAITING_UNITS)
        relay->waits = true;
    if (relay->waits && GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT))
        return true;
    if (!GST_CLOCK_TIME_IS_VALID(relay->base))
        relay->base = MIN(GST_BUFFER_PTS(buffer), GST_BUFFER_DTS_OR_PTS(buffer));
    GstBuffer *copy = gst_buffer_copy(buffer);
    GST_BUFFER_PTS(copy) = since(relay->base, GST_BUFFER_PTS(buffer));
    GST_BUFFER_DTS(copy) = since(relay->base, GST_BUFFER_DTS(buffer));
    if (discont || relay->waits)
        GST_BUFFER_FLAG_SET(copy, GST_BUFFER_FLAG_DISCONT);
    relay->waits = false;
    gst_app_src_set_caps(entry, caps);
    return gst_app_src_push_buffer(entry, copy) == GST_FLOW_OK;
}

/* The media runs, and asks for data. */
static void subscribe(GstAppSrc *entry, guint length, gpointer user)
{
    (void)entry;
    (void)length;
    struct relay *relay = user;
    g_mutex_lock(&relay->lock);
    if (!relay->subscriber)
        relay->subscriber = hub_subscribe(relay->hub, take, relay);
    g_mutex_unlock(&relay->lock);
}

static void unsubscribe(GstRTSPMedia *media, struct relay *relay)
{
    (void)media;
    g_mutex_lock(&relay->lock);
    struct hub_subscriber *subscriber = relay->subscriber;
    relay->subscriber = NULL;
    g_mutex_unlock(&relay->lock);
    if (subscriber)
        hub_unsubscribe(relay->hub, subscriber);
}

static void free_relay(gpointer data)
{
    struct relay *relay = data;
    unsubscribe(NULL, relay);
    gst_object_unref(relay->entry);
    hub_unref(relay->hub);
    g_mutex_clear(&relay->lock);
    g_free(relay);
}

bool relay_factory_flows(GstRTSPMediaFactory *factory)
{
    return hub_flows(RELAY_FACTORY(factory)->hub, FLOWS_S * G_TIME_SPAN_SECOND);
}

static GstElement *create_element(GstRTSPMediaFactory *factory, const GstRTSPUrl *url)
{
    (void)url;
    GstCaps *caps = relay_factory_flows(factory) ? hub_caps(RELAY_FACTORY(factory)->hub) : NULL;
    if (!caps)
        return NULL;
    const char *codec =
        gst_structure_has_name(gst_caps_get_structure(caps, 0), "video/x-h265") ? "h265" : "h264";
    gst_caps_unref(caps);
    char *description =
        g_strdup_printf("( appsrc name=entry is-live=true format=time max-bytes=0 min-latency=0 ! "
                        "rtp%spay name=pay0 pt=96 aggregate-mode=zero-latency )",
                        codec);
    GstElement *element = gst_parse_launch(description, NULL);
    g_free(description);
    return element;
}

/* Medias of one key are shared. One that is being taken down would be too, and its clients sent
 * away: then the next one has another key. */
static char *gen_key(GstRTSPMediaFactory *base, const GstRTSPUrl *url)
{
    RelayFactory *factory = RELAY_FACTORY(base);
    g_mutex_lock(&factory->lock);
    GstRTSPMedia *media = g_weak_ref_get(&factory->media);
    g_mutex_unlock(&factory->lock);
    GstRTSPMediaStatus status =
        media ? gst_rtsp_media_get_status(media) : GST_RTSP_MEDIA_STATUS_UNPREPARED;
    bool ends = media && status != GST_RTSP_MEDIA_STATUS_PREPARED &&
                status != GST_RTSP_MEDIA_STATUS_SUSPENDED;
    g_clear_object(&media);
    g_mutex_lock(&factory->lock);
    factory->generation += ends;
    char *key = g_strdup_printf("%s %u", url->abspath, factory->generation);
    g_mutex_unlock(&factory->lock);
    return key;
}

static void configure(GstRTSPMediaFactory *factory, GstRTSPMedia *media)
{
    GST_RTSP_MEDIA_FACTORY_CLASS(relay_factory_parent_class)->configure(factory, media);
    RelayFactory *own = RELAY_FACTORY(factory);
    g_mutex_lock(&own->lock);
    g_weak_ref_set(&own->media, media);
    g_mutex_unlock(&own->lock);
    GstElement *element = gst_rtsp_media_get_element(media);
    struct relay *relay = g_new0(struct relay, 1);
    relay->hub = hub_ref(own->hub);
    relay->entry = gst_bin_get_by_name(GST_BIN(element), "entry");
    relay->base = GST_CLOCK_TIME_NONE;
    g_mutex_init(&relay->lock);
    gst_object_unref(element);
    GstAppSrcCallbacks callbacks = {.need_data = subscribe};
    gst_app_src_set_callbacks(GST_APP_SRC(relay->entry), &callbacks, relay, NULL);
    g_signal_connect(media, "unprepared", G_CALLBACK(unsubscribe), relay);
    g_object_set_data_full(G_OBJECT(media), "relay", relay, free_relay);
}

static void finalize(GObject *object)
{
    RelayFactory *factory = RELAY_FACTORY(object);
    hub_unref(factory->hub);
    g_weak_ref_clear(&factory->media);
    g_mutex_clear(&factory->lock);
    G_OBJECT_CLASS(relay_factory_parent_class)->finalize(object);
}

static void relay_factory_class_init(RelayFactoryClass *class_)
{
    G_OBJECT_CLASS(class_)->finalize = finalize;
    GstRTSPMediaFactoryClass *factory = GST_RTSP_MEDIA_FACTORY_CLASS(class_);
    factory->gen_key = gen_key;
    factory->create_element = create_element;
    factory->configure = configure;
}

static void relay_factory_init(RelayFactory *factory)
{
    g_weak_ref_init(&factory->media, NULL);
    g_mutex_init(&factory->lock);
}

GstRTSPMediaFactory *relay_factory_new(struct hub *hub)
{
    RelayFactory *factory = g_object_new(relay_factory_get_type(), NULL);
    factory->hub = hub_ref(hub);
    gst_rtsp_media_factory_set_shared(GST_RTSP_MEDIA_FACTORY(factory), TRUE);
    return GST_RTSP_MEDIA_FACTORY(factory);
}
