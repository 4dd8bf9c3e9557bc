/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PIN_H
#define PIN_H

#include <gst/gst.h>

#include "config/config.h"

/* Which certificate an rtsps:// camera may show: the one whose fingerprint was said, or one that a
 * file of authorities vouches for, else the system's. What is refused is an error of `rtspsrc` that
 * names it. */

/* False, with the reason in `*problem`, which the caller frees. Borrows `config`. */
bool pin_set(GstElement *rtspsrc, const struct source_config *config, char **problem);

#endif
