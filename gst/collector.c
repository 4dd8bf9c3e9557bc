/* SPDX-License-Identifier: Apache-2.0 */
#include "collector.h"

#include <bauta/inspector.h>
#include <string.h>

#include "pairing.h"
#include "element_log.h"

enum { EARLY_MOST = 512 };
static const gsize early_bytes_most = (gsize)64 << 20;
static const char question[] = "bauta-collector";

/* An access unit from before it was known who reads. */
struct early {
    GstBuffer *unit;
    int64_t running_us;
};

struct collector {
    int n_references; /* atomic */
    GMutex lock;      /* of all that follows */
    enum bauta_codec codec;
    struct bauta_object_codec object_codec;
    struct reader *reader;
    struct bauta_restorer *restorer; /* NULL: nobody reads yet */
    GQueue early;
    gsize early_bytes;
};

struct collector *collector_new(void)
{
    struct collector *c = g_new0(struct collector, 1);
    c->n_references = 1;
    c->codec = BAUTA_CODEC_H264;
    bauta_object_codec_init(&c->object_codec, BAUTA_CODEC_H264);
    g_mutex_init(&c->lock);
    g_queue_init(&c->early);
    return c;
}

struct collector *collector_ref(struct collector *c)
{
    g_atomic_int_inc(&c->n_references);
    return c;
}

static void drop_oldest(struct collector *c)
{
    struct early *oldest = g_queue_pop_head(&c->early);
    c->early_bytes -= gst_buffer_get_size(oldest->unit);
    gst_buffer_unref(oldest->unit);
    g_free(oldest);
}

static void forget(struct collector *c)
{
    while (c->early.length > 0)
        drop_oldest(c);
    bauta_restorer_free(&c->restorer);
}

void collector_unref(struct collector **collector)
{
    struct collector *c = *collector;
    *collector = NULL;
    if (!c || !g_atomic_int_dec_and_test(&c->n_references))
        return;
    forget(c);
    reader_unref(&c->reader);
    g_mutex_clear(&c->lock);
    g_free(c);
}

/* Makes the restorer when it is known who reads. */
static enum bauta_status open_restorer(struct collector *c)
{
    struct bauta_restorer_settings settings;
    if (c->restorer || !c->reader)
        return c->restorer ? BAUTA_OK : BAUTA_ERR_ARGUMENT;
    bauta_restorer_settings_init(&settings);
    settings.codec = c->codec;
    settings.key = c->reader->key;
    settings.grant = c->reader->grant;
    settings.now_ms = (uint64_t)g_get_real_time() / 1000;
    settings.classes = c->reader->classes;
    settings.targets = c->reader->n_targets ? c->reader->targets : NULL;
    settings.n_targets = c->reader->n_targets;
    settings.object_codec = &c->object_codec;
    settings.log = &category_log;
    return bauta_restorer_new(&c->restorer, &settings);
}

static void give(struct collector *c, GstBuffer *unit, int64_t running_us)
{
    GstMapInfo map;
    if (!gst_buffer_map(unit, &map, GST_MAP_READ))
        return;
    if (bauta_restorer_collect(c->restorer, (struct bauta_bytes){map.data, map.size}, running_us))
        GST_WARNING("an access unit could not be read: its picture stays masked");
    gst_buffer_unmap(unit, &map);
}

static void keep(struct collector *c, GstBuffer *unit, int64_t running_us)
{
    struct early *early = g_new(struct early, 1);
    *early = (struct early){gst_buffer_ref(unit), running_us};
    g_queue_push_tail(&c->early, early);
    c->early_bytes += gst_buffer_get_size(unit);
    while (c->early.length > EARLY_MOST || c->early_bytes > early_bytes_most)
        drop_oldest(c);
}

void collector_set_codec(struct collector *c, enum bauta_codec codec)
{
    g_mutex_lock(&c->lock);
    if (codec != c->codec)
        forget(c);
    c->codec = codec;
    g_mutex_unlock(&c->lock);
}

void collector_collect(struct collector *c, GstBuffer *unit, int64_t running_us)
{
    g_mutex_lock(&c->lock);
    if (open_restorer(c))
        keep(c, unit, running_us);
    else
        give(c, unit, running_us);
    g_mutex_unlock(&c->lock);
}

void collector_forget(struct collector *c)
{
    g_mutex_lock(&c->lock);
    forget(c);
    g_mutex_unlock(&c->lock);
}

static void look_at(struct bauta_inspector *inspector, GstBuffer *unit)
{
    GstMapInfo map;
    if (!gst_buffer_map(unit, &map, GST_MAP_READ))
        return;
    if (bauta_inspector_collect(inspector, (struct bauta_bytes){map.data, map.size}, 0))
        GST_WARNING("an access unit could not be read");
    gst_buffer_unmap(unit, &map);
}

/* The same out of what is kept for who will read. */
static bool early_stream_id(struct collector *c, uint8_t stream_id[BAUTA_STREAM_ID_SIZE])
{
    struct bauta_inspector *inspector;
    struct bauta_inspection found = {.n_streams = 0};
    if (bauta_inspector_new(&inspector, c->codec))
        return false;
    for (GList *at = c->early.head; at && found.n_streams == 0; at = at->next) {
        const struct early *early = at->data;
        look_at(inspector, early->unit);
        bauta_inspector_result(inspector, &found);
    }
    if (found.n_streams > 0)
        memcpy(stream_id, found.stream_id, sizeof(found.stream_id));
    bauta_inspector_free(&inspector);
    return found.n_streams > 0;
}

bool collector_stream_id(struct collector *c, uint8_t stream_id[BAUTA_STREAM_ID_SIZE])
{
    g_mutex_lock(&c->lock);
    bool known = c->restorer ? bauta_restorer_stream_id(c->restorer, stream_id)
                             : early_stream_id(c, stream_id);
    g_mutex_unlock(&c->lock);
    return known;
}

void collector_set_reader(struct collector *c, struct reader *reader)
{
    g_mutex_lock(&c->lock);
    bauta_restorer_free(&c->restorer);
    reader_unref(&c->reader);
    c->reader = reader ? reader_ref(reader) : NULL;
    while (!open_restorer(c) && c->early.length > 0) {
        const struct early *oldest = c->early.head->data;
        give(c, oldest->unit, oldest->running_us);
        drop_oldest(c);
    }
    g_mutex_unlock(&c->lock);
}

enum bauta_status collector_reveal(struct collector *c, struct bauta_reveal_report *report,
                                   struct bauta_picture *picture, int64_t running_us)
{
    g_mutex_lock(&c->lock);
    enum bauta_status status = open_restorer(c);
    if (!status) {
        bauta_restorer_tell_time(c->restorer, (uint64_t)g_get_real_time() / 1000);
        status = bauta_restorer_reveal(c->restorer, report, picture, running_us);
    }
    g_mutex_unlock(&c->lock);
    return status;
}

static gpointer copy_boxed(gpointer collector)
{
    return collector_ref(collector);
}

static void free_boxed(gpointer collector)
{
    struct collector *c = collector;
    collector_unref(&c);
}

static GType boxed_type(void)
{
    static gsize type;
    if (g_once_init_enter(&type))
        g_once_init_leave(&type,
                          g_boxed_type_register_static("BautaCollector", copy_boxed, free_boxed));
    return type;
}

struct collector *collector_ask(GstPad *sink_pad)
{
    return pairing_ask(sink_pad, question, boxed_type());
}

bool collector_answer(GstQuery *query, struct collector *collector)
{
    return pairing_answer(query, question, boxed_type(), collector);
}
