/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTSP_AUTH_H
#define RTSP_AUTH_H

#include <gst/rtsp-server/rtsp-server.h>

#include "access/guesses.h"
#include "base/log.h"

/*
 * GStreamer's digest authentication, which counts wrong passwords, and connections. Who is wrong
 * too often from one address is not answered, but cut off, and new connections from there are
 * closed before a thread, TLS or a client is made for them, which is what costs; this is said once
 * a second at most. Where nobody is asked for a password, nothing is counted. Borrows `log`. The
 * caller unrefs it.
 */
GstRTSPAuth *rtsp_auth_new(struct guesses *guesses, const struct log *log);

#endif
