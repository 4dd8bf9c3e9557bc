/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RTSP_H
#define RTSP_H

#include "state/service_state.h"

/* The RTSP and RTSPS doors: /CAMERA and /CAMERA/sub, digest authentication, TLS. Main thread. */
struct rtsp;

/* NULL if a port cannot be taken, having said which and why. Borrows `state`. */
struct rtsp *rtsp_new(const struct service_state *state, const struct log *log);
void rtsp_free(struct rtsp *rtsp);
/* The service's configuration was read anew: takes over its users and its certificate, and if
 * users are others, sends all clients away. False if its addresses are others, so that new doors
 * must be made. */
bool rtsp_reload(struct rtsp *rtsp);
/* A camera was started; and: it will be freed, so that its clients are sent away. */
void rtsp_add_camera(struct rtsp *rtsp, struct camera *camera);
void rtsp_remove_camera(struct rtsp *rtsp, struct camera *camera);

#endif
