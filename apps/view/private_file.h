/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PRIVATE_FILE_H
#define PRIVATE_FILE_H

#include <sys/stat.h>

/* What is wrong with a file that holds a secret, if others than its owner can read or change it; a
 * pipe or a terminal has no others. NULL if nothing is; free with g_free(). */
char *private_file_problem(const struct stat *about, const char *path);

#endif
