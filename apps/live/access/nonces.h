/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NONCES_H
#define NONCES_H

#include <glib.h>
#include <stdbool.h>

/*
 * Remembers what was used once and must not be used again, until a time after which it would be
 * refused for its age anyway. Holds a bounded number; when it is full everything counts as used.
 */
struct nonces;

struct nonces *nonces_new(void);
void nonces_free(struct nonces *nonces);
/* Notes `text` as used until `until_us`; false if it was used already, or there is no room. Both
 * times are of one clock. `owner`, if not NULL, may use it again within a second: there are clients
 * that make one nonce a second and send several requests with it (libonvif 1.4). */
bool nonces_use(struct nonces *nonces, const char *text, const char *owner, gint64 until_us,
                gint64 now_us);

#endif
