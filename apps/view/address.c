/* SPDX-License-Identifier: Apache-2.0 */
#include "address.h"

#include <string.h>

static GInetAddress *read_host(const char *text)
{
    return strcmp(text, "localhost") == 0 ? g_inet_address_new_loopback(G_SOCKET_FAMILY_IPV4)
                                          : g_inet_address_new_from_string(text);
}

bool address_parse(struct address *address, const char *text)
{
    const char *bracket = text[0] == '[' ? strchr(text, ']') : NULL;
    const char *colon = strchr(bracket ? bracket : text, ':');
    guint64 port = 0;
    *address = (struct address){NULL, 0};
    if (text[0] == '[' && (!bracket || (bracket[1] && bracket[1] != ':')))
        return false;
    if (!bracket && colon && strchr(colon + 1, ':')) /* of IPv6, alone */
        colon = NULL;
    if (colon && !g_ascii_string_to_unsigned(colon + 1, 10, 0, 65535, &port, NULL))
        return false;
    const char *begin = bracket ? text + 1 : text, *end = bracket ? bracket : colon;
    char *host = end ? g_strndup(begin, (gsize)(end - begin)) : g_strdup(begin);
    *address = (struct address){read_host(host), (guint16)port};
    g_free(host);
    if (address->host && bracket &&
        g_inet_address_get_family(address->host) != G_SOCKET_FAMILY_IPV6)
        address_clear(address);
    return address->host != NULL;
}

void address_clear(struct address *address)
{
    g_clear_object(&address->host);
}

char *address_host(GInetAddress *host)
{
    char *text = g_inet_address_to_string(host);
    if (g_inet_address_get_family(host) == G_SOCKET_FAMILY_IPV4)
        return text;
    char *bracketed = g_strconcat("[", text, "]", NULL);
    g_free(text);
    return bracketed;
}
