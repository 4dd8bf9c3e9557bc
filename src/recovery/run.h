/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_RUN_H
#define BT_RUN_H

#include <bauta/run.h>

#include "recovery/wire.h"

/*
 * What the ids of the streams of one run have in common (docs/format.md, "Runs"):
 *
 *    0            4
 *   +------------+--------+
 *   | stream tag | run id |   tag: u32; the first one random, each next one more
 *   | 4          | 12     |
 *   +------------+--------+
 */

/* Makes a stream's id that of the stream after it. */
void bt_run_next_stream(uint8_t stream_id[BAUTA_STREAM_ID_SIZE]);
/* How many streams of their run later than `from` the stream `to` begins; negative: earlier. Reads
 * the tags only. */
int64_t bt_run_distance(const uint8_t from[BT_STREAM_TAG], const uint8_t to[BT_STREAM_TAG]);

#endif
