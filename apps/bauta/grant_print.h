/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GRANT_PRINT_H
#define GRANT_PRINT_H

#include <bauta/grant.h>

/* Says on standard output what a grant, or a request, says. */
void grant_print(const char *path, const struct bauta_grant *grant);
void grant_print_json(const struct bauta_grant *grant);

#endif
