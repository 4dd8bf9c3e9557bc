/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORIGIN_H
#define ORIGIN_H

#include <stdbool.h>

/*
 * By which the address of a peer counts, where something is counted by address: IPv4 by itself,
 * also as it is written in IPv6; IPv6 by its first 64 bits, which are one household's.
 */

/* The caller frees it. `own`, unless NULL: it is this machine's. */
char *origin_key(const char *address, bool *own);
/* The first 48 bits of an IPv6 address, which are what one customer gets at most; NULL for others.
 * The caller frees it. */
char *origin_wide(const char *address);

#endif
