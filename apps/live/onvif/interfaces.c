/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* getifaddrs and its flags */
#include "interfaces.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <string.h>

static void read_hardware(struct interface *interface, const struct ifaddrs *list)
{
    static const unsigned char none[6] = {0};
    const unsigned char *at = none;
    struct sockaddr_ll link;
    for (const struct ifaddrs *entry = list; entry; entry = entry->ifa_next)
        if (entry->ifa_addr && entry->ifa_addr->sa_family == AF_PACKET &&
            !strcmp(entry->ifa_name, interface->name)) {
            memcpy(&link, entry->ifa_addr, sizeof(link));
            if (link.sll_halen == sizeof(none))
                at = link.sll_addr;
        }
    g_snprintf(interface->hardware, sizeof(interface->hardware), "%02x:%02x:%02x:%02x:%02x:%02x",
               at[0], at[1], at[2], at[3], at[4], at[5]);
}

static void read_address(struct interface *interface, const struct ifaddrs *entry)
{
    struct sockaddr_in address, mask = {0};
    memcpy(&address, entry->ifa_addr, sizeof(address));
    if (entry->ifa_netmask)
        memcpy(&mask, entry->ifa_netmask, sizeof(mask));
    inet_ntop(AF_INET, &address.sin_addr, interface->address, sizeof(interface->address));
    for (guint32 bits = ntohl(mask.sin_addr.s_addr); bits; bits <<= 1)
        interface->prefix++;
    g_strlcpy(interface->name, entry->ifa_name, sizeof(interface->name));
    interface->loopback = entry->ifa_flags & IFF_LOOPBACK;
    interface->multicast = entry->ifa_flags & IFF_MULTICAST;
}

int interfaces_list(struct interface *interfaces)
{
    struct ifaddrs *list;
    int n = 0;
    if (getifaddrs(&list))
        return 0;
    for (const struct ifaddrs *entry = list; entry && n < INTERFACES_MAX; entry = entry->ifa_next) {
        if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET ||
            !(entry->ifa_flags & IFF_UP))
            continue;
        interfaces[n] = (struct interface){0};
        read_address(&interfaces[n], entry);
        read_hardware(&interfaces[n], list);
        n++;
    }
    freeifaddrs(list);
    return n;
}

GInetAddress *interfaces_towards(GSocketAddress *remote)
{
    GInetAddress *found = NULL;
    GSocket *socket = g_socket_new(g_socket_address_get_family(remote), G_SOCKET_TYPE_DATAGRAM,
                                   G_SOCKET_PROTOCOL_UDP, NULL);
    GSocketAddress *local = NULL;
    if (socket && g_socket_connect(socket, remote, NULL, NULL))
        local = g_socket_get_local_address(socket, NULL);
    if (local)
        found = g_object_ref(g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(local)));
    g_clear_object(&local);
    g_clear_object(&socket);
    return found;
}
