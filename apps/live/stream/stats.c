/* SPDX-License-Identifier: Apache-2.0 */
#include "stats.h"

#include <gst/gst.h>
#include <stdlib.h>
#include <string.h>

enum { N_LATENCIES = 1024 }; /* of which quantiles are taken: some forty seconds */
enum element { ELEMENT_PROTECT, ELEMENT_MAIN, ELEMENT_SUB, N_ELEMENTS };

struct stats {
    GMutex lock;
    struct stats_values values; /* with what elements that are gone counted */
    guint64 n_arrived;
    gint64 last_arrival_us, last_heard_us;
    gint64 latencies[N_STREAMS][N_LATENCIES]; /* a ring, microseconds */
    GstElement *elements[N_ELEMENTS];
    guint64 n_given_before; /* pictures that elements which are gone took in */
};

struct stats *stats_new(void)
{
    struct stats *stats = g_new0(struct stats, 1);
    g_mutex_init(&stats->lock);
    stats->values.since_us = g_get_monotonic_time();
    return stats;
}

void stats_free(struct stats *stats)
{
    for (int i = 0; i < N_ELEMENTS; i++)
        gst_clear_object(&stats->elements[i]);
    g_mutex_clear(&stats->lock);
    g_free(stats);
}

const char *stats_state_name(enum camera_state state)
{
    static const char *const names[] = {"starting", "running", "stalled", "failed", "stopped"};
    return names[state];
}

const char *stats_fault_name(enum fault fault)
{
    static const char *const names[N_FAULTS] = {"source",   "stall", "detector", "encoder",
                                                "pipeline", "clock", "recorder", "client"};
    return names[fault];
}

void stats_set_state(struct stats *stats, enum camera_state state)
{
    g_mutex_lock(&stats->lock);
    if (stats->values.state != state)
        stats->values.since_us = g_get_monotonic_time();
    stats->values.state = state;
    g_mutex_unlock(&stats->lock);
}

void stats_count_fault(struct stats *stats, enum fault fault)
{
    g_mutex_lock(&stats->lock);
    stats->values.faults[fault]++;
    g_mutex_unlock(&stats->lock);
}

void stats_count_restart(struct stats *stats)
{
    g_mutex_lock(&stats->lock);
    stats->values.n_restarts++;
    g_mutex_unlock(&stats->lock);
}

void stats_set_source_protected(struct stats *stats, bool protected_)
{
    g_mutex_lock(&stats->lock);
    stats->values.source_protected = protected_;
    g_mutex_unlock(&stats->lock);
}

void stats_count_arrival(struct stats *stats)
{
    g_mutex_lock(&stats->lock);
    stats->n_arrived++;
    stats->last_arrival_us = stats->last_heard_us = g_get_monotonic_time();
    g_mutex_unlock(&stats->lock);
}

void stats_count_damaged(struct stats *stats)
{
    g_mutex_lock(&stats->lock);
    stats->values.pictures_damaged++;
    stats->last_heard_us = g_get_monotonic_time();
    g_mutex_unlock(&stats->lock);
}

gint64 stats_last_heard(struct stats *stats)
{
    g_mutex_lock(&stats->lock);
    gint64 last_us = stats->last_heard_us;
    g_mutex_unlock(&stats->lock);
    return last_us;
}

gint64 stats_last_arrival(struct stats *stats)
{
    g_mutex_lock(&stats->lock);
    gint64 last_us = stats->last_arrival_us;
    g_mutex_unlock(&stats->lock);
    return last_us;
}

void stats_count_unit(struct stats *stats, enum stream stream, gsize bytes, gint64 latency_us)
{
    g_mutex_lock(&stats->lock);
    struct latency *latency = &stats->values.streams[stream].latency;
    stats->values.streams[stream].units++;
    stats->values.streams[stream].bytes += bytes;
    stats->values.streams[stream].last_us = g_get_monotonic_time();
    stats->latencies[stream][latency->n++ % N_LATENCIES] = latency_us;
    latency->sum += (double)latency_us * 1e-6;
    g_mutex_unlock(&stats->lock);
}

void stats_count_dropped(struct stats *stats, enum stream stream, guint64 n)
{
    g_mutex_lock(&stats->lock);
    stats->values.streams[stream].dropped += n;
    g_mutex_unlock(&stats->lock);
}

void stats_set_subscribers(struct stats *stats, enum stream stream, int n, int queued)
{
    g_mutex_lock(&stats->lock);
    stats->values.streams[stream].subscribers = n;
    stats->values.streams[stream].queued = queued;
    g_mutex_unlock(&stats->lock);
}

void stats_count_segment(struct stats *stats, guint64 bytes)
{
    g_mutex_lock(&stats->lock);
    stats->values.segments++;
    stats->values.segment_bytes += bytes;
    g_mutex_unlock(&stats->lock);
}

void stats_count_deleted(struct stats *stats, guint64 n)
{
    g_mutex_lock(&stats->lock);
    stats->values.segments_deleted += n;
    g_mutex_unlock(&stats->lock);
}

void stats_set_recording(struct stats *stats, bool recording)
{
    g_mutex_lock(&stats->lock);
    stats->values.recording = recording;
    g_mutex_unlock(&stats->lock);
}

