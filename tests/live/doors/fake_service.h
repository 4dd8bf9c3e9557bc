/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FAKE_SERVICE_H
#define FAKE_SERVICE_H

#include "state/service_state.h"

/* A service whose cameras are figures only, for tests of the doors: what service_state.h and
 * camera.h promise, without a pipeline. */

struct fake_service;

/* Takes `config`. */
struct fake_service *fake_service_new(struct service_config *config);
void fake_service_free(struct fake_service *service);
/* What a door is given; borrowed. */
struct service_state *fake_service_state(struct fake_service *service);
/* What camera_snapshot() gives from now on; NULL: nothing. Takes `jpeg`. */
void fake_service_show(struct fake_service *service, GBytes *jpeg);
void fake_service_set_alive(struct fake_service *service, bool alive);

#endif
