/* SPDX-License-Identifier: Apache-2.0 */
#include "hub.h"

/* A subscriber that has so much before it does not keep up. */
enum { MAX_QUEUED_UNITS = 300, MAX_QUEUED_BYTES = 32 << 20 };

struct item {
    GstBuffer *buffer;
    GstCaps *caps;
    bool discont;
};

struct hub_subscriber {
    struct hub *hub;
    hub_take_function *take;
    gpointer user;
    GThread *thread;
    GQueue queue; /* of struct item */
    gsize queued_bytes;
    bool waits; /* for a random access point */
    bool busy;  /* in take() */
    bool gone;
};

struct hub {
    gint n_references;
    GMutex lock;
    GCond changed;       /* something was queued, taken, or ended */
    struct stats *stats; /* NULL when closed */
    enum stream stream;
    GList *subscribers;
    GstCaps *caps;
    gint64 last_us;
};

struct hub *hub_new(struct stats *stats, enum stream stream)
{
    struct hub *hub = g_new0(struct hub, 1);
    hub->n_references = 1;
    hub->stats = stats;
    hub->stream = stream;
    g_mutex_init(&hub->lock);
    g_cond_init(&hub->changed);
    return hub;
}

struct hub *hub_ref(struct hub *hub)
{
    g_atomic_int_inc(&hub->n_references);
    return hub;
}

void hub_unref(struct hub *hub)
{
    if (!hub || !g_atomic_int_dec_and_test(&hub->n_references))
        return;
    g_assert(!hub->subscribers);
    gst_clear_caps(&hub->caps);
    g_cond_clear(&hub->changed);
    g_mutex_clear(&hub->lock);
    g_free(hub);
}

void hub_close(struct hub *hub)
{
    g_mutex_lock(&hub->lock);
    hub->stats = NULL;
    g_mutex_unlock(&hub->lock);
}

static void free_item(struct item *item)
{
    gst_buffer_unref(item->buffer);
    gst_caps_unref(item->caps);
    g_free(item);
}

static guint forget_queue(struct hub_subscriber *subscriber)
{
    guint n = subscriber->queue.length;
    struct item *item;
    while ((item = g_queue_pop_head(&subscriber->queue)))
        free_item(item);
    subscriber->queued_bytes = 0;
    return n;
}

/* With the lock held. */
static void tell_subscribers(struct hub *hub)
{
    int n = 0, queued = 0;
    for (GList *at = hub->subscribers; at; at = at->next) {
        const struct hub_subscriber *subscriber = at->data;
        n++;
        queued += (int)subscriber->queue.length;
    }
    if (hub->stats)
        stats_set_subscribers(hub->stats, hub->stream, n, queued);
}

/* With the lock held. */
static void queue_for(struct hub_subscriber *subscriber, GstBuffer *buffer, GstCaps *caps)
{
    struct hub *hub = subscriber->hub;
    bool random_access = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    gsize size = gst_buffer_get_size(buffer);
    if (subscriber->queue.length >= MAX_QUEUED_UNITS ||
        subscriber->queued_bytes + size > MAX_QUEUED_BYTES) {
        guint n = forget_queue(subscriber);
        subscriber->waits = true;
        if (hub->stats) {
            stats_count_dropped(hub->stats, hub->stream, n);
            stats_count_fault(hub->stats, FAULT_CLIENT);
        }
    }
    if (subscriber->gone || (subscriber->waits && !random_access))
        return;
    struct item *item = g_new(struct item, 1);
    *item = (struct item){gst_buffer_ref(buffer), gst_caps_ref(caps), subscriber->waits};
    subscriber->waits = false;
    subscriber->queued_bytes += size;
    g_queue_push_tail(&subscriber->queue, item);
}

static GstClockTime absolute(const GstSegment *segment, GstClockTime time, GstClockTime base_time)
{
    guint64 running = 0;
    int sign = GST_CLOCK_TIME_IS_VALID(time)
                   ? gst_segment_to_running_time_full(segment, GST_FORMAT_TIME, time, &running)
                   : 0;
    if (sign > 0)
        return base_time + running;
    return sign < 0 && running < base_time ? base_time - running : GST_CLOCK_TIME_NONE;
}

