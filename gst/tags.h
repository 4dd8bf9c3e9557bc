/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TAGS_H
#define TAGS_H

#include <gst/gst.h>
#include <stdbool.h>

/* A tag event with what may leave beside masked pictures: what is told of the coding, the language,
 * the time and how pictures are turned. Titles, names, places and comments may say who is there:
 * they stay behind unless `keep`; pictures always. NULL if nothing is left. The names of what stays
 * behind are appended to `left_out`. Takes the event. */
GstEvent *tags_strip(GstEvent *event, bool keep, GString *left_out);

#endif
