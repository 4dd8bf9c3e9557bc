/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_H
#define HTTP_H

#include "onvif/onvif.h"
#include "state/service_state.h"

/* The HTTP door: /metrics, /health, /live, /ready, /CAMERA/snapshot.jpg and /onvif/...; digest
 * authentication unless the configuration is anonymous. Main thread. */
struct http;

/* NULL if a port cannot be taken, having said which and why. Borrows `state`, and `onvif`, which
 * outlives it because it knows what was used. */
struct http *http_new(const struct service_state *state, struct onvif *onvif,
                      const struct log *log);
void http_free(struct http *http);

#endif
