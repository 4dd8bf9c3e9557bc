/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_H
#define SOURCE_H

#include <gst/gst.h>

#include "config/config.h"
#include "stream/stats.h"

/*
 * Where clear pictures come from: a bin with one pad "src" of decoded, raw video, live, with
 * timestamps of when they were captured. At its end stands a short queue that drops whole pictures,
 * the oldest first, when what follows is too slow, so that no delay builds up.
 */

/* Whole pictures that wait for the conversion before bautaprotect. */
#define SOURCE_QUEUE                                                                               \
    "queue name=arrivals leaky=downstream max-size-buffers=3 max-size-bytes=0 max-size-time=0"

/* What is wrong with it, as far as can be told without opening it, or NULL; the caller frees it. */
char *source_check(const struct source_config *config);

/* NULL with `*problem`, a sentence that the caller frees. The bin is floating, and counts in
 * `stats` what arrives. */
GstElement *source_new(const struct source_config *config, struct stats *stats, char **problem);
/* Puts an end after what has arrived. */
void source_end(GstElement *source);

/* The part of a file: plays it in real time, again and again, into a bin of the same kind. */
GstElement *player_new(const char *path, char **problem);

#endif
