/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_LEFT_FILES_H
#define BT_LEFT_FILES_H

#include <stdbool.h>

#include <bauta/log.h>

/*
 * Work files that have a name, ".bauta-NUMBER-NUMBER.part", are locked (flock) by who writes them,
 * for as long as they are open. One that nobody locks was left by a process that was killed.
 */

/* Locks a named work file that is open. False: somebody took it for one that was left, and its name
 * is gone. Where the file system has no locks nothing is ever taken for that. */
bool bt_left_files_lock(int file);
/* Removes those of this user that were left in the folder of an output, and says so. */
void bt_left_files_remove(const char *output, const struct bauta_log *log);

#endif
