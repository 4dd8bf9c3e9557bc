/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_LEFT_FILES_H
#define BT_LEFT_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include <bauta/log.h>

/*
 * Work files that have a name, ".bauta-PROCESS-RANDOM.part", are locked (flock) by who writes them,
 * for as long as they are open. One that nobody locks was left by a process that was killed. The
 * random part has 16 digits: nobody else has files of such names.
 */

/* A new name in a folder. False: it is too long, or nothing could be drawn. */
bool bt_left_files_name(char *name, size_t size, const char *folder);
/* Whether a path names a work file: the next run into its folder may remove it. */
bool bt_left_files_is_name(const char *path);

/* Locks a named work file that is open. False: somebody took it for one that was left, and its name
 * is gone. Where the file system has no locks nothing is ever taken for that. */
bool bt_left_files_lock(int file);
/* Removes those of this user that were left in the folder of an output, and says so. */
void bt_left_files_remove(const char *output, const struct bauta_log *log);

#endif
