/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DISCOVERY_MESSAGE_H
#define DISCOVERY_MESSAGE_H

#include <glib.h>

/* The messages of WS-Discovery: bytes only. */

/* Who is announced. */
struct discovery_target {
    const char *uuid;
    char **scopes;      /* ends with NULL; not ours */
    const char *xaddrs; /* URLs of the device service, with spaces between */
    guint32 instance;   /* rises with each start */
};

/* The answer to a datagram, or NULL if it asks for nothing of ours. `number` counts messages. The
 * caller frees it. */
GString *discovery_answer(const char *datagram, gsize size, const struct discovery_target *target,
                          guint32 number);
/* The caller frees them. */
GString *discovery_hello(const struct discovery_target *target, guint32 number);
GString *discovery_bye(const struct discovery_target *target, guint32 number);

#endif
