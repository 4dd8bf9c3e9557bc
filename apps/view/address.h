/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <gio/gio.h>
#include <stdbool.h>

/* Where to listen. */
struct address {
    GInetAddress *host;
    guint16 port; /* 0: any that is free */
};

/* Reads "ADDR", "ADDR:PORT", "[V6]" or "[V6]:PORT"; ADDR is a number or "localhost". Pure. False if
 * it is none. */
bool address_parse(struct address *address, const char *text);
void address_clear(struct address *address);
/* As it stands in a URL, in brackets if it is of IPv6; free with g_free(). */
char *address_host(GInetAddress *host);

#endif
