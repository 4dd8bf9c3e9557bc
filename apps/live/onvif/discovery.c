/* SPDX-License-Identifier: Apache-2.0 */
#include "discovery.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <string.h>

#include "discovery_message.h"
#include "identity.h"
#include "interfaces.h"
#include "onvif.h"
#include "soap.h"

static const char group_address[] = "239.255.255.250";
enum {
    GROUP_PORT = 3702,
    MAX_ANSWERS = 20,  /* in a second */
    JOIN_AGAIN_S = 60, /* interfaces come and go */
};

struct discovery {
    const struct service_state *state;
    const struct log *log;
    GInetAddress *group;
    GSocket *ear; /* bound to the group's address: hears what is sent to that only */
    GSocket *mouth;
    GSource *source;
    guint timer;
    guint32 instance, number;
    gint64 second; /* in which `n_answers` were given */
    int n_answers;
};

static bool is_any(const char *host)
{
    GInetAddress *address = g_inet_address_new_from_string(host);
    const bool any = address && g_inet_address_get_is_any(address);
    g_clear_object(&address);
    return any;
}

static bool is_loopback(const char *host)
{
    GInetAddress *address = g_inet_address_new_from_string(host);
    const bool loopback =
        address ? g_inet_address_get_is_loopback(address) : !g_ascii_strcasecmp(host, "localhost");
    g_clear_object(&address);
    return loopback;
}

/* The device service as seen from where we have the address `local`; NULL if it cannot be reached
 * from there. The caller frees it. */
static char *xaddr_at(const struct service_config *config, const char *local)
{
    const bool secret = !config->http.port;
    const char *host = secret ? config->https.host : config->http.host;
    if (!config->address[0] && is_loopback(host) && !is_loopback(local))
        return NULL;
    struct urls urls;
    urls_init(&urls, config, NULL, is_any(host) ? local : host, secret);
    char *xaddr = g_strconcat(urls.http, onvif_path(ONVIF_DEVICE), NULL);
    urls_clear(&urls);
    return xaddr;
}

static void send_text(struct discovery *discovery, GInetAddress *to, guint16 port,
                      const GString *text)
{
    GSocketAddress *address = g_inet_socket_address_new(to, port);
    g_socket_send_to(discovery->mouth, address, text->str, text->len, NULL, NULL);
    g_object_unref(address);
}

/* Makes one message for somebody who sees us at `local`; NULL if there is nothing to say to him. */
typedef GString *make_message(const struct discovery_target *target, guint32 number);

static void announce_at(struct discovery *discovery, const struct interface *interface,
                        make_message *make)
{
    const struct service_config *config = discovery->state->config;
    char *xaddr = xaddr_at(config, interface->address);
    struct in_addr local;
    if (!xaddr || !inet_pton(AF_INET, interface->address, &local) ||
        !g_socket_set_option(discovery->mouth, IPPROTO_IP, IP_MULTICAST_IF, (gint)local.s_addr,
                             NULL)) {
        g_free(xaddr);
        return;
    }
    char *uuid = identity_uuid(config);
    char **scopes = identity_scopes(config);
    const struct discovery_target target = {uuid, scopes, xaddr, discovery->instance};
    GString *text = make(&target, ++discovery->number);
    send_text(discovery, discovery->group, GROUP_PORT, text);
    g_string_free(text, TRUE);
    g_strfreev(scopes);
    g_free(uuid);
    g_free(xaddr);
}

static void announce(struct discovery *discovery, make_message *make)
{
    struct interface interfaces[INTERFACES_MAX];
    const int n = interfaces_list(interfaces);
    for (int i = 0; i < n; i++)
        if (interfaces[i].multicast && !interfaces[i].loopback)
            announce_at(discovery, &interfaces[i], make);
}

static bool may_answer(struct discovery *discovery)
{
    const gint64 second = g_get_monotonic_time() / G_USEC_PER_SEC;
    if (second != discovery->second) {
        discovery->second = second;
        discovery->n_answers = 0;
    }
    return discovery->n_answers++ < MAX_ANSWERS;
}

