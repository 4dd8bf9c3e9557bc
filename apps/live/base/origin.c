/* SPDX-License-Identifier: Apache-2.0 */
#include "origin.h"

#include <bauta/bytes.h>
#include <gio/gio.h>
#include <string.h>

enum { HOUSEHOLD = 8, CUSTOMER = 6 }; /* bytes */

/* NULL: it is none, or IPv4 in another form. The caller unrefs it. */
static GInetAddress *read_ipv6(const char *text)
{
    static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};
    GInetAddress *address = g_inet_address_new_from_string(text);
    if (address && (g_inet_address_get_family(address) != G_SOCKET_FAMILY_IPV6 ||
                    memcmp(g_inet_address_to_bytes(address), mapped, sizeof(mapped)) == 0))
        g_clear_object(&address);
    return address;
}

static char *write_prefix(GInetAddress *address, int n_bytes)
{
    const guint8 *bytes = g_inet_address_to_bytes(address);
    char digits[2 * HOUSEHOLD + 1];
    return g_strdup_printf("%s/%d", bauta_hex(digits, bytes, (size_t)n_bytes), n_bytes * 8);
}

char *origin_key(const char *address, bool *own)
{
    static const char mapped[] = "::ffff:";
    GInetAddress *ipv6 = read_ipv6(address);
    const char *plain = address;
    if (!ipv6 && g_ascii_strncasecmp(address, mapped, strlen(mapped)) == 0)
        plain += strlen(mapped);
    GInetAddress *any = ipv6 ? g_object_ref(ipv6) : g_inet_address_new_from_string(plain);
    if (own)
        *own = any && g_inet_address_get_is_loopback(any);
    char *key = ipv6 ? write_prefix(ipv6, HOUSEHOLD) : g_strdup(plain);
    g_clear_object(&any);
    g_clear_object(&ipv6);
    return key;
}

char *origin_wide(const char *address)
{
    GInetAddress *ipv6 = read_ipv6(address);
    char *key = ipv6 ? write_prefix(ipv6, CUSTOMER) : NULL;
    g_clear_object(&ipv6);
    return key;
}
