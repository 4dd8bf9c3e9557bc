/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PIN_H
#define PIN_H

#include <gst/gst.h>

#include "config.h"

/* Which certificate an rtsps:// camera may show: the one whose fingerprint was said, or one that a
 * file of authorities vouches for, else the system's. What is refused is an error of `rtspsrc` that
 * names it. */

/* 64 hexadecimal digits, as they are compared, of what was written with or without colons; NULL if
 * it is no SHA-256. The caller frees it. */
char *pin_read(const char *text);
/* False, with the reason in `*problem`, which the caller frees. Borrows `config`. */
bool pin_set(GstElement *rtspsrc, const struct source_config *config, char **problem);

#endif
