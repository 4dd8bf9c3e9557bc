/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VIEWING_H
#define VIEWING_H

#include <stdbool.h>

#include <gst/video/video.h>

#include <bauta/view.h>

/*
 * How a player shows the pictures that come in: turned as tags say (image-orientation, those of the
 * stream before those of the whole), with pixels of the shape that caps say, and on top of that
 * what properties say. One thread.
 */
struct viewing {
    struct bauta_view stream, whole; /* by tags */
    bool has_stream, has_whole;
    struct bauta_view pixels; /* by caps */
    struct bauta_view extra;  /* by properties, and by guess */
};

/* Another stream: its tags are still to come. */
void viewing_begin(struct viewing *viewing);
/* Whether the tags say how to turn pictures. */
bool viewing_take_tags(struct viewing *viewing, GstTagList *tags);
void viewing_take_info(struct viewing *viewing, const GstVideoInfo *info);
/* What comes of all. */
struct bauta_view viewing_now(const struct viewing *viewing);

#endif
