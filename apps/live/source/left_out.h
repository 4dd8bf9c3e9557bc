/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEFT_OUT_H
#define LEFT_OUT_H

#include <gst/gst.h>
#include <stdbool.h>

/*
 * What a source has besides the pictures that are protected: it does not leave, and that is said.
 */
struct left_out {
    int n_sounds, n_videos, n_texts, n_others;
};

/* Counts a stream by its caps, as of RTP or as of a demuxer or decoder; NULL: nothing is known of
 * it. */
void left_out_count(struct left_out *left_out, const GstCaps *caps);
/* Posts what was counted on the bus of `element`, once all streams are known, and begins anew;
 * nothing if there is nothing. Any thread. */
void left_out_post(struct left_out *left_out, GstElement *element);
/* The sentence in such a message, which the caller frees; NULL: it is another. */
char *left_out_read(GstMessage *message);

#endif
