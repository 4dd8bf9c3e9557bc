/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INTERFACES_H
#define INTERFACES_H

#include <gio/gio.h>
#include <stdbool.h>

/* The network interfaces of this machine that are up and have an IPv4 address. */
struct interface {
    char name[32];
    char hardware[18]; /* "02:fc:00:00:00:01"; zeros if it has none */
    char address[16];
    int prefix; /* bits */
    bool loopback;
    bool multicast;
};

enum { INTERFACES_MAX = 32 };

/* How many were put into `interfaces`, which has room for INTERFACES_MAX. */
int interfaces_list(struct interface *interfaces);
/* The address of ours that packets to `remote` leave from; NULL if there is no way. No packet is
 * sent. The caller unrefs it. */
GInetAddress *interfaces_towards(GSocketAddress *remote);

#endif
