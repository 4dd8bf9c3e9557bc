/* SPDX-License-Identifier: Apache-2.0 */
#include "urls.h"

#include <string.h>

enum { MAX_HOST = 255, HTTP_PORT = 80, HTTPS_PORT = 443 };

static bool all_of(const char *text, size_t size, const char *also)
{
    for (size_t i = 0; i < size; i++)
        if (!g_ascii_isalnum(text[i]) && !strchr(also, text[i]))
            return false;
    return size > 0;
}

/* The length of the host in "HOST[:PORT]", with the brackets of "[IPv6]"; 0 if it is none. */
static size_t host_length(const char *header)
{
    const size_t size = strlen(header);
    if (size > MAX_HOST)
        return 0;
    if (header[0] == '[') {
        const char *end = strchr(header, ']');
        const bool good = end && all_of(header + 1, (size_t)(end - header - 1), ":.");
        return good ? (size_t)(end - header + 1) : 0;
    }
    const size_t length = strcspn(header, ":");
    return all_of(header, length, ".-_") ? length : 0;
}

/* The port behind the host; `otherwise` if there is none, 0 if it is no number. */
static int port_of(const char *behind, int otherwise)
{
    guint64 port;
    if (!behind[0])
        return otherwise;
    if (behind[0] != ':' || !g_ascii_string_to_unsigned(behind + 1, 10, 1, 65535, &port, NULL))
        return 0;
    return (int)port;
}

/* As it stands in a URL. */
static char *bracketed(const char *host)
{
    return strchr(host, ':') && host[0] != '[' ? g_strdup_printf("[%s]", host) : g_strdup(host);
}

void urls_init(struct urls *urls, const struct service_config *config, const char *host_header,
               const char *local, bool secret)
{
    const size_t length = host_header ? host_length(host_header) : 0;
    int port = secret ? config->https.port : config->http.port;
    char *host;
    if (config->address[0]) {
        host = bracketed(config->address);
    } else if (length && port_of(host_header + length, secret ? HTTPS_PORT : HTTP_PORT)) {
        host = g_strndup(host_header, length);
        port = port_of(host_header + length, secret ? HTTPS_PORT : HTTP_PORT);
    } else {
        host = bracketed(local);
    }
    *urls =
        (struct urls){.http = g_strdup_printf("%s://%s:%d", secret ? "https" : "http", host, port)};
    if (config->rtsp.port)
        urls->rtsp = g_strdup_printf("rtsp://%s:%d", host, config->rtsp.port);
    if (config->rtsps.port)
        urls->rtsps = g_strdup_printf("rtsps://%s:%d", host, config->rtsps.port);
    g_free(host);
}

bool urls_is_own_name(const struct service_config *config, const char *host_header)
{
    if (!host_header)
        return true;
    const size_t length = host_length(host_header);
    const bool bracket = host_header[0] == '[' && length > 2;
    char *host = g_strndup(host_header + bracket, length - 2 * bracket);
    const bool own = g_hostname_is_ip_address(host) || !g_ascii_strcasecmp(host, "localhost") ||
                     (config->address[0] && !g_ascii_strcasecmp(host, config->address));
    g_free(host);
    return own;
}

void urls_clear(struct urls *urls)
{
    g_free(urls->http);
    g_free(urls->rtsp);
    g_free(urls->rtsps);
    *urls = (struct urls){0};
}
