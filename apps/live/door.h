/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOOR_H
#define DOOR_H

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "config.h"
#include "log.h"

/*
 * One port that HTTP is spoken on, with or without TLS. libsoup's own listening knows no limits:
 * here a bounded number of connections is open at once, the one that waits longest makes room for a
 * new one, and each has a time to be done. libsoup keeps only connections open that it listened for
 * itself: each of these is for one request, and answers say so (Connection: close). Main thread.
 */
struct door;

struct door_limits {
    guint connections; /* open at once */
    guint patience_ms; /* for the request, and again for the answer */
};

/* Gives connections to `server`; TLS with the certificate of `config`, which is read anew when its
 * file changes. Borrows `server` and `log`. NULL if the port cannot be taken, or there is no
 * certificate, having said so. */
struct door *door_new(SoupServer *server, const struct service_config *config, bool tls,
                      const struct door_limits *limits, const struct log *log);
void door_free(struct door *door);
/* Whether `message` came through a door with TLS. */
bool door_is_secret(SoupServerMessage *message);
/* The request is there, the answer begins. */
void door_touch(SoupServerMessage *message);
/* Ends its connection without an answer. */
void door_close(SoupServerMessage *message);

#endif
