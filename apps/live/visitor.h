/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VISITOR_H
#define VISITOR_H

#include <libsoup/soup.h>

#include "digest.h"
#include "guesses.h"
#include "service.h"

/* Who sends a request by HTTP. Main thread. */

/* By digest, or by HTTP basic where nobody overhears it. Wrong passwords are counted as those of
 * `door`, and answered late where there were too many: door.h. */
enum auth_result visitor_check(SoupServerMessage *message, const struct service *service,
                               struct digest *digest, enum guesses_door door);
/* Answers late if too many wrong passwords came from where this came from. */
void visitor_hold(SoupServerMessage *message, const struct service *service);

#endif
