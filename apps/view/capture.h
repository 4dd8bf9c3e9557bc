/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <glib.h>

#include "live_reader.h"

/*
 * A pipeline from a camera's RTSP to fragmented MP4, from a random access point on; nothing is
 * decoded, and every SEI message stays. Presentation times begin at 0. Main thread.
 */
struct capture;

/* All by RTSP over TCP. */
struct capture_source {
    char *location; /* without name and password */
    char *user, *password;
};

/* What a capture tells, on the main thread, until it is freed; it may be freed within. */
struct capture_events {
    void (*piece)(gpointer user, GBytes *piece); /* borrowed */
    void (*ended)(gpointer user, const char *problem);
};

/* Bytes that wait for the main thread, at most: who is slower has ended. */
enum { CAPTURE_MAX_WAITING = 16 << 20, CAPTURE_PATIENCE_S = 10 };

/* Borrows all. Makes no connection yet: what goes wrong is told later. */
struct capture *capture_new(const struct capture_source *source, struct live_reader *reader,
                            const struct capture_events *events, gpointer user);
void capture_free(struct capture *capture);
/* NULL, or what of GStreamer's is not installed. */
const char *capture_check(void);

#endif