void hub_push(struct hub *hub, GstSample *sample, GstClockTime base_time)
{
    const GstSegment *segment = gst_sample_get_segment(sample);
    GstCaps *caps = gst_sample_get_caps(sample);
    GstBuffer *buffer = gst_buffer_copy(gst_sample_get_buffer(sample)); /* its memory is shared */
    GST_BUFFER_PTS(buffer) = absolute(segment, GST_BUFFER_PTS(buffer), base_time);
    GST_BUFFER_DTS(buffer) = absolute(segment, GST_BUFFER_DTS(buffer), base_time);
    gint64 now_us = g_get_monotonic_time();
    g_mutex_lock(&hub->lock);
    if (hub->stats && GST_BUFFER_PTS_IS_VALID(buffer)) {
        hub->last_us = now_us;
        gst_caps_replace(&hub->caps, caps);
        stats_count_unit(hub->stats, hub->stream, gst_buffer_get_size(buffer),
                         now_us - (gint64)(GST_BUFFER_PTS(buffer) / 1000));
        for (GList *at = hub->subscribers; at; at = at->next)
            queue_for(at->data, buffer, caps);
        tell_subscribers(hub);
        g_cond_broadcast(&hub->changed);
    }
    g_mutex_unlock(&hub->lock);
    gst_buffer_unref(buffer);
}

void hub_interrupt(struct hub *hub)
{
    g_mutex_lock(&hub->lock);
    for (GList *at = hub->subscribers; at; at = at->next)
        ((struct hub_subscriber *)at->data)->waits = true;
    g_mutex_unlock(&hub->lock);
}

GstCaps *hub_caps(struct hub *hub)
{
    g_mutex_lock(&hub->lock);
    GstCaps *caps = hub->caps ? gst_caps_ref(hub->caps) : NULL;
    g_mutex_unlock(&hub->lock);
    return caps;
}

bool hub_flows(struct hub *hub, gint64 age_us)
{
    g_mutex_lock(&hub->lock);
    bool flows = hub->stats && hub->last_us && g_get_monotonic_time() - hub->last_us < age_us;
    g_mutex_unlock(&hub->lock);
    return flows;
}

static gpointer run(gpointer data)
{
    struct hub_subscriber *subscriber = data;
    struct hub *hub = subscriber->hub;
    g_mutex_lock(&hub->lock);
    while (!subscriber->gone) {
        struct item *item = g_queue_pop_head(&subscriber->queue);
        if (!item) {
            g_cond_wait(&hub->changed, &hub->lock);
            continue;
        }
        subscriber->queued_bytes -= gst_buffer_get_size(item->buffer);
        subscriber->busy = true;
        g_mutex_unlock(&hub->lock);
        bool more = subscriber->take(subscriber->user, item->buffer, item->caps, item->discont);
        free_item(item);
        g_mutex_lock(&hub->lock);
        subscriber->busy = false;
        subscriber->gone |= !more;
        g_cond_broadcast(&hub->changed);
    }
    g_mutex_unlock(&hub->lock);
    return NULL;
}

struct hub_subscriber *hub_subscribe(struct hub *hub, hub_take_function *take, gpointer user)
{
    struct hub_subscriber *subscriber = g_new0(struct hub_subscriber, 1);
    subscriber->hub = hub_ref(hub);
    subscriber->take = take;
    subscriber->user = user;
    subscriber->waits = true;
    g_queue_init(&subscriber->queue);
    g_mutex_lock(&hub->lock);
    hub->subscribers = g_list_prepend(hub->subscribers, subscriber);
    tell_subscribers(hub);
    g_mutex_unlock(&hub->lock);
    subscriber->thread = g_thread_new("subscriber", run, subscriber);
    return subscriber;
}

void hub_drain(struct hub *hub, struct hub_subscriber *subscriber, gint64 timeout_us)
{
    gint64 end_us = g_get_monotonic_time() + timeout_us;
    g_mutex_lock(&hub->lock);
    while ((subscriber->queue.length || subscriber->busy) && !subscriber->gone)
        if (!g_cond_wait_until(&hub->changed, &hub->lock, end_us))
            break;
    g_mutex_unlock(&hub->lock);
}

void hub_unsubscribe(struct hub *hub, struct hub_subscriber *subscriber)
{
    g_mutex_lock(&hub->lock);
    subscriber->gone = true;
    hub->subscribers = g_list_remove(hub->subscribers, subscriber);
    tell_subscribers(hub);
    g_cond_broadcast(&hub->changed);
    g_mutex_unlock(&hub->lock);
    g_thread_join(subscriber->thread);
    forget_queue(subscriber);
    g_free(subscriber);
    hub_unref(hub);
}
