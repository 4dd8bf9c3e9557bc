/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder.h"

#include <stdlib.h>

#include "segment.h"
#include "recording_folder.h"

enum {
    RETRY_S = 10,
    IDLE_S = 10,     /* without a picture, until a segment is closed */
    SWEEP_S = 60,    /* between looks at what is old */
    DRAIN_S = 3,     /* for what is queued at the end */
    CLOCK_JUMP_S = 2 /* of the wall clock: a new segment, whose name is right, begins */
};

struct recorder {
    const struct camera_config *config;
    struct hub *hub;
    struct stats *stats;
    const struct log *log;
    struct hub_subscriber *subscriber;
    GMutex lock; /* of what follows */
    struct recording_folder recordings;
    struct segment *segment; /* NULL between two */
    gint64 wall_offset_us;   /* of wall to monotonic time when it began */
    gint64 written_us;       /* monotonic time of the last access unit */
    gint64 retry_us;         /* not before; 0: at once */
    gint64 swept_us;
    bool failing;
};

static gint64 wall_offset(void)
{
    return g_get_real_time() - g_get_monotonic_time();
}

/* Once for a fault that lasts, and counted each time. */
static void fail(struct recorder *recorder, char *problem)
{
    stats_count_fault(recorder->stats, FAULT_RECORDER);
    stats_set_recording(recorder->stats, false);
    if (!recorder->failing)
        log_write(recorder->log, BAUTA_LOG_ERROR, recorder->config->name, "recorder-failed",
                  "nothing is recorded, another try is made every %d s: %s", RETRY_S, problem);
    recorder->failing = true;
    recorder->retry_us = g_get_monotonic_time() + RETRY_S * G_TIME_SPAN_SECOND;
    g_free(problem);
}

/* After a fault. */
static void tell_torn(const struct recorder *recorder, const char *path)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        log_write(recorder->log, BAUTA_LOG_WARNING, recorder->config->name, "segment-torn",
                  "%s can be played, but ends before the fault, at its last whole second", path);
}

static void sweep(struct recorder *recorder)
{
    recorder->swept_us = g_get_monotonic_time();
    int n = recording_folder_sweep(&recorder->recordings, g_get_real_time(), recorder->swept_us);
    if (n == 0)
        return;
    stats_count_deleted(recorder->stats, (guint64)n);
    log_write(recorder->log, BAUTA_LOG_INFO, recorder->config->name, "segments-deleted",
              "%d segments were too old or too many", n);
}

static void close_segment(struct recorder *recorder)
{
    if (!recorder->segment)
        return;
    guint64 size = 0;
    char *problem = NULL;
    char *path = g_strdup(segment_path(recorder->segment));
    bool good = segment_close(recorder->segment, &size, &problem);
    recorder->segment = NULL;
    stats_set_recording(recorder->stats, false);
    if (good) {
        stats_count_segment(recorder->stats, size);
        log_write(recorder->log, BAUTA_LOG_INFO, recorder->config->name, "segment-closed",
                  "%s, %" G_GUINT64_FORMAT " bytes", path, size);
    } else {
        fail(recorder, problem);
        tell_torn(recorder, path);
    }
    g_free(path);
    sweep(recorder);
}

static void open_segment(struct recorder *recorder, GstBuffer *buffer, GstCaps *caps)
{
    gint64 now_us = g_get_monotonic_time();
    if (recorder->retry_us > now_us)
        return;
    recorder->wall_offset_us = wall_offset();
    const gint64 wall_us = (gint64)(GST_BUFFER_PTS(buffer) / 1000) + recorder->wall_offset_us;
    char *path = recording_folder_new_path(&recorder->recordings, wall_us);
    char *problem = NULL;
    recorder->segment =
        segment_open(path, recorder->config->record.format, caps, wall_us, &problem);
    if (!recorder->segment)
        fail(recorder, problem);
    else
        stats_set_recording(recorder->stats, true);
    g_free(path);
}

static bool is_full(const struct recorder *recorder, GstBuffer *buffer, GstCaps *caps, bool discont)
{
    const struct segment *segment = recorder->segment;
    GstClockTime length = GST_BUFFER_PTS(buffer) - segment_first(segment);
    return discont || GST_BUFFER_PTS(buffer) < segment_last(segment) ||
           length + GST_MSECOND >= (GstClockTime)recorder->config->record.segment_s * GST_SECOND ||
           !gst_caps_is_equal(caps, segment_caps(segment)) ||
           llabs(wall_offset() - recorder->wall_offset_us) > CLOCK_JUMP_S * G_TIME_SPAN_SECOND;
}

static void write_unit(struct recorder *recorder, GstBuffer *buffer)
{
    char *problem = NULL;
    recorder->written_us = g_get_monotonic_time();
    if (!segment_write(recorder->segment, buffer, &problem)) {
        char *path = g_strdup(segment_path(recorder->segment));
        segment_abandon(recorder->segment);
        recorder->segment = NULL;
        fail(recorder, problem);
        tell_torn(recorder, path);
        g_free(path);
        return;
    }
    bool lasts =
        segment_last(recorder->segment) > segment_first(recorder->segment) + GST_SECOND * 5;
    if (recorder->failing && lasts) {
        recorder->failing = false;
        log_write(recorder->log, BAUTA_LOG_INFO, recorder->config->name, "recorder-recovered",
                  "recording goes on, in %s", segment_path(recorder->segment));
    }
}

static bool take(gpointer user, GstBuffer *buffer, GstCaps *caps, bool discont)
{
    struct recorder *recorder = user;
    bool random_access = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
    g_mutex_lock(&recorder->lock);
    if (recorder->segment && random_access && is_full(recorder, buffer, caps, discont))
        close_segment(recorder);
    if (!recorder->segment && random_access)
        open_segment(recorder, buffer, caps);
    if (recorder->segment)
        write_unit(recorder, buffer);
    g_mutex_unlock(&recorder->lock);
    return true;
}

struct recorder *recorder_new(const struct camera_config *config, struct hub *hub,
                              struct stats *stats, const struct log *log)
{
    struct recorder *recorder = g_new0(struct recorder, 1);
    *recorder = (struct recorder){.config = config, .hub = hub, .stats = stats, .log = log};
    g_mutex_init(&recorder->lock);
    recorder->swept_us = g_get_monotonic_time();
    recording_folder_init(&recorder->recordings, config, g_get_real_time(), recorder->swept_us);
    int n = recording_folder_recover(&recorder->recordings);
    if (n)
        log_write(log, BAUTA_LOG_WARNING, config->name, "segments-recovered",
                  "%d segments that were not closed have got their names", n);
    recorder->subscriber = hub_subscribe(hub, take, recorder);
    return recorder;
}

void recorder_tick(struct recorder *recorder)
{
    if (!g_mutex_trylock(&recorder->lock))
        return; /* it is at work */
    gint64 now_us = g_get_monotonic_time();
    if (recorder->segment && now_us - recorder->written_us > IDLE_S * G_TIME_SPAN_SECOND)
        close_segment(recorder);
    if (now_us - recorder->swept_us > SWEEP_S * G_TIME_SPAN_SECOND)
        sweep(recorder);
    g_mutex_unlock(&recorder->lock);
}

void recorder_free(struct recorder *recorder)
{
    if (!recorder)
        return;
    hub_drain(recorder->hub, recorder->subscriber, DRAIN_S * G_TIME_SPAN_SECOND);
    hub_unsubscribe(recorder->hub, recorder->subscriber);
    close_segment(recorder);
    g_mutex_clear(&recorder->lock);
    g_free(recorder);
}
