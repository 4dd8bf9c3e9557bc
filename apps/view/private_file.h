/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PRIVATE_FILE_H
#define PRIVATE_FILE_H

/* What is wrong with a file that holds a secret, by the rule of <bauta/secrets.h>. NULL if nothing
 * is; free with g_free(). */
char *private_file_problem(const char *path);

#endif
