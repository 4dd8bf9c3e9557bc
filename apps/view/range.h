/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RANGE_H
#define RANGE_H

#include <stdint.h>

/* The bytes of one answer at most: a client that wants more asks again. */
enum { RANGE_MAX_BYTES = 8 << 20 };

enum range_result {
    RANGE_GOOD,
    RANGE_BAD,   /* no single range of bytes */
    RANGE_BEYOND /* nothing of it is in the file */
};

/* `first` up to and with `last`. */
struct range {
    uint64_t first, last;
};

/* Reads a Range header (RFC 9110, 14.1.2) of something that has `size` bytes: "bytes=A-B",
 * "bytes=A-" or "bytes=-N"; pure. A good range lies within the file, and has from one to
 * RANGE_MAX_BYTES bytes. `text` may be NULL: bad. */
enum range_result range_parse(struct range *range, const char *text, uint64_t size);

#endif
