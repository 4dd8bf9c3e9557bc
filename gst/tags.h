/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAGS_H
#define TAGS_H

#include <stdbool.h>

#include <gst/gst.h>

/*
 * What of a source's tags goes on with its masked pictures: what says how they are coded, when they
 * were taken and how they are shown, as of a file (docs/carried.md). Titles, places, comments and
 * whatever else may name people stay behind unless they are asked for; pictures among tags, which
 * would show who is hidden, always do. One thread.
 */
struct tags {
    bool keep;        /* all but pictures */
    GHashTable *told; /* names that were told already; NULL: none */
};

void tags_begin(struct tags *tags, bool keep);
void tags_end(struct tags *tags);
/*
 * The event GST_EVENT_TAG or GST_EVENT_TOC as it may go on, NULL if no tag is left; takes it.
 * Chapters keep their times and have numbers instead of titles. For names that are left out for the
 * first time `element` posts the element message `bauta-tags-left-out`, whose field `tags` lists
 * them, and writes a line into the log. What only names a program is left out without a word.
 */
GstEvent *tags_strip(struct tags *tags, GstEvent *event, GstElement *element);

#endif
