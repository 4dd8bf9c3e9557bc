/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VISITOR_H
#define VISITOR_H

#include <libsoup/soup.h>

#include "access/digest.h"
#include "access/guesses.h"
#include "state/service_state.h"

/* Who sends a request by HTTP. Main thread. */

/* By digest, or by HTTP basic where nobody overhears it. */
enum auth_result visitor_check(SoupServerMessage *message, const struct service_state *state,
                               struct digest *digest);
/* The value of WWW-Authenticate for who was not let in; the caller frees it. Where only the nonce
 * was too old, the new one is a ticket as well (access/guesses.h). */
char *visitor_challenge(SoupServerMessage *message, const struct service_state *state,
                        const struct digest *digest, enum auth_result result);
/* What that gave was the end of it: counts a wrong password as one of `door`. A nonce that is too
 * old is none, nor is what nobody looked at because it was said in the open. */
void visitor_count(SoupServerMessage *message, const struct service_state *state,
                   enum guesses_door door, enum auth_result result);
/* Answers late if too many wrong passwords came from where this came from. */
void visitor_hold(SoupServerMessage *message, const struct service_state *state);

#endif
