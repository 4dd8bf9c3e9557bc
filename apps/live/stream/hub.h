/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HUB_H
#define HUB_H

#include <gst/gst.h>
#include <stdbool.h>

#include "stats.h"

/*
 * Hands the access units of one stream to any number of subscribers. Each begins at a random access
 * point, has a bounded queue of its own and a thread that empties it; one that cannot keep up is
 * cut off until the next random access point, and nobody waits for it. Any thread.
 */
struct hub;
struct hub_subscriber;

struct hub *hub_new(struct stats *stats, enum stream stream);
/* Subscribers may hold a hub longer than its camera does. */
struct hub *hub_ref(struct hub *hub);
void hub_unref(struct hub *hub);
/* Nothing will be pushed any more, and `stats` may go. */
void hub_close(struct hub *hub);

/* Publishes one access unit; timestamps are turned into time of the system's monotonic clock by
 * `base_time` and the sample's segment. */
void hub_push(struct hub *hub, GstSample *sample, GstClockTime base_time);
/* What comes next does not follow on what came before: the camera was started anew. */
void hub_interrupt(struct hub *hub);
/* Caps of the last sample, or NULL; the caller unrefs them. */
GstCaps *hub_caps(struct hub *hub);
/* Whether something was pushed in the last `age_us`. */
bool hub_flows(struct hub *hub, gint64 age_us);

/*
 * Calls `take` for every access unit, on the subscriber's own thread, until it returns false or is
 * unsubscribed. `pts` and `dts` of the buffer are absolute times of the system's monotonic clock;
 * `discont` is set on the first, after units were lost, and after a restart of the camera.
 */
typedef bool hub_take_function(gpointer user, GstBuffer *buffer, GstCaps *caps, bool discont);
struct hub_subscriber *hub_subscribe(struct hub *hub, hub_take_function *take, gpointer user);
/* Waits, `timeout_us` at most, until the subscriber has taken what was pushed so far. */
void hub_drain(struct hub *hub, struct hub_subscriber *subscriber, gint64 timeout_us);
/* Returns when `take` is not running and will not be called again. Not from within `take`. */
void hub_unsubscribe(struct hub *hub, struct hub_subscriber *subscriber);

#endif
