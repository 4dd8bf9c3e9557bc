/* SPDX-License-Identifier: Apache-2.0 */
#include "metrics.h"

#include <bauta/version.h>
#include <math.h>
#include <stddef.h>

#include "base/process.h"

enum number { NUMBER_NONE, NUMBER_COUNT, NUMBER_INT, NUMBER_DOUBLE, NUMBER_BOOL };

enum { MOST_FIGURES = 8 }; /* of one family */

/* A member of struct stats_values. */
struct figure {
    enum number kind;
    size_t offset;
    const char *label; /* what stands after the camera's name; NULL: nothing */
    double scale;      /* 0: as it is */
};

struct family {
    const char *name, *type, *help;
    struct figure figures[MOST_FIGURES];
};

#define VALUE(member) offsetof(struct stats_values, member)
#define COUNT(member, label)                                                                       \
    {                                                                                              \
        NUMBER_COUNT, VALUE(member), label, 0                                                      \
    }
#define INT(member)                                                                                \
    {                                                                                              \
        NUMBER_INT, VALUE(member), NULL, 0                                                         \
    }
#define DOUBLE(member, scale)                                                                      \
    {                                                                                              \
        NUMBER_DOUBLE, VALUE(member), NULL, scale                                                  \
    }

static const struct family families[] = {
    {"bauta_camera_restarts_total",
     "counter",
     "Times that the camera's pipeline was started anew.",
     {COUNT(n_restarts, NULL)}},
    {"bauta_pictures_total",
     "counter",
     "Pictures that came in, went out masked, were dropped, among those damaged on the way; of "
     "those "
     "that went out: hidden whole, and so for want of a detection (blind).",
     {COUNT(pictures_in, "kind=\"in\""), COUNT(pictures_out, "kind=\"out\""),
      COUNT(pictures_dropped, "kind=\"dropped\""), COUNT(pictures_damaged, "kind=\"damaged\""),
      COUNT(pictures_blind, "kind=\"blind\""), COUNT(pictures_whole, "kind=\"whole\"")}},
    {"bauta_detections_total",
     "counter",
     "Pictures that the detector answered for.",
     {COUNT(detections, NULL)}},
    {"bauta_detections_late_total",
     "counter",
     "Answers that came after their picture had to leave, and were used for later ones.",
     {COUNT(detections_late, NULL)}},
    {"bauta_detector_failures_total",
     "counter",
     "Pictures that the detector could not answer for.",
     {COUNT(detector_failures, NULL)}},
    {"bauta_detector_restarts_total",
     "counter",
     "Times that the detector's process was started anew.",
     {COUNT(detector_restarts, NULL)}},
    {"bauta_detection_rate_hertz",
     "gauge",
     "Answers per second, over the last five seconds.",
     {DOUBLE(detection_rate, 0)}},
    {"bauta_detection_seconds",
     "gauge",
     "Mean time of the last detections.",
     {DOUBLE(detection_ms, 1e-3)}},
    {"bauta_detection_gap_seconds",
     "gauge",
     "Time that passed since the last picture with an answer.",
     {DOUBLE(gap_ms, 1e-3)}},
    {"bauta_targets", "gauge", "People and faces that are followed.", {INT(targets)}},
    {"bauta_regions", "gauge", "Regions hidden in the last picture.", {INT(regions)}},
    {"bauta_unsealed_regions_total",
     "counter",
     "Hidden regions whose original could not be kept.",
     {COUNT(unsealed, NULL)}},
    {"bauta_queued_pictures", "gauge", "Pictures that wait for the detector.", {INT(queued)}},
    {"bauta_source_protected",
     "gauge",
     "Whether what comes from the source carries sealed originals of Bauta already: it is masked "
     "twice, and they do not leave.",
     {{NUMBER_BOOL, VALUE(source_protected), NULL, 0}}},
    {"bauta_recording",
     "gauge",
     "Whether a segment is being written.",
     {{NUMBER_BOOL, VALUE(recording), NULL, 0}}},
    {"bauta_segments_total", "counter", "Segments that were closed.", {COUNT(segments, NULL)}},
    {"bauta_segment_bytes_total",
     "counter",
     "Bytes of closed segments.",
     {COUNT(segment_bytes, NULL)}},
    {"bauta_segments_deleted_total",
     "counter",
     "Segments deleted for age or for room.",
     {COUNT(segments_deleted, NULL)}},
};

/* Of each stream: members of streams[0]. */
static const struct family stream_families[] = {
    {"bauta_stream_units_total",
     "counter",
     "Access units that left the camera.",
     {COUNT(streams[0].units, NULL)}},
    {"bauta_stream_bytes_total",
     "counter",
     "Bytes of these, with recovery data.",
     {COUNT(streams[0].bytes, NULL)}},
    {"bauta_stream_recovery_bytes_total",
     "counter",
     "Bytes of recovery data in these.",
     {COUNT(streams[0].recovery_bytes, NULL)}},
    {"bauta_stream_dropped_units_total",
     "counter",
     "Access units that slow subscribers missed.",
     {COUNT(streams[0].dropped, NULL)}},
    {"bauta_stream_subscribers", "gauge", "Clients and recorders.", {INT(streams[0].subscribers)}},
    {"bauta_stream_queued_units",
     "gauge",
     "Access units in the subscribers' queues.",
     {INT(streams[0].queued)}},
};

