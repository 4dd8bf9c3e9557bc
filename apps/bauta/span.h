/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPAN_H
#define SPAN_H

#include "cli.h"

/*
 * Times from --since on and before --until: one meaning in every command. What works by epochs
 * (grant, erase) takes those whole that have a picture in it, which can be more than was asked for.
 */

extern const char span_is_empty[]; /* what is wrong where both are the same */

/* Both options, which may neither cross nor be the same; says what is wrong. */
bool span_read(double *since_s, double *until_s, const struct command *command,
               const struct options *options);
/* Says what was asked for, if that was a time, and of which pictures it holds in fact: from the
 * first to the last of them, in seconds of the file; NAN: of none that is shown. `is`: "gone is".
 */
void span_tell(const char *file, const char *is, double first_s, double last_s,
               const struct options *options);

#endif
