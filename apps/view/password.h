/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PASSWORD_H
#define PASSWORD_H

#include <bauta/status.h>

/* The first line of a file, which goes to `password_free()`. With a sentence in `*problem`:
 * BAUTA_ERR_IO, not readable; BAUTA_ERR_DENIED, others than its owner can read or change it;
 * BAUTA_ERR_FORMAT, the line is empty or too long. */
BAUTA_MUST_CHECK enum bauta_status password_read(char **password, char **problem, const char *path);
/* Wipes it, and sets NULL. */
void password_free(char **password);

#endif
