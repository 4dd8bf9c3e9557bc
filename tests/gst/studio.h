/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_STUDIO_H
#define BT_TESTS_STUDIO_H

#include "check.h"

#include <stdbool.h>

#include <gst/gst.h>

/*
 * Pipelines over the demo clip (768x576, ten pictures a second): keys, files and clear pictures to
 * feed them with.
 */
enum { STUDIO_WIDTH = 768, STUDIO_HEIGHT = 576, STUDIO_PICTURES = 30 };

struct studio {
    char folder[64], key[128], pub[128], other_key[128], other_pub[128], sign_key[128],
        sign_pub[128], out[128], audit[128];
    const char *clip;
    GstSample *clear[STUDIO_PICTURES]; /* the first pictures */
};

int studio_set_up(void **state);
int studio_tear_down(void **state);

/* One pipeline. */
struct take {
    GstElement *pipeline;
    char error[512];   /* of the first error; "" if there is none */
    char warning[512]; /* of the last warning */
};

/* Parses the pipeline and sets it playing. */
void take_begin(struct take *take, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Waits for the end. False: it ended with an error. */
bool take_finish(struct take *take);
void take_end(struct take *take);
/* A number in the property `stats` of the element `name`. */
uint64_t take_count(const struct take *take, const char *name, const char *field);
GstElement *take_element(const struct take *take, const char *name); /* borrowed */

/* Pushes a picture of the clip, `time_ms` after the beginning, into the appsrc "in". */
GstFlowReturn take_feed(const struct take *take, const struct studio *studio, int picture,
                        int64_t time_ms);
/* Pushes all pictures of the studio, and the end. */
void take_feed_all(const struct take *take, const struct studio *studio);
void take_end_feed(const struct take *take);
/* The next picture or access unit out of the appsink "out"; NULL: there is none any more. */
GstSample *take_pull(const struct take *take);
/* Pulls until there is none any more; gives how many. */
int take_pull_all(const struct take *take);

/* Share of luma samples that are the same in both pictures, 0 to 1. */
double studio_likeness(GstSample *a, GstSample *b);

#endif
