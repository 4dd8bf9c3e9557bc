/* SPDX-License-Identifier: Apache-2.0 */
#include "health.h"

#include <bauta/version.h>

enum { GRACE_S = 15 };

static double seconds_since(gint64 then_us, gint64 now_us)
{
    return (double)MAX(now_us - then_us, 0) / 1e6;
}

unsigned health_problems(const struct health_camera *camera, gint64 now_us)
{
    const struct stats_values *values = &camera->values;
    const gint64 last_us = values->streams[STREAM_MAIN].last_us;
    if (values->state != CAMERA_RUNNING || !last_us ||
        seconds_since(last_us, now_us) > camera->config->source.stall_s)
        return HEALTH_SOURCE;
    unsigned problems = 0;
    if (seconds_since(values->since_us, now_us) < GRACE_S)
        return problems;
    if (!(values->detection_rate > 0))
        problems |= HEALTH_DETECTOR;
    if (camera->config->record.directory[0] && !values->recording)
        problems |= HEALTH_RECORDER;
    return problems;
}

static void put_number(GString *text, const char *name, double value)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(number, sizeof(number), "%.3f", value);
    g_string_append_printf(text, ", \"%s\": %s", name, number);
}

static void put_problems(GString *text, unsigned problems)
{
    static const char *const names[] = {"source", "detector", "recorder"};
    const char *between = "";
    g_string_append(text, ", \"problems\": [");
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (problems & 1u << i) {
            g_string_append_printf(text, "%s\"%s\"", between, names[i]);
            between = ", ";
        }
    g_string_append_c(text, ']');
}

/* Names of cameras, states and faults need no escapes. */
static void put_camera(GString *text, const struct health_camera *camera, unsigned problems,
                       gint64 now_us)
{
    const struct stats_values *values = &camera->values;
    const gint64 last_us = values->streams[STREAM_MAIN].last_us;
    g_string_append_printf(text, "{\"name\": \"%s\", \"healthy\": %s, \"state\": \"%s\"",
                           camera->config->name, problems ? "false" : "true",
                           stats_state_name(values->state));
    put_problems(text, problems);
    put_number(text, "state_seconds", seconds_since(values->since_us, now_us));
    if (last_us)
        put_number(text, "last_picture_seconds", seconds_since(last_us, now_us));
    else
        g_string_append(text, ", \"last_picture_seconds\": null");
    put_number(text, "detection_rate", values->detection_rate);
    g_string_append_printf(text, ", \"recording\": %s, \"restarts\": %" G_GUINT64_FORMAT,
                           values->recording ? "true" : "false", values->n_restarts);
    g_string_append(text, ", \"faults\": {");
    for (int i = 0; i < N_FAULTS; i++)
        g_string_append_printf(text, "%s\"%s\": %" G_GUINT64_FORMAT, i ? ", " : "",
                               stats_fault_name((enum fault)i), values->faults[i]);
    g_string_append(text, "}}");
}

bool health_write(GString *text, const struct health_camera *cameras, int n_cameras, gint64 now_us)
{
    bool healthy = true;
    for (int i = 0; i < n_cameras; i++)
        healthy = healthy && !health_problems(&cameras[i], now_us);
    g_string_append_printf(
        text, "{\"status\": \"%s\", \"version\": \"" BAUTA_VERSION_STRING "\", \"cameras\": [",
        healthy ? "ok" : "failing");
    for (int i = 0; i < n_cameras; i++) {
        g_string_append(text, i ? ",\n  " : "\n  ");
        put_camera(text, &cameras[i], health_problems(&cameras[i], now_us), now_us);
    }
    g_string_append(text, "\n]}\n");
    return healthy;
}
