/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HIDDEN_WHOLE_H
#define HIDDEN_WHOLE_H

#include <bauta/file.h>

/* Says, in one line, how many pictures a run hid whole, and why. `regions` is the file that named
 * the regions, or NULL. */
void hidden_whole_warn(const struct bauta_protect_result *result, const char *regions);

#endif
