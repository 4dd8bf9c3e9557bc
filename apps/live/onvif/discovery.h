/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISCOVERY_H
#define DISCOVERY_H

#include "state/service_state.h"

/*
 * WS-Discovery (http://schemas.xmlsoap.org/ws/2005/04/discovery) of ONVIF's Core Specification,
 * section 7: says Hello and Bye, and answers Probe and Resolve that were sent to the multicast
 * group. What is sent to an address of ours is not heard, so that nobody far away can have answers
 * sent to somebody else; answers per second are bounded. Main thread.
 */
struct discovery;

/* NULL if there is no network for it, having said so; the service does without. Borrows both. */
struct discovery *discovery_new(const struct service_state *state, const struct log *log);
void discovery_free(struct discovery *discovery);

#endif
