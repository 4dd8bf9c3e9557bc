/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include "service.h"

/* What systemd is told, sd_notify(3); nothing happens without it. Main thread. */
struct notify;

/* Says READY, and from then on WATCHDOG as often as the unit wants, as long as `service` is alive;
 * so a part that hangs has the service started anew. Borrows everything. */
struct notify *notify_new(struct service *service, const struct log *log);
void notify_free(struct notify *notify);
/* A reload begins; and: it is done, well or not, as `status` says. */
void notify_reloading(void);
void notify_ready(const char *status);
void notify_stopping(void);

#endif
