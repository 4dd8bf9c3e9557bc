/* SPDX-License-Identifier: Apache-2.0 */
#ifndef GUESSES_H
#define GUESSES_H

#include <glib.h>
#include <stdbool.h>

/*
 * Wrong names and passwords, by the address that they came from: an address may be wrong some times
 * at once and then once a second. What it asks beyond that is not looked at, but for a user who was
 * let in from there within a day, so that whoever guesses locks out nobody else. An IPv6 address
 * counts by its first 64 bits, which are one household's; this machine's own addresses are always
 * looked at. Any thread.
 */
struct guesses;

enum guesses_door { GUESSES_HTTP, GUESSES_RTSP, GUESSES_ONVIF, GUESSES_N_DOORS };

enum {
    GUESSES_AT_ONCE = 20,
    GUESSES_MAX = 4096, /* addresses, and users with their addresses, that are remembered */
    GUESSES_KNOWN_S = 24 * 3600, /* since a user was last let in */
    GUESSES_HELD_MS = 1000,      /* what is answered late, where an answer can wait */
};

struct guesses *guesses_new(void);
struct guesses *guesses_ref(struct guesses *guesses);
void guesses_unref(struct guesses *guesses);
/* All times are monotonic. `user` may be NULL. */
bool guesses_may(struct guesses *guesses, const char *address, const char *user, gint64 now_us);
void guesses_right(struct guesses *guesses, const char *address, const char *user, gint64 now_us);
/* Counts it. */
void guesses_wrong(struct guesses *guesses, enum guesses_door door, const char *address,
                   gint64 now_us);
/* Whether an address was wrong so often that it is to wait. */
bool guesses_often(struct guesses *guesses, const char *address, gint64 now_us);
/* What was not looked at is counted as wrong. */
guint64 guesses_count(struct guesses *guesses, enum guesses_door door);
const char *guesses_door_name(enum guesses_door door);

#endif
