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
 * new one, and each is closed after a time without a request. Main thread.
 */
struct door;

enum {
    DOOR_MAX_CONNECTIONS = 64,
    DOOR_PATIENCE_S = 30, /* from the last request, or the beginning, to the end of the next */
};

/* Gives connections to `server`; TLS with the certificate of `config`, which is read anew when its
 * file changes. Borrows `server` and `log`. NULL if the port cannot be taken, or there is no
 * certificate, having said so. */
struct door *door_new(SoupServer *server, const struct service_config *config, bool tls,
                      const struct log *log);
void door_free(struct door *door);
/* Whether `message` came through a door with TLS. */
bool door_is_secret(SoupServerMessage *message);
/* Something was done on the message's connection: its patience begins anew. */
void door_touch(SoupServerMessage *message);
/* Ends its connection without an answer. */
void door_close(SoupServerMessage *message);

#endif
