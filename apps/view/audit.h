/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDIT_H
#define AUDIT_H

#include <libsoup/soup.h>

#include "audit_request.h"

/* Writes into the audit log that somebody looks, and answers when it is on disk: 201 with the row's
 * number, or 500. Takes the request. `path` is the log's. Main thread; the answer comes later. */
void audit_write(SoupServerMessage *message, const char *path, struct audit_request *request);

#endif
