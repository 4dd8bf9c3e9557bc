/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_BITSTREAM_STREAMS_H
#define BT_TESTS_BITSTREAM_STREAMS_H

#include "check.h"

#include "bitstream/nal.h"

/*
 * Byte streams as strings, one letter for each NAL unit:
 *   D delimiter · V video, S sequence, P picture parameter set · I slice that decoding can begin
 * at, N other slice · x prefix or subset unit of a slice (H.264 only) · e SEI that is there
 * already, E SEI of ours · s suffix SEI (H.265 only) · F filler
 */

/* Numbers that look random and are the same for a seed everywhere (splitmix64, Steele et al. 2014).
 */
struct draw {
    uint64_t state;
};

uint64_t draw(struct draw *d);
/* 0 to below - 1. */
size_t draw_below(struct draw *d, size_t below);

/* Appends `size` bytes with values below `n_values`: 1 gives zeros, 4 what must be escaped, 256
 * all. */
void draw_bytes(struct draw *d, struct bt_buffer *out, size_t size, unsigned n_values);

/* Appends a stream of the letters' units: payloads drawn, start codes of three or four bytes, zero
 * bytes after units. */
void stream_make(struct bt_buffer *out, enum bauta_codec codec, const char *letters,
                 struct draw *d);

/* Fails unless the units of `stream` are those of `letters`. */
void stream_check(const char *letters, enum bauta_codec codec, struct bauta_bytes stream);

/* The UUID by which E is told from e. */
extern const uint8_t stream_uuid[16];

#endif
