/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BIRTH_H
#define BIRTH_H

#include <glib.h>
#include <stdbool.h>

/*
 * When what an MP4 shows was taken: GStreamer's muxer can only say when it was started, which is
 * later by the delay of what comes before it.
 */

/* Writes the time of day, microseconds since 1970, as creation time into the headers of the movie,
 * its tracks and their media (ISO/IEC 14496-12, sections 8.2.2, 8.3.2, 8.4.2) of the box "moov"
 * that `bytes` begin with. False: it begins with something else, or is not whole, and nothing was
 * changed. */
bool birth_stamp(guchar *bytes, gsize size, gint64 wall_us);

#endif
