/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEGMENT_H
#define SEGMENT_H

#include <gst/gst.h>
#include <stdbool.h>

#include "config/config.h"

/*
 * One file of a recording. MP4 is written in fragments of a second and made a plain MP4 when it is
 * closed, so that what a fault leaves behind can be played up to the last whole second.
 * Used by one thread at a time. Problems are sentences that the caller frees.
 */
struct segment;

/* Writes to PATH.part; `wall_us` is the time of day of the first picture, which the file tells as
 * its creation time. NULL with `*problem`. */
struct segment *segment_open(const char *path, enum record_format format, GstCaps *caps,
                             gint64 wall_us, char **problem);
/* False with `*problem`: abandon it then. */
bool segment_write(struct segment *segment, GstBuffer *buffer, char **problem);
/* Time of the first and of the last picture; absolute, as a hub's. */
GstClockTime segment_first(const struct segment *segment);
GstClockTime segment_last(const struct segment *segment);
GstCaps *segment_caps(const struct segment *segment); /* borrowed */
const char *segment_path(const struct segment *segment);
/* Ends the file, puts it on disk, gives it its name and frees everything; `*size` is the file's.
 * False with `*problem`: what was written stays as far as it can be played. */
bool segment_close(struct segment *segment, guint64 *size, char **problem);
/* After a fault: the file gets its name, cut after its last whole fragment, and else is removed, if
 * it has none. Whether it was kept. */
bool segment_abandon(struct segment *segment);

#endif
