/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ANSWER_H
#define ANSWER_H

#include <libsoup/soup.h>

/* What every answer has: headers, and JSON for what went wrong. Main thread. */

/* Headers that keep the page from saying anything to anybody else, and others out of it. */
void answer_headers(SoupServerMessage *message);
/* Takes `body`. */
void answer_bytes(SoupServerMessage *message, guint status, const char *type, GBytes *body);
/* Takes `text`, from g_malloc(). */
void answer_json(SoupServerMessage *message, guint status, char *text);
/* {"problem": "..."} */
void answer_problem(SoupServerMessage *message, guint status, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

#endif
