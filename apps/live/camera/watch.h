/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WATCH_H
#define WATCH_H

#include "base/log.h"
#include "stream/stats.h"

/* Tells the log what befalls a camera without stopping it: its detector, its clocks, its slow
 * clients. Used by one thread. */
struct watch {
    const char *camera;
    const struct log *log;
    gint64 looked_us;      /* monotonic */
    gint64 wall_offset_us; /* of wall to monotonic time */
    bool running, blind;   /* as last told */
    guint64 detector_restarts, detector_failures, clock_faults, slow_clients, blind_pictures,
        unsealed, damaged_pictures;
    gint64 damage_told_us;
    gint64 seen_us; /* monotonic time of the last picture that was not blind */
};

void watch_init(struct watch *watch, const char *camera, const struct log *log);
/* Once a second at most it does something. */
void watch_look(struct watch *watch, struct stats *stats);

#endif
