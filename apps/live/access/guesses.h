/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUESSES_H
#define GUESSES_H

#include <glib.h>
#include <stdbool.h>

/*
 * Wrong names and passwords, and connections that bring none, by where they came from
 * (base/origin.h): some at once and then some a second. What comes beyond that is not looked at. A
 * user who was let in from there within a day has a number of wrong passwords of his own, so that
 * whoever guesses other names from the same address does not lock him out. Of an IPv6 address the
 * first 48 bits count as well, with WIDE times as much. When no more can be remembered, what counts
 * least makes room: nobody is refused for what others did elsewhere.
 *
 * This machine's own addresses are always looked at. Behind them may be a proxy, with the right
 * users and whoever guesses alike: any number there, by name or not, would be a lock that every
 * stranger can turn. Any thread.
 *
 * A nonce that a user was let in with is his ticket: who brings it is no guesser, whoever guesses
 * beside him with his name. One wrong password with it, and it is none any more.
 */
struct guesses;

enum guesses_door { GUESSES_HTTP, GUESSES_RTSP, GUESSES_ONVIF, GUESSES_N_DOORS };

enum {
    GUESSES_AT_ONCE = 20,          /* and then one a second */
    GUESSES_KNOWN_AT_ONCE = 60,    /* for a user who was let in from there; and then one a second */
    GUESSES_ARRIVALS_AT_ONCE = 64, /* connections from where nobody was let in: as many cameras, or
                                    * half as many with sub streams, that a recorder asks for */
    GUESSES_ARRIVALS_A_S = 16,     /* and then */
    GUESSES_WIDE = 16,
    GUESSES_MAX = 4096,          /* rows of each kind that are remembered */
    GUESSES_KNOWN_S = 24 * 3600, /* since a user was last let in */
    GUESSES_HELD_MS = 1000,      /* what is answered late, where an answer can wait */
};

struct guesses *guesses_new(void);
struct guesses *guesses_ref(struct guesses *guesses);
void guesses_unref(struct guesses *guesses);
/* All times are monotonic. Counts a connection; whether it is worth the work that it makes: false
 * if too much came from there that was wrong, or said nothing, and no user was let in from there
 * within a day. */
bool guesses_arrive(struct guesses *guesses, const char *address, gint64 now_us);
/* Whether a password is looked at. `user` may be NULL, here and below. */
bool guesses_may(struct guesses *guesses, const char *address, const char *user, gint64 now_us);
void guesses_right(struct guesses *guesses, const char *address, const char *user, gint64 now_us);
/* Remembers a ticket for a day from `now_us`, forgets it, and knows it again; `nonce` may be NULL.
 */
void guesses_give_ticket(struct guesses *guesses, const char *address, const char *user,
                         const char *nonce, gint64 now_us);
void guesses_take_ticket(struct guesses *guesses, const char *address, const char *user,
                         const char *nonce);
bool guesses_has_ticket(struct guesses *guesses, const char *address, const char *user,
                        const char *nonce, gint64 now_us);
/* Counts it; also what was not looked at. */
void guesses_wrong(struct guesses *guesses, enum guesses_door door, const char *address,
                   const char *user, gint64 now_us);
/* Whether it was wrong so often that it is to wait. */
bool guesses_often(struct guesses *guesses, const char *address, const char *user, gint64 now_us);
guint64 guesses_count(struct guesses *guesses, enum guesses_door door);
const char *guesses_door_name(enum guesses_door door);

#endif
