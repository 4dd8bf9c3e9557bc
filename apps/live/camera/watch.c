/* SPDX-License-Identifier: Apache-2.0 */
#include "watch.h"

#include <stdlib.h>

enum { JUMP_S = 2, BLIND_S = 3 };

static gint64 wall_offset(void)
{
    return g_get_real_time() - g_get_monotonic_time();
}

void watch_init(struct watch *watch, const char *camera, const struct log *log)
{
    *watch = (struct watch){.camera = camera, .log = log, .wall_offset_us = wall_offset()};
}

static void look_at_detector(struct watch *watch, const struct stats_values *values, gint64 now_us)
{
    if (values->detector_restarts > watch->detector_restarts)
        log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "detector",
                  "its process was started anew");
    else if (values->detector_failures > watch->detector_failures)
        log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "detector",
                  "it did not answer for %" G_GUINT64_FORMAT " pictures",
                  values->detector_failures - watch->detector_failures);
    watch->detector_restarts = values->detector_restarts;
    watch->detector_failures = values->detector_failures;
    bool blind = values->pictures_blind > watch->blind_pictures;
    watch->blind_pictures = values->pictures_blind;
    if (!blind)
        watch->seen_us = now_us;
    bool lasts = blind && now_us - watch->seen_us > BLIND_S * G_TIME_SPAN_SECOND;
    if (lasts && !watch->blind)
        log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "blind",
                  "nobody has looked in time: pictures are hidden whole");
    else if (!blind && watch->blind)
        log_write(watch->log, BAUTA_LOG_INFO, watch->camera, "seeing", "detection works again");
    watch->blind = blind && (lasts || watch->blind);
}

static void look_at_clocks(struct watch *watch, const struct stats_values *values,
                           struct stats *stats)
{
    gint64 offset_us = wall_offset(), jump_us = offset_us - watch->wall_offset_us;
    watch->wall_offset_us = offset_us;
    if (llabs(jump_us) > JUMP_S * G_TIME_SPAN_SECOND) {
        stats_count_fault(stats, FAULT_CLOCK);
        log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "clock",
                  "the wall clock jumped by %" G_GINT64_FORMAT " s", jump_us / G_TIME_SPAN_SECOND);
    } else if (values->faults[FAULT_CLOCK] > watch->clock_faults) {
        log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "clock",
                  "the source's timestamps went back");
    }
    watch->clock_faults =
        values->faults[FAULT_CLOCK] + (llabs(jump_us) > JUMP_S * G_TIME_SPAN_SECOND);
}

/* Every damaged picture counts, and the log is told once a minute. */
static void look_at_damage(struct watch *watch, const struct stats_values *values, gint64 now_us)
{
    guint64 n = values->pictures_damaged - watch->damaged_pictures;
    if (n == 0 ||
        (watch->damage_told_us && now_us - watch->damage_told_us < 60 * (gint64)G_TIME_SPAN_SECOND))
        return;
    log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "damaged",
              "%" G_GUINT64_FORMAT " pictures were damaged on the way from the source and left out",
              n);
    watch->damaged_pictures = values->pictures_damaged;
    watch->damage_told_us = now_us;
}

void watch_look(struct watch *watch, struct stats *stats)
{
    gint64 now_us = g_get_monotonic_time();
    if (now_us - watch->looked_us < G_TIME_SPAN_SECOND)
        return;
    watch->looked_us = now_us;
    struct stats_values values;
    stats_read(stats, &values);
    bool running = values.state == CAMERA_RUNNING;
    if (running && !watch->running)
        log_write(watch->log, BAUTA_LOG_INFO, watch->camera, "running", "pictures leave masked");
    watch->running = running;
    look_at_detector(watch, &values, now_us);
    look_at_damage(watch, &values, now_us);
    look_at_clocks(watch, &values, stats);
    if (values.faults[FAULT_CLIENT] > watch->slow_clients)
        log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "client",
                  "a client or the recorder is too slow and misses pictures");
    watch->slow_clients = values.faults[FAULT_CLIENT];
    if (values.unsealed > watch->unsealed)
        log_write(watch->log, BAUTA_LOG_WARNING, watch->camera, "unsealed",
                  "originals of %" G_GUINT64_FORMAT " regions could not be kept",
                  values.unsealed - watch->unsealed);
    watch->unsealed = values.unsealed;
}
