/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_BYTES_H
#define BAUTA_BYTES_H

#include <stddef.h>
#include <stdint.h>

#include <bauta/status.h>

/* A view of `size` bytes; it owns nothing. `data` may be NULL when `size` is 0. */
struct bauta_bytes {
    const uint8_t *data;
    size_t size;
};

/* Writes `bytes` as 2 * `size` lower-case hexadecimal digits and the text's end. Gives `text`. */
BAUTA_API char *bauta_hex(char *text, const uint8_t *bytes, size_t size);

#endif
