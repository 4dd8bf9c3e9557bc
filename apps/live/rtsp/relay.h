/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RELAY_H
#define RELAY_H

#include <gst/rtsp-server/rtsp-server.h>

#include "stream/hub.h"

/* A factory of what RTSP clients get from a hub: one media that all of them share, made for the
 * first and gone after the last. */
GstRTSPMediaFactory *relay_factory_new(struct hub *hub);
/* Whether there is something to give: without that no media can be made. Any thread. */
bool relay_factory_flows(GstRTSPMediaFactory *factory);

#endif
