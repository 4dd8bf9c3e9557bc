/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <gst/gst.h>

#include "config/config.h"
#include "stream/hub.h"
#include "stream/stats.h"

/*
 * One run of a camera, from the source to the hubs:
 *
 *   source ─▶ I420, size ─▶ bautaprotect ─┬▶ encoder ▶ bautaattach ▶ hub     main
 *                             │           └▶ one a second ▶ jpegenc          snapshot
 *                             └ sub_0 ─────▶ encoder ▶ bautaattach ▶ hub     sub
 *
 * Clear pictures go into bautaprotect and nowhere else; what leaves is bound to it by bautaattach,
 * which lets nothing pass that it does not know. Used on the camera's thread, whose context is the
 * thread's default.
 */
struct pipeline;

struct pipeline_settings {
    const struct camera_config *config;
    struct stats *stats;
    struct hub *hubs[N_STREAMS];
    int turn; /* of the pictures, in degrees clockwise; SOURCE_TURN_AUTO: bautaprotect finds out */
    gpointer user;
    /* An element failed, or the source ended; on the camera's thread. The pipeline should be freed,
     * but not from within. */
    void (*failed)(gpointer user, enum fault fault, const char *sentence);
    /* By how many degrees people would stand upright, once, if `turn` is SOURCE_TURN_AUTO; on the
     * camera's thread. Until then everything is hidden. */
    void (*turn_found)(gpointer user, int turn);
    /* Says that the source's times jump; on the camera's thread. */
    void (*jumped)(gpointer user, const char *sentence);
    /* Says that the source is protected; on the camera's thread. */
    void (*protected_already)(gpointer user, const char *sentence);
    /* Says what of the source does not leave; on the camera's thread. */
    void (*left_out)(gpointer user, const char *sentence);
    /* Takes a masked picture as JPEG; on a thread of the pipeline. */
    void (*snapshot)(gpointer user, GBytes *jpeg);
};

/* Makes and starts it. NULL with `*problem`, a sentence that the caller frees. Borrows what the
 * settings name. */
struct pipeline *pipeline_new(const struct pipeline_settings *settings, char **problem);
/* Ends the stream and waits, `timeout_us` at most, until everything has left. */
void pipeline_drain(struct pipeline *pipeline, gint64 timeout_us);
void pipeline_free(struct pipeline *pipeline);

#endif
