/* SPDX-License-Identifier: Apache-2.0 */
#include "request_guard.h"

#include <string.h>

#include "answer.h"

enum { HTTP_PORT = 80, HTTPS_PORT = 443 };

static const char *header_of(SoupServerMessage *message, const char *name)
{
    return soup_message_headers_get_one(soup_server_message_get_request_headers(message), name);
}

char *request_guard_host_name(const char *header, int port, bool tls)
{
    const char *end = header[0] == '[' ? strchr(header, ']') : strchr(header, ':');
    if (header[0] == '[' && !end)
        return NULL;
    const char *after = header[0] == '[' ? end + 1 : end ? end : "";
    guint64 given = tls ? HTTPS_PORT : HTTP_PORT;
    if (*after &&
        (*after != ':' || !g_ascii_string_to_unsigned(after + 1, 10, 1, 65535, &given, NULL)))
        return NULL;
    if (given != (guint64)port)
        return NULL;
    if (header[0] == '[')
        return g_strndup(header + 1, (gsize)(end - header - 1));
    return end ? g_strndup(header, (gsize)(end - header)) : g_strdup(header);
}

static bool is_address(GInetAddress *address, const char *name)
{
    GInetAddress *given = g_inet_address_new_from_string(name);
    const bool same = given && g_inet_address_equal(given, address);
    g_clear_object(&given);
    return same;
}

/* With TLS a browser has seen that the name is the certificate's. */
static bool is_certified(GTlsCertificate *certificate, const char *name)
{
    GSocketConnectable *identity = g_network_address_new(name, 0);
    const bool good =
        !(g_tls_certificate_verify(certificate, identity, NULL) & G_TLS_CERTIFICATE_BAD_IDENTITY);
    g_object_unref(identity);
    return good;
}

/* The address that is printed has this name where the one that is listened on is none. */
static bool is_printed(const struct request_guard *guard, const char *name)
{
    return g_inet_address_get_is_any(guard->host) &&
           g_ascii_strcasecmp(name, g_get_host_name()) == 0;
}

static bool is_ours(const struct request_guard *guard, SoupServerMessage *message,
                    const char *header)
{
    GSocketAddress *local = soup_server_message_get_local_address(message);
    if (!header || !G_IS_INET_SOCKET_ADDRESS(local))
        return false;
    GInetSocketAddress *at = G_INET_SOCKET_ADDRESS(local);
    char *name =
        request_guard_host_name(header, g_inet_socket_address_get_port(at), guard->certificate);
    const bool ours = name && (g_ascii_strcasecmp(name, "localhost") == 0 ||
                               is_address(guard->host, name) || is_printed(guard, name) ||
                               is_address(g_inet_socket_address_get_address(at), name) ||
                               (guard->certificate && is_certified(guard->certificate, name)));
    g_free(name);
    return ours;
}

/* The Host header was good. */
static bool is_own_origin(const struct request_guard *guard, const char *origin, const char *host)
{
    char *own = g_strconcat(guard->certificate ? "https://" : "http://", host, NULL);
    const bool same = g_ascii_strcasecmp(origin, own) == 0;
    g_free(own);
    return same;
}

bool request_guard_pass(const struct request_guard *guard, SoupServerMessage *message,
                        const char *path)
{
    const char *host = header_of(message, "Host"), *origin = header_of(message, "Origin");
    if (!is_ours(guard, message, host)) {
        answer_problem(message, SOUP_STATUS_MISDIRECTED_REQUEST,
                       "this address has another name: use the one that was printed");
        return false;
    }
    if (origin && !is_own_origin(guard, origin, host)) {
        answer_problem(message, SOUP_STATUS_FORBIDDEN, "another page has no business here");
        return false;
    }
    if (g_str_has_prefix(path, "/api/") &&
        !token_check(&guard->token, header_of(message, "Authorization"))) {
        answer_problem(message, SOUP_STATUS_UNAUTHORIZED,
                       "the token is missing or wrong: open the address that was printed, all of "
                       "it");
        return false;
    }
    return true;
}
