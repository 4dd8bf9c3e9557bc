/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CONNECTIONS_H
#define CONNECTIONS_H

#include <gst/rtsp-server/rtsp-server.h>

#include "base/log.h"

/*
 * The connections of one RTSP server, and the limits that GStreamer's server does not know: a
 * bounded number is open at once, and who has no session, which only a user gets, has a time and a
 * number of bytes to get one. A connection is ended by shutting its socket: its own thread finds
 * the end of it and clears away. Main thread.
 */
struct connections;

struct connection_limits {
    /* Open at once; then the oldest without a session of those that come from where most come from
     * (base/origin.h) goes, else the new one. */
    guint connections;
    guint patience_ms;  /* without a session */
    guint64 most_bytes; /* without a session, of requests, however many they are */
};

/* To be called before `server` takes connections. Borrows `log`. */
struct connections *connections_new(GstRTSPServer *server, const struct connection_limits *limits,
                                    const struct log *log);
/* Connections stay, without limits. Not after the server. */
void connections_free(struct connections *connections);
/* Ends all connections, soon. */
void connections_send_away(struct connections *connections);
/* Waits until all have ended, for some time at most. */
void connections_wait(struct connections *connections);

#endif
