/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SHELF_H
#define SHELF_H

#include <glib.h>
#include <stdbool.h>

#include "config.h"

/*
 * The folder of a camera's segments: names for new ones, and which old ones go. Others' files in it
 * are not touched. The clock of the wall may jump; so ages are told by a clock that follows a jump
 * ahead only when that has lasted for an hour, lest a wrong clock delete everything.
 */
struct shelf {
    const struct camera_config *config;
    gint64 offset_us; /* of wall time to monotonic time, as believed */
    gint64
        ahead_us; /* monotonic time since when the wall clock has been ahead of it; 0: it is not */
};

void shelf_init(struct shelf *shelf, const struct camera_config *config);
/* A path that nothing stands under yet, for a segment that begins at `wall_us`; the caller frees
 * it. */
char *shelf_new_path(const struct shelf *shelf, gint64 wall_us);
/* Gives segments that an earlier run of the service left open their names; how many. */
int shelf_recover(const struct shelf *shelf);
/* Deletes segments that are too old, then the oldest that are too many; how many. */
int shelf_sweep(struct shelf *shelf);

#endif
