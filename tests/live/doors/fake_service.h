/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_SERVICE_H
#define FAKE_SERVICE_H

#include "service.h"

/* A service whose cameras are figures only, for tests of the doors: what service.h and camera.h
 * promise, without a pipeline. */

/* Takes `config`. */
struct service *fake_service_new(struct service_config *config);
void fake_service_free(struct service *service);
/* What camera_snapshot() gives from now on; NULL: nothing. Takes `jpeg`. */
void fake_service_show(struct service *service, GBytes *jpeg);
void fake_service_set_alive(struct service *service, bool alive);

#endif
