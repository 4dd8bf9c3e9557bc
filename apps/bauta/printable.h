/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <jansson.h>
#include <stddef.h>

/* Text that somebody else chose (a reason, a file's name), for one line of a listing: line breaks,
 * control characters, what turns the direction of writing, and bytes that are no UTF-8 become
 * "\n", "\x1b", "\u202e". Cut to `size`; gives `out`. */
const char *printable(char *out, size_t size, const char *text);
/* The text as JSON; what is no UTF-8 in it, which JSON cannot hold, as above. NULL without memory.
 */
json_t *printable_json(const char *text);

#endif
