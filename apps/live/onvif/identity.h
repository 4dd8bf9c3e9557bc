/* SPDX-License-Identifier: Apache-2.0 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include "config/config.h"

/* A UUID of this service that stays the same when it is started again: from machine-id(5), which
 * must not be shown itself, and the configuration's path. The caller frees it. */
char *identity_uuid(const struct service_config *config);
/* By what ONVIF's discovery finds it, "onvif://www.onvif.org/...". The caller frees it with
 * g_strfreev(). */
char **identity_scopes(const struct service_config *config);

#endif