static const char *const stream_names[N_STREAMS] = {"main", "sub"};

/* Numbers never follow the locale, and have no more digits than they need. */
static void put_number(GString *text, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE] = "NaN";
    if (!isnan(value))
        g_ascii_formatd(number, sizeof(number), "%.15g", value);
    if (!isnan(value) && g_ascii_strtod(number, NULL) != value)
        g_ascii_dtostr(number, sizeof(number), value);
    g_string_append(text, number);
    g_string_append_c(text, '\n');
}

static void put_head(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

/* Names of cameras are letters, digits, '-' and '_', and so need no escapes. */
static void put(GString *text, const char *name, const char *camera, const char *label,
                double value)
{
    g_string_append_printf(text, "%s{camera=\"%s\"%s%s} ", name, camera, label ? "," : "",
                           label ? label : "");
    put_number(text, value);
}

static double number_of(const struct figure *figure, const struct stats_values *values,
                        size_t further)
{
    const void *at = (const char *)values + figure->offset + further;
    double value = 0;
    switch (figure->kind) {
    case NUMBER_COUNT:
        value = (double)*(const guint64 *)at;
        break;
    case NUMBER_INT:
        value = *(const int *)at;
        break;
    case NUMBER_DOUBLE:
        value = *(const double *)at;
        break;
    case NUMBER_BOOL:
        value = *(const bool *)at;
        break;
    case NUMBER_NONE:
        break;
    }
    return figure->scale > 0 ? value * figure->scale : value;
}

static void put_families(GString *text, const struct metrics_camera *cameras, int n_cameras)
{
    for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
        const struct family *family = &families[i];
        put_head(text, family->name, family->type, family->help);
        for (int c = 0; c < n_cameras; c++)
            for (size_t f = 0; f < G_N_ELEMENTS(family->figures) && family->figures[f].kind; f++)
                put(text, family->name, cameras[c].name, family->figures[f].label,
                    number_of(&family->figures[f], &cameras[c].values, 0));
    }
}

static int n_streams(const struct metrics_camera *camera)
{
    return camera->has_sub ? N_STREAMS : 1;
}

static void put_stream_families(GString *text, const struct metrics_camera *cameras, int n_cameras)
{
    const size_t stride = VALUE(streams[1]) - VALUE(streams[0]);
    for (size_t i = 0; i < G_N_ELEMENTS(stream_families); i++) {
        const struct family *family = &stream_families[i];
        put_head(text, family->name, family->type, family->help);
        for (int c = 0; c < n_cameras; c++)
            for (int s = 0; s < n_streams(&cameras[c]); s++) {
                char label[32];
                g_snprintf(label, sizeof(label), "stream=\"%s\"", stream_names[s]);
                put(text, family->name, cameras[c].name, label,
                    number_of(&family->figures[0], &cameras[c].values, stride * (size_t)s));
            }
    }
}

static void put_latency_of(GString *text, const struct metrics_camera *camera, int s)
{
    static const char name[] = "bauta_latency_seconds";
    const struct latency *latency = &camera->values.streams[s].latency;
    const struct {
        const char *quantile;
        double value;
    } quantiles[] = {{"0.5", latency->p50}, {"0.95", latency->p95}, {"0.99", latency->p99}};
    char label[64];
    for (size_t i = 0; i < G_N_ELEMENTS(quantiles); i++) {
        g_snprintf(label, sizeof(label), "stream=\"%s\",quantile=\"%s\"", stream_names[s],
                   quantiles[i].quantile);
        put(text, name, camera->name, label, latency->n ? quantiles[i].value : (double)NAN);
    }
    g_snprintf(label, sizeof(label), "stream=\"%s\"", stream_names[s]);
    put(text, "bauta_latency_seconds_sum", camera->name, label, latency->sum);
    put(text, "bauta_latency_seconds_count", camera->name, label, (double)latency->n);
}

static void put_streams(GString *text, const struct metrics_camera *cameras, int n_cameras,
                        gint64 now_us)
{
    put_head(text, "bauta_latency_seconds", "summary",
             "Time from capture to output; quantiles of the last pictures.");
    for (int c = 0; c < n_cameras; c++)
        for (int s = 0; s < n_streams(&cameras[c]); s++)
            put_latency_of(text, &cameras[c], s);
    put_head(text, "bauta_stream_age_seconds", "gauge", "Time since the last access unit.");
    for (int c = 0; c < n_cameras; c++)
        for (int s = 0; s < n_streams(&cameras[c]); s++) {
            char label[32];
            const gint64 last_us = cameras[c].values.streams[s].last_us;
            g_snprintf(label, sizeof(label), "stream=\"%s\"", stream_names[s]);
            if (last_us)
                put(text, "bauta_stream_age_seconds", cameras[c].name, label,
                    (double)MAX(now_us - last_us, 0) / 1e6);
        }
}

