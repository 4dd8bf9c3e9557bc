/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORDING_FOLDER_H
#define RECORDING_FOLDER_H

#include <glib.h>
#include <stdbool.h>

#include "config/config.h"

/*
 * The folder of a camera's segments: names for new ones, and which old ones go. Others' files in it
 * are not touched.
 *
 * The clock of the wall may jump, and may be wrong at the start; so ages are told by a clock that
 * follows a jump ahead only when that has lasted for an hour, lest a wrong clock delete everything.
 * At the start it is what the segments vouch for: the time of the newest one, but that a step of
 * more than an hour from one segment to the next counts only if an hour of segments follows it.
 *
 * Times are given: `wall_us` since the epoch, `now_us` monotonic.
 */
struct recording_folder {
    const struct camera_config *config;
    gint64 offset_us; /* of wall time to monotonic time, as believed */
    gint64 ahead_us;  /* monotonic; since when the wall clock is ahead of that; 0: it is not */
};

void recording_folder_init(struct recording_folder *recordings, const struct camera_config *config,
                           gint64 wall_us, gint64 now_us);
/* A path that nothing stands under yet, for a segment that begins at `wall_us`; the caller frees
 * it. */
char *recording_folder_new_path(const struct recording_folder *recordings, gint64 wall_us);
/* Gives segments that an earlier run of the service left open their names; how many. */
int recording_folder_recover(const struct recording_folder *recordings);
/* Deletes segments that are too old, then the oldest that are too many; how many. One from the
 * future, which a wrong clock dated, is older than all that are not: it was written before now. */
int recording_folder_sweep(struct recording_folder *recordings, gint64 wall_us, gint64 now_us);

#endif
