/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DIGEST_H
#define DIGEST_H

#include "auth.h"

/*
 * HTTP digest authentication, RFC 7616, with qop=auth, and with MD5, which is what ONVIF's clients
 * know. libsoup's own takes any nonce, so that a request that was overheard once can be sent again
 * for ever; here a nonce is ours, is good for some minutes, and each count of it once.
 */
struct digest;

struct digest_request {
    const char *method;
    const char *target;        /* path and query, as they stand in the request line */
    const char *authorization; /* the header's value; NULL: none */
};

enum { DIGEST_NONCE_AGE_S = 300 };

/* NULL if the system gives no random bytes. */
struct digest *digest_new(void);
void digest_free(struct digest *digest);
/* `now_us` is monotonic. */
enum auth_result digest_check(struct digest *digest, const struct service_config *config,
                              const struct digest_request *request, gint64 now_us);
/* The value of WWW-Authenticate; the caller frees it. `stale`: the last answer was good but for the
 * age of its nonce. */
char *digest_challenge(const struct digest *digest, const struct service_config *config, bool stale,
                       gint64 now_us);

/* The name in an Authorization header, of digest or basic; NULL if there is none. The caller frees
 * it. */
char *digest_user(const char *authorization);
/* The nonce in an Authorization header of digest, or in a challenge; as above. */
char *digest_nonce(const char *header);

/* A name and a password in the clear, RFC 7617; only for connections that nobody overhears. */
enum auth_result digest_check_basic(const struct service_config *config, const char *authorization);

#endif
