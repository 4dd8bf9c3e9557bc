/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TLS_PAIR_H
#define TLS_PAIR_H

#include <gio/gio.h>

#include "log.h"

/*
 * A certificate and its private key, two files that are written anew one after the other while the
 * service runs. What is in use is exchanged only for a pair that belongs together, which a
 * handshake with oneself shows: GIO has nothing else that compares them.
 */
struct tls_pair;

/* Reads both files; NULL with `error` if they cannot be read or do not belong together. */
GTlsCertificate *tls_pair_read(const char *path, const char *key_path, GError **error);

/* NULL if there is no such pair, having said why. Borrows `log`. */
struct tls_pair *tls_pair_new(const char *path, const char *key_path, const struct log *log);
void tls_pair_free(struct tls_pair *pair);
/* The last good one, borrowed until the next call; looks at the files first. Never NULL. */
GTlsCertificate *tls_pair_look(struct tls_pair *pair);

#endif
