/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNITS_H
#define UNITS_H

#include <stdbool.h>

#include <gst/gst.h>

#include <bauta/object_codec.h>

/* Access units, as the elements behind an encoder or before a decoder see them. */
#define UNITS_CAPS                                                                                 \
    "video/x-h264, stream-format=(string)byte-stream, alignment=(string)au; "                      \
    "video/x-h265, stream-format=(string)byte-stream, alignment=(string)au"

enum bauta_codec units_codec(const GstCaps *caps);
/* Running time of a buffer in microseconds, by which both ends know a picture. False: it has none.
 */
bool units_time(int64_t *running_us, GstBuffer *buffer, const GstSegment *segment);

#endif
