/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROCESS_H
#define PROCESS_H

#include <glib.h>
#include <stdbool.h>

/* What the kernel counts of one process: proc(5). */
struct process_values {
    double cpu_s;         /* user and system */
    double start_s;       /* since the epoch */
    guint64 resident;     /* bytes */
    guint64 virtual_size; /* bytes */
    int threads;
    int descriptors;        /* open; -1: not ours to count */
    gint64 max_descriptors; /* -1: unknown or no limit */
};

/* False if there is no such process. `pid` 0: this one. */
bool process_read(struct process_values *values, int pid);

#endif
