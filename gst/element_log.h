/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ELEMENT_LOG_H
#define ELEMENT_LOG_H

#include <gst/gst.h>

#include <bauta/log.h>

/* The plugin's category of GStreamer's log, and the library's sentences in it. */
GST_DEBUG_CATEGORY_EXTERN(bauta_category);
#define GST_CAT_DEFAULT bauta_category

/* Writes into the category. Has no owner, so that it may outlive every element. */
extern const struct bauta_log category_log;

/* A log that keeps its last sentence, for the message that an element posts. */
struct element_log {
    struct bauta_log log;
    char last[512];
};

void element_log_init(struct element_log *said);

#endif
