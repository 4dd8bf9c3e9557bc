/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUTH_H
#define AUTH_H

#include "config/config.h"

/*
 * WS-UsernameToken in SOAP requests: OASIS WS-Security UsernameToken Profile 1.0, section 3.1, as
 * ONVIF's Core Specification wants it, with a digest:
 *
 *     Base64(SHA-1(nonce bytes + created + password))
 *
 * A token is good once, and for some minutes.
 */
struct auth;

/* Strings as they came; NULL where there was none. */
struct auth_token {
    const char *user, *digest, *nonce, *created;
};

enum auth_result {
    AUTH_GOOD,
    AUTH_BAD,   /* no such user, or not that user's password */
    AUTH_WAIT,  /* not looked at: guesses.h */
    AUTH_STALE, /* too old, too far ahead, or used before; the password is right */
};

enum { AUTH_TOKEN_AGE_S = 300 }; /* clocks of clients may differ by this much */

/* Tokens made before `since_us`, of the wall clock, are refused: what was used then is not known.
 */
struct auth *auth_new(gint64 since_us);
void auth_free(struct auth *auth);
/* `now_us` is of the wall clock, since the epoch; `peer` is the address that it came from:
 * nonces.h. */
enum auth_result auth_check(struct auth *auth, const struct service_config *config,
                            const struct auth_token *token, const char *peer, gint64 now_us);

/* NULL if there is no such user. */
const struct user_config *auth_find_user(const struct service_config *config, const char *name);

#endif
