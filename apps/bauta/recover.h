/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECOVER_H
#define RECOVER_H

#include "cli.h"

/* Says what of IN could not be recovered, and why; of what a grant does not open nothing, if it is
 * `granted`. Gives the exit status. */
int recover_warn(const struct bauta_recover_result *result, const char *in, bool granted);

#endif
