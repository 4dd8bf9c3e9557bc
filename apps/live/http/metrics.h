/* SPDX-License-Identifier: Apache-2.0 */
#ifndef METRICS_H
#define METRICS_H

#include "access/guesses.h"
#include "stream/stats.h"

/*
 * Figures for Prometheus, in its text exposition format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). docs/live.md lists them.
 */

/* One camera's figures. */
struct metrics_camera {
    const char *name;
    bool has_sub;
    struct stats_values values;
};

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* Appends all figures; `now_us` is monotonic time. Families come in a fixed order, cameras in
 * theirs. */
void metrics_write(GString *text, const struct metrics_camera *cameras, int n_cameras,
                   gint64 now_us);

/* Appends when the certificate ends, in seconds since the epoch. */
void metrics_write_certificate(GString *text, gint64 end_s);

/* Appends how many wrong passwords there were. */
void metrics_write_guesses(GString *text, struct guesses *guesses);

#endif
