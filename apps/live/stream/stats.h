/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STATS_H
#define STATS_H

#include <glib.h>
#include <stdbool.h>

/* What is counted of one camera; safe from every thread. */

enum camera_state {
    CAMERA_STARTING,
    CAMERA_RUNNING,
    CAMERA_STALLED,
    CAMERA_FAILED,
    CAMERA_STOPPED
};

enum fault {
    FAULT_SOURCE,   /* could not be opened, ended, or said something wrong */
    FAULT_STALL,    /* no picture for too long */
    FAULT_DETECTOR, /* its process ended or gave nothing */
    FAULT_ENCODER,
    FAULT_PIPELINE, /* any other error of an element */
    FAULT_CLOCK,    /* timestamps went back, or the wall clock jumped */
    FAULT_RECORDER, /* a segment could not be written */
    FAULT_CLIENT,   /* a subscriber was too slow and was dropped */
    N_FAULTS
};

enum stream { STREAM_MAIN, STREAM_SUB, N_STREAMS };

/* Seconds from capture to output of the last pictures. */
struct latency {
    double p50, p95, p99;
    double sum; /* of all */
    guint64 n;
};

/* A snapshot of everything, for metrics and health. */
struct stats_values {
    enum camera_state state;
    gint64 since_us; /* in this state, monotonic */
    guint64 faults[N_FAULTS];
    guint64 n_restarts;
    guint64 pictures_in, pictures_out, pictures_dropped;
    guint64 pictures_damaged;               /* on the way from the source; among those dropped */
    guint64 pictures_blind, pictures_whole; /* masks grown; everything hidden */
    guint64 detections, detections_late, detector_failures, detector_restarts;
    guint64 unsealed; /* regions whose original was lost */
    double detection_rate, detection_ms, gap_ms;
    int detector_pid, targets, regions, queued;
    struct {
        guint64 units, bytes, recovery_bytes;
        guint64 dropped; /* by slow subscribers */
        int subscribers; /* now */
        int queued;      /* access units in their queues */
        gint64 last_us;  /* monotonic time of the last access unit; 0: none yet */
        struct latency latency;
    } streams[N_STREAMS];
    guint64 segments, segment_bytes, segments_deleted;
    bool recording;        /* a segment is being written */
    bool source_protected; /* what comes carries sealed originals already (source/twice.h) */
};

struct stats;

struct stats *stats_new(void);
void stats_free(struct stats *stats);
const char *stats_state_name(enum camera_state state);
const char *stats_fault_name(enum fault fault);

void stats_set_state(struct stats *stats, enum camera_state state);
void stats_count_fault(struct stats *stats, enum fault fault);
void stats_count_restart(struct stats *stats);
/* Whether the source was found to be protected already since it was opened. */
void stats_set_source_protected(struct stats *stats, bool protected_);
/* A decoded picture arrived from the source, before any is dropped. */
void stats_count_arrival(struct stats *stats);
/* A coded picture was left out because something of it, or of what it builds on, was lost on the
 * way from the source. */
void stats_count_damaged(struct stats *stats);
/* Monotonic time of the last picture that arrived; 0: none yet. And of the last that was heard of,
 * damaged ones too. */
gint64 stats_last_arrival(struct stats *stats);
gint64 stats_last_heard(struct stats *stats);
/* One access unit left; `latency_us` since its picture was captured. */
void stats_count_unit(struct stats *stats, enum stream stream, gsize bytes, gint64 latency_us);
void stats_count_dropped(struct stats *stats, enum stream stream, guint64 n);
void stats_set_subscribers(struct stats *stats, enum stream stream, int n, int queued);
void stats_count_segment(struct stats *stats, guint64 bytes);
void stats_count_deleted(struct stats *stats, guint64 n);
void stats_set_recording(struct stats *stats, bool recording);
/* What bautaprotect and bautaattach count (their `stats` structures), read before values are given;
 * counters go on where an element that was replaced stopped. NULL: it is gone. */
void stats_set_elements(struct stats *stats, gpointer protect, gpointer attach_main,
                        gpointer attach_sub);
void stats_read(struct stats *stats, struct stats_values *values);

#endif
