/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAGES_H
#define PAGES_H

#include <glib.h>

/* The page's own files, which are built into the program. Nothing in them is secret. */

/* The file at a path as in a URL, with its type; NULL: there is none. The caller unrefs it. */
GBytes *pages_find(const char *path, const char **type);

#endif