static void answer(struct discovery *discovery, GSocketAddress *from, const char *datagram,
                   gsize size)
{
    const struct service_config *config = discovery->state->config;
    GInetAddress *local = may_answer(discovery) ? interfaces_towards(from) : NULL;
    if (!local)
        return;
    char *text_of_local = g_inet_address_to_string(local);
    char *xaddr = xaddr_at(config, text_of_local);
    if (xaddr) {
        char *uuid = identity_uuid(config);
        char **scopes = identity_scopes(config);
        const struct discovery_target target = {uuid, scopes, xaddr, discovery->instance};
        GString *text = discovery_answer(datagram, size, &target, discovery->number + 1);
        if (text) {
            GInetSocketAddress *to = G_INET_SOCKET_ADDRESS(from);
            discovery->number++;
            send_text(discovery, g_inet_socket_address_get_address(to),
                      g_inet_socket_address_get_port(to), text);
            g_string_free(text, TRUE);
        }
        g_strfreev(scopes);
        g_free(uuid);
    }
    g_free(xaddr);
    g_free(text_of_local);
    g_object_unref(local);
}

static gboolean hear(GSocket *socket, GIOCondition condition, gpointer data)
{
    (void)condition;
    struct discovery *discovery = data;
    char datagram[SOAP_MAX_SIZE + 1];
    GSocketAddress *from = NULL;
    const gssize size =
        g_socket_receive_from(socket, &from, datagram, sizeof(datagram), NULL, NULL);
    if (size > 0 && from)
        answer(discovery, from, datagram, (gsize)size);
    g_clear_object(&from);
    return G_SOURCE_CONTINUE;
}

/* Joining where we are in already fails, and that is fine. */
static gboolean join_everywhere(gpointer data)
{
    const struct discovery *discovery = data;
    struct interface interfaces[INTERFACES_MAX];
    const int n = interfaces_list(interfaces);
    for (int i = 0; i < n; i++)
        g_socket_join_multicast_group(discovery->ear, discovery->group, FALSE, interfaces[i].name,
                                      NULL);
    return G_SOURCE_CONTINUE;
}

static bool open_sockets(struct discovery *discovery, GError **error)
{
    GInetAddress *any = g_inet_address_new_any(G_SOCKET_FAMILY_IPV4);
    GSocketAddress *group = g_inet_socket_address_new(discovery->group, GROUP_PORT);
    GSocketAddress *anywhere = g_inet_socket_address_new(any, 0);
    discovery->ear =
        g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
    discovery->mouth = discovery->ear ? g_socket_new(G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                                     G_SOCKET_PROTOCOL_UDP, error)
                                      : NULL;
    const bool done = discovery->mouth && g_socket_bind(discovery->ear, group, TRUE, error) &&
                      g_socket_bind(discovery->mouth, anywhere, FALSE, error);
    if (done) {
        g_socket_set_blocking(discovery->ear, FALSE);
        g_socket_set_blocking(discovery->mouth, FALSE);
        g_socket_set_multicast_ttl(discovery->mouth, 1);
        g_socket_set_multicast_loopback(discovery->mouth, TRUE);
    }
    g_object_unref(anywhere);
    g_object_unref(group);
    g_object_unref(any);
    return done;
}

struct discovery *discovery_new(const struct service_state *state, const struct log *log)
{
    struct discovery *discovery = g_new0(struct discovery, 1);
    GError *error = NULL;
    discovery->state = state;
    discovery->log = log;
    discovery->group = g_inet_address_new_from_string(group_address);
    discovery->instance = (guint32)(g_get_real_time() / G_USEC_PER_SEC);
    if (!open_sockets(discovery, &error)) {
        log_write(log, BAUTA_LOG_WARNING, NULL, "discovery",
                  "ONVIF clients will not find this service by themselves: %s", error->message);
        g_error_free(error);
        discovery_free(discovery);
        return NULL;
    }
    join_everywhere(discovery);
    discovery->source = g_socket_create_source(discovery->ear, G_IO_IN, NULL);
    g_source_set_callback(discovery->source, G_SOURCE_FUNC(hear), discovery, NULL);
    g_source_attach(discovery->source, NULL);
    discovery->timer = g_timeout_add_seconds(JOIN_AGAIN_S, join_everywhere, discovery);
    announce(discovery, discovery_hello);
    return discovery;
}

void discovery_free(struct discovery *discovery)
{
    if (!discovery)
        return;
    if (discovery->source) {
        announce(discovery, discovery_bye);
        g_source_destroy(discovery->source);
        g_source_unref(discovery->source);
    }
    g_clear_handle_id(&discovery->timer, g_source_remove);
    g_clear_object(&discovery->ear);
    g_clear_object(&discovery->mouth);
    g_clear_object(&discovery->group);
    g_free(discovery);
}
