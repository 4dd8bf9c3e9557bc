/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICE_STATE_H
#define SERVICE_STATE_H

#include "access/guesses.h"
#include "camera/camera.h"
#include "config/config.h"

/*
 * What the doors (RTSP, HTTP, ONVIF) need of the service, so that they need not know the service
 * itself, which opens them. The service changes it when its configuration is read again; the doors
 * only read it. Main thread.
 */
struct service_state {
    struct service_config *config;
    struct camera **cameras; /* as config->cameras */
    struct guesses *guesses; /* wrong passwords at all doors */
};

/* NULL if no camera has this name. */
struct camera *service_state_find_camera(const struct service_state *state, const char *name);
/* Whether every part that must answer does. */
bool service_state_alive(const struct service_state *state);

#endif
