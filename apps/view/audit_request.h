/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDIT_REQUEST_H
#define AUDIT_REQUEST_H

#include <bauta/audit.h>
#include <stdbool.h>

#include "json.h"

/* What a page posts to be written into the audit log. Texts are the request's own. */
struct audit_request {
    const char *recording, *outcome, *what, *why, *case_, *key, *stream, *grant, *approved;
    json_t *json; /* which holds them */
};

/* Reads a body of `size` bytes; pure. False, with a sentence (not allocated) in `*problem`, if a
 * field is missing, not text, too long, has control characters or is not of its form, or if
 * something begins without a reason. */
bool audit_request_read(struct audit_request *request, const char **problem, const char *body,
                        size_t size);
void audit_request_clear(struct audit_request *request);

#endif
