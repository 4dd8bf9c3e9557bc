/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include "base/log.h"
#include "config/config.h"

/* Tells the log when the service's certificate has expired, or will soon: clients then refuse it,
 * and what is not encrypted goes on. */
struct certificate_watch {
    gint64 told_us; /* monotonic time of the last warning; 0: none */
};

/* When what is in the file of the certificate ends, in seconds since the epoch; false if there is
 * none, or no door that needs it. */
bool certificate_end(const struct service_config *config, gint64 *end_s);
/* To be called now and then; warns once a day. */
void certificate_look(struct certificate_watch *watch, const struct service_config *config,
                      const struct log *log);
/* Another certificate may be there. */
void certificate_forget(struct certificate_watch *watch);

#endif