/* A number of any type; 0 if there is none of that name. */
static double number(const GstStructure *structure, const char *name)
{
    const GValue *value = structure ? gst_structure_get_value(structure, name) : NULL;
    GValue converted = G_VALUE_INIT;
    g_value_init(&converted, G_TYPE_DOUBLE);
    double result = 0;
    if (value && g_value_transform(value, &converted))
        result = g_value_get_double(&converted);
    g_value_unset(&converted);
    return result;
}

static void add(guint64 *count, const GstStructure *structure, const char *name)
{
    *count += (guint64)number(structure, name);
}

static GstStructure *read_element(GstElement *element)
{
    GstStructure *structure = NULL;
    if (element)
        g_object_get(element, "stats", &structure, NULL);
    return structure;
}

static void add_protect(struct stats_values *values, guint64 *n_given, const GstStructure *s)
{
    add(n_given, s, "pictures-in");
    add(&values->pictures_out, s, "pictures-out");
    add(&values->pictures_dropped, s, "dropped");
    add(&values->pictures_blind, s, "blind");
    add(&values->pictures_whole, s, "whole");
    add(&values->detections, s, "detections");
    add(&values->detections_late, s, "detections-late");
    add(&values->detector_failures, s, "detector-failures");
    add(&values->detector_restarts, s, "detector-restarts");
    add(&values->unsealed, s, "unsealed");
    add(&values->faults[FAULT_DETECTOR], s, "detector-failures");
    add(&values->faults[FAULT_CLOCK], s, "clock-faults");
    values->detection_rate = number(s, "detection-rate");
    values->detection_ms = number(s, "detection-ms");
    values->gap_ms = number(s, "gap-ms");
    values->detector_pid = (int)number(s, "detector-pid");
    values->targets = (int)number(s, "targets");
    values->regions = (int)number(s, "regions");
    values->queued = (int)number(s, "queued");
}

static void add_elements(struct stats_values *values, guint64 *n_given,
                         GstStructure *structures[N_ELEMENTS])
{
    add_protect(values, n_given, structures[ELEMENT_PROTECT]);
    add(&values->streams[STREAM_MAIN].recovery_bytes, structures[ELEMENT_MAIN], "recovery-bytes");
    add(&values->streams[STREAM_SUB].recovery_bytes, structures[ELEMENT_SUB], "recovery-bytes");
}

/* Asks the elements without the lock: one that is asked may wait for a thread that counts here. */
static void ask(struct stats *stats, GstStructure *structures[N_ELEMENTS])
{
    GstElement *elements[N_ELEMENTS] = {NULL};
    g_mutex_lock(&stats->lock);
    for (int i = 0; i < N_ELEMENTS; i++)
        if (stats->elements[i])
            elements[i] = gst_object_ref(stats->elements[i]);
    g_mutex_unlock(&stats->lock);
    for (int i = 0; i < N_ELEMENTS; i++) {
        structures[i] = read_element(elements[i]);
        gst_clear_object(&elements[i]);
    }
}

static void forget(GstStructure *structures[N_ELEMENTS])
{
    for (int i = 0; i < N_ELEMENTS; i++)
        if (structures[i])
            gst_structure_free(structures[i]);
}

void stats_set_elements(struct stats *stats, gpointer protect, gpointer attach_main,
                        gpointer attach_sub)
{
    GstStructure *structures[N_ELEMENTS];
    ask(stats, structures);
    gpointer elements[N_ELEMENTS] = {protect, attach_main, attach_sub};
    g_mutex_lock(&stats->lock);
    add_elements(&stats->values, &stats->n_given_before, structures);
    for (int i = 0; i < N_ELEMENTS; i++)
        gst_object_replace((GstObject **)&stats->elements[i], elements[i]);
    g_mutex_unlock(&stats->lock);
    forget(structures);
}

static int compare(const void *a, const void *b)
{
    const gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

static void find_quantiles(struct latency *latency, const gint64 *ring)
{
    gint64 sorted[N_LATENCIES];
    size_t n = (size_t)MIN(latency->n, N_LATENCIES);
    if (n == 0)
        return;
    memcpy(sorted, ring, n * sizeof(*ring));
    qsort(sorted, n, sizeof(*sorted), compare);
    latency->p50 = (double)sorted[(n - 1) * 50 / 100] * 1e-6;
    latency->p95 = (double)sorted[(n - 1) * 95 / 100] * 1e-6;
    latency->p99 = (double)sorted[(n - 1) * 99 / 100] * 1e-6;
}

void stats_read(struct stats *stats, struct stats_values *values)
{
    GstStructure *structures[N_ELEMENTS];
    ask(stats, structures);
    g_mutex_lock(&stats->lock);
    *values = stats->values;
    guint64 n_given = stats->n_given_before;
    add_elements(values, &n_given, structures);
    values->pictures_in = stats->n_arrived + values->pictures_damaged;
    values->pictures_dropped += values->pictures_damaged;
    if (stats->n_arrived >
        n_given) /* those that waited before the element count until they go in */
        values->pictures_dropped += stats->n_arrived - n_given;
    for (int i = 0; i < N_STREAMS; i++)
        find_quantiles(&values->streams[i].latency, stats->latencies[i]);
    g_mutex_unlock(&stats->lock);
    forget(structures);
}
