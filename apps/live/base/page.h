/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PAGE_H
#define PAGE_H

#include <glib.h>

/* What the HTTP door answers: a status of RFC 9110 and a body of a media type. */
struct page {
    guint status;
    const char *type; /* static */
    GBytes *body;     /* owned; NULL: none */
};

/* Takes `text`. */
void page_set(struct page *page, guint status, const char *type, GString *text);
/* A sentence as text/plain. */
void page_say(struct page *page, guint status, const char *sentence);
void page_clear(struct page *page);

#endif
