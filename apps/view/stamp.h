/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STAMP_H
#define STAMP_H

#include <sys/stat.h>

/* Tells one state of a file from another, as an entity tag (RFC 9110, 8.8.3), quotes and all: what
 * was verified and what is played are the same file only if their stamps are. Free with g_free().
 */
char *stamp_new(const struct stat *status);

#endif
