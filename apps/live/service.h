/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICE_H
#define SERVICE_H

#include "base/log.h"
#include "config/config.h"

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

int service_n_cameras(const struct service *service);
/* Whether every part that must answer does. */
bool service_alive(const struct service *service);

#endif
