/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOOR_H
#define DOOR_H

#include <libsoup/soup.h>
#include <stdbool.h>

#include "address.h"

/*
 * The port that HTTP is spoken on, with or without TLS, and the limits that libsoup does not know:
 * so many connections at once, of which the oldest that nobody has let in makes room for a new one,
 * and a time for each request and its answer.
 *
 * Each connection is one request, and has a SoupServer of its own: libsoup 3.2 keeps sockets that
 * it listened for, and streams that it was given, until the server goes. Main thread.
 */
struct door;

enum { DOOR_CONNECTIONS = 64, DOOR_PATIENCE_S = 60 };

/* Gives a server its handlers. */
typedef void door_furnish_function(SoupServer *server, gpointer user);

/* `certificate` NULL: without TLS. NULL with a sentence in `*problem` if it cannot listen. */
struct door *door_new(const struct address *address, GTlsCertificate *certificate,
                      door_furnish_function *furnish, gpointer user, char **problem);
/* Closes all connections. */
void door_free(struct door *door);
int door_port(const struct door *door);
/* Who sent `message` has a right to an answer: strangers go first. */
void door_let_in(SoupServerMessage *message);
/* The answer to `message` has no end: no time, and no room to make. */
void door_hold(SoupServerMessage *message);
/* Ends its connection, whatever was said, soon. */
void door_close(SoupServerMessage *message);

#endif
