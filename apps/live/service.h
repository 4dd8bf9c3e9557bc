/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICE_H
#define SERVICE_H

#include "camera.h"
#include "config.h"
#include "guesses.h"
#include "log.h"

/*
 * The cameras, and the doors to them: RTSP, HTTP, ONVIF. Main thread.
 */
struct service;

/* Takes `config`. NULL if a door cannot be opened, having said why. */
struct service *service_new(struct service_config *config, const struct log *log);
void service_free(struct service *service);
/* Takes `config`: cameras that are set up as before run on, others are started, stopped or started
 * anew. */
void service_reload(struct service *service, struct service_config *config);

const struct service_config *service_config(const struct service *service);
int service_n_cameras(const struct service *service);
struct camera *service_camera(const struct service *service, int i);
struct camera *service_find_camera(const struct service *service, const char *name);
/* Wrong passwords at all doors. */
struct guesses *service_guesses(const struct service *service);
/* Whether every part that must answer does. */
bool service_alive(const struct service *service);

#endif
