/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORDS_H
#define WORDS_H

#include <gst/gst.h>

#include <bauta/log.h>

/* The plugin's category of GStreamer's log, and the library's sentences in it. */
GST_DEBUG_CATEGORY_EXTERN(bauta_words);
#define GST_CAT_DEFAULT bauta_words

/* Writes into the category. Has no owner, so that it may outlive every element. */
extern const struct bauta_log words_log;

/* A log that keeps its last sentence, for the message that an element posts. */
struct words {
    struct bauta_log log;
    char last[512];
};

void words_init(struct words *words);

#endif
