/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAGES_H
#define PAGES_H

#include "base/page.h"
#include "state/service_state.h"

/* The pages that are read with GET. Main thread. */

/* Sets the page at `path`; false if there is none. */
bool pages_get(struct page *page, const struct service_state *state, const char *path);
/* Whether anybody may read it: /live and /ready say nothing but yes or no. */
bool pages_open(const char *path);

#endif
