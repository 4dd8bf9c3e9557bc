/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REQUEST_GUARD_H
#define REQUEST_GUARD_H

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "token.h"

/*
 * Who gets in. The Host header must be a name of ours: a name of somebody else's that leads here
 * (DNS rebinding) is another page's, whatever it says. An Origin must be our own. What is under
 * /api/ wants the token.
 */
struct request_guard {
    GInetAddress *host;           /* listened on */
    GTlsCertificate *certificate; /* NULL: plain HTTP */
    struct token token;
};

/* Whether the message may come in; else it has been answered. `path` as in the request. */
bool request_guard_pass(const struct request_guard *guard, SoupServerMessage *message,
                        const char *path);

/* "name", of "name", "name:port", "[v6]" or "[v6]:port"; NULL if it is none of them, or the port,
 * or its absence, is not ours. Pure. Free with g_free(). */
char *request_guard_host_name(const char *header, int port, bool tls);

#endif
