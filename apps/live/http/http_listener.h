/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include <libsoup/soup.h>

#include "base/log.h"
#include "config/config.h"

/*
 * One port that HTTP is spoken on, with or without TLS, and the limits that libsoup does not know:
 * a bounded number of connections is open at once, then the one that waits longest of those that
 * come from where most come from (base/origin.h) makes room for a new one, and each has a time for
 * its request, and again for its answer.
 *
 * Each connection is one request, and has a SoupServer of its own: libsoup 3.2 keeps sockets that
 * it listened for, and streams that it was given, until the server goes. Main thread.
 */
struct http_listener;

struct http_listener_limits {
    guint connections; /* open at once */
    guint patience_ms;
};

/* Who lives behind it. */
struct http_listener_host {
    /* Whether a connection from there is worth the work that it makes; else it is closed at once.
     * NULL: each is. */
    bool (*admit)(const char *address, gpointer user);
    void (*furnish)(SoupServer *server, gpointer user); /* gives a server its handlers */
    gpointer user;
};

/* `tls`: with the certificate of `config`, which is read anew when its file changes. Borrows `log`.
 * NULL if the port cannot be taken, or there is no certificate, having said so. */
struct http_listener *http_listener_new(const struct service_config *config, bool tls,
                                        const struct http_listener_limits *limits,
                                        const struct http_listener_host *host,
                                        const struct log *log);
/* Closes all connections. */
void http_listener_free(struct http_listener *listener);
/* Whether `message` came through a listener with TLS. */
bool http_listener_is_secret(SoupServerMessage *message);
/* Its answer, which is made already or will be at once, leaves after so long. Who waits for that is
 * the first of his address to make room. */
void http_listener_hold(SoupServerMessage *message, guint hold_ms);
/* Ends its connection without an answer, soon. */
void http_listener_close(SoupServerMessage *message);

#endif
