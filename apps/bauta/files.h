/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FILES_H
#define FILES_H

#include "cli.h"

/* Before a command opens anything: whether what it would write is apart from all that it reads, and
 * from the rest that it writes, and is not there already. Says what is wrong; gives the exit
 * status. */
int files_check(const struct command *command, const struct options *options);
/* What every command that writes OUT knows, */
#define FILES_OPTIONS OPTION_FORCE, OPTION_MODE
/* into settings that have their default. Says what is wrong. */
bool files_options(bool *replace, unsigned *mode, const struct options *options);

#endif
