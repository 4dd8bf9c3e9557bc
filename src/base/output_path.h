/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_OUTPUT_PATH_H
#define BT_OUTPUT_PATH_H

#include <stdbool.h>

enum { BT_PATH_MOST = 4096 }; /* bytes */

/* What is said of an output that is there. */
extern const char bt_exists_already[];

/* PATH of "pipe:PATH"; NULL of another output. */
const char *bt_pipe_path(const char *output);
/* What follows the last '/'. */
const char *bt_path_name(const char *path);
/* The folder that a file is in; false: the path is too long. */
bool bt_path_folder(char folder[BT_PATH_MOST], const char *path);

#endif
