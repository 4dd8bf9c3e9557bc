/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_RUN_H
#define BAUTA_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/status.h>

#define BAUTA_STREAM_ID_SIZE 16 /* bytes that name a stream */

/*
 * A run is what one protector writes. Each change of its key begins a new stream, in which the
 * numbers of targets go on: in all streams of one run a number is the same person. Two runs know
 * nothing of each other.
 */

/* Whether two streams are of one run, as their ids say (docs/format.md, "Runs"); of an id may be
 * known the first 4 bytes only, and the others be 0. Of recordings of before runs had ids each
 * stream counts as a run of its own. */
BAUTA_API bool bauta_run_is_same(const uint8_t stream_id[BAUTA_STREAM_ID_SIZE],
                                 const uint8_t other_id[BAUTA_STREAM_ID_SIZE]);

#endif