static void put_states(GString *text, const struct metrics_camera *cameras, int n_cameras,
                       gint64 now_us)
{
    put_head(text, "bauta_camera_state", "gauge", "1 for the state that the camera is in.");
    for (int c = 0; c < n_cameras; c++)
        for (int s = CAMERA_STARTING; s <= CAMERA_STOPPED; s++) {
            char label[48];
            g_snprintf(label, sizeof(label), "state=\"%s\"",
                       stats_state_name((enum camera_state)s));
            put(text, "bauta_camera_state", cameras[c].name, label,
                (int)cameras[c].values.state == s);
        }
    put_head(text, "bauta_camera_state_seconds", "gauge", "Time since it came into its state.");
    for (int c = 0; c < n_cameras; c++)
        put(text, "bauta_camera_state_seconds", cameras[c].name, NULL,
            (double)MAX(now_us - cameras[c].values.since_us, 0) / 1e6);
    put_head(text, "bauta_faults_total", "counter", "What went wrong.");
    for (int c = 0; c < n_cameras; c++)
        for (int f = 0; f < N_FAULTS; f++) {
            char label[48];
            g_snprintf(label, sizeof(label), "kind=\"%s\"", stats_fault_name((enum fault)f));
            put(text, "bauta_faults_total", cameras[c].name, label,
                (double)cameras[c].values.faults[f]);
        }
}

static void put_single(GString *text, const char *name, const char *type, const char *help,
                       double value)
{
    put_head(text, name, type, help);
    g_string_append_printf(text, "%s ", name);
    put_number(text, value);
}

/* The names that Prometheus' own client libraries give these. */
static void put_process(GString *text)
{
    struct process_values values;
    if (!process_read(&values, 0))
        return;
    put_single(text, "process_cpu_seconds_total", "counter", "Processor time used.", values.cpu_s);
    put_single(text, "process_resident_memory_bytes", "gauge", "Resident memory.",
               (double)values.resident);
    put_single(text, "process_virtual_memory_bytes", "gauge", "Virtual memory.",
               (double)values.virtual_size);
    put_single(text, "process_threads", "gauge", "Threads.", values.threads);
    put_single(text, "process_start_time_seconds", "gauge", "Start, in seconds since the epoch.",
               values.start_s);
    if (values.descriptors >= 0)
        put_single(text, "process_open_fds", "gauge", "Open file descriptors.", values.descriptors);
    if (values.max_descriptors >= 0)
        put_single(text, "process_max_fds", "gauge", "Limit of open file descriptors.",
                   (double)values.max_descriptors);
}

static void put_detectors(GString *text, const struct metrics_camera *cameras, int n_cameras)
{
    struct process_values *values = g_new0(struct process_values, (gsize)n_cameras + 1);
    bool *found = g_new0(bool, (gsize)n_cameras + 1);
    for (int c = 0; c < n_cameras; c++) {
        const int pid = cameras[c].values.detector_pid;
        found[c] = pid > 0 && process_read(&values[c], pid);
    }
    put_head(text, "bauta_detector_up", "gauge", "Whether the detector's process runs.");
    for (int c = 0; c < n_cameras; c++)
        put(text, "bauta_detector_up", cameras[c].name, NULL, found[c]);
    put_head(text, "bauta_detector_cpu_seconds", "gauge",
             "Processor time used by the detector's process since it was started.");
    for (int c = 0; c < n_cameras; c++)
        if (found[c])
            put(text, "bauta_detector_cpu_seconds", cameras[c].name, NULL, values[c].cpu_s);
    put_head(text, "bauta_detector_resident_memory_bytes", "gauge",
             "Resident memory of the detector's process.");
    for (int c = 0; c < n_cameras; c++)
        if (found[c])
            put(text, "bauta_detector_resident_memory_bytes", cameras[c].name, NULL,
                (double)values[c].resident);
    g_free(found);
    g_free(values);
}

void metrics_write(GString *text, const struct metrics_camera *cameras, int n_cameras,
                   gint64 now_us)
{
    put_head(text, "bauta_build_info", "gauge", "1; the version is a label.");
    g_string_append(text, "bauta_build_info{version=\"" BAUTA_VERSION_STRING "\"} 1\n");
    put_states(text, cameras, n_cameras, now_us);
    put_families(text, cameras, n_cameras);
    put_detectors(text, cameras, n_cameras);
    put_stream_families(text, cameras, n_cameras);
    put_streams(text, cameras, n_cameras, now_us);
    put_process(text);
}

void metrics_write_guesses(GString *text, struct guesses *guesses)
{
    put_head(text, "bauta_wrong_passwords_total", "counter", "Wrong names and passwords.");
    for (int d = 0; d < GUESSES_N_DOORS; d++) {
        g_string_append_printf(text, "bauta_wrong_passwords_total{door=\"%s\"} ",
                               guesses_door_name((enum guesses_door)d));
        put_number(text, (double)guesses_count(guesses, (enum guesses_door)d));
    }
}

void metrics_write_certificate(GString *text, gint64 end_s)
{
    put_single(text, "bauta_certificate_expiry_timestamp_seconds", "gauge",
               "When the certificate ends, in seconds since the epoch.", (double)end_s);
}
