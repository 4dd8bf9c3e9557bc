/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include <libsoup/soup.h>
#include <string.h>

#include "access/digest.h"
#include "http_listener.h"
#include "onvif/discovery.h"
#include "onvif/identity.h"
#include "onvif/soap.h"
#include "pages.h"
#include "visitor.h"

static const struct http_listener_limits limits = {.connections = 64, .patience_ms = 30000};

enum { TOO_MANY = 429 }; /* RFC 6585 */

static const char too_long[] = "the request is too long";

/* The log tells each at most once a second: a stranger must not fill it, nor hide one by another.
 */
enum refusal { REFUSED, SENT_AWAY, N_REFUSALS };

struct http {
    const struct service_state *state;
    const struct log *log;
    struct http_listener *plain, *secret; /* NULL: off */
    struct digest *digest;
    struct onvif *onvif;         /* borrowed */
    struct discovery *discovery; /* NULL: off */
    gint64 told_us[N_REFUSALS];  /* when one was last written into the log */
};

static char *local_host(SoupServerMessage *message)
{
    GSocketAddress *local = soup_server_message_get_local_address(message);
    if (!G_IS_INET_SOCKET_ADDRESS(local))
        return g_strdup("localhost");
    return g_inet_address_to_string(
        g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(local)));
}

static const char *header_of(SoupServerMessage *message, const char *name)
{
    return soup_message_headers_get_one(soup_server_message_get_request_headers(message), name);
}

static void challenge(struct http *http, SoupServerMessage *message, enum auth_result result)
{
    char *value = visitor_challenge(message, http->state, http->digest, result);
    soup_message_headers_append(soup_server_message_get_response_headers(message),
                                "WWW-Authenticate", value);
    g_free(value);
}

static void tell(struct http *http, enum refusal refusal, const char *address, const char *what)
{
    const gint64 now_us = g_get_monotonic_time();
    if (now_us - http->told_us[refusal] < G_USEC_PER_SEC)
        return;
    http->told_us[refusal] = now_us;
    log_write(http->log, BAUTA_LOG_WARNING, NULL, "refused", "%s was %s", address, what);
}

static void tell_refusal(struct http *http, SoupServerMessage *message, const char *path)
{
    char *what = g_strconcat("refused ", path, NULL);
    tell(http, REFUSED, soup_server_message_get_remote_host(message), what);
    g_free(what);
}

/* Takes what is in `page`. */
static void send_page(struct http *http, SoupServerMessage *message, struct page *page)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    soup_message_headers_replace(headers, "Connection", "close"); /* http_listener.h */
    soup_message_headers_replace(headers, "Cache-Control", "no-store");
    soup_message_headers_replace(headers, "X-Content-Type-Options", "nosniff");
    if (page->status == SOUP_STATUS_UNAUTHORIZED &&
        !soup_message_headers_get_one(headers, "WWW-Authenticate"))
        challenge(http, message, AUTH_BAD);
    soup_server_message_set_status(message, page->status, NULL);
    if (page->body) {
        soup_message_headers_set_content_type(headers, page->type, NULL);
        soup_message_body_append_bytes(soup_server_message_get_response_body(message), page->body);
    }
    page_clear(page);
}

static void say(struct http *http, SoupServerMessage *message, guint status, const char *sentence)
{
    struct page page = {0};
    page_say(&page, status, sentence);
    send_page(http, message, &page);
}

static int list_profiles(const struct service_state *state, struct onvif_profile *profiles)
{
    int n = 0;
    for (int i = 0; i < state->config->n_cameras; i++) {
        struct camera *camera = state->cameras[i];
        const struct camera_config *config = camera_config(camera);
        for (int s = 0; s < (config->has_sub ? N_STREAMS : 1); s++) {
            struct onvif_profile profile = {.camera = config, .stream = (enum stream)s};
            if (!camera_stream_info(camera, profile.stream, &profile.width, &profile.height,
                                    &profile.rate, &profile.h265))
                profile = (struct onvif_profile){.camera = config, .stream = (enum stream)s};
            profiles[n++] = profile;
        }
    }
    return n;
}

static void answer_onvif(struct http *http, SoupServerMessage *message, enum onvif_service service)
{
    const struct service_config *config = http->state->config;
    const enum auth_result user = visitor_check(message, http->state, http->digest);
    struct urls urls;
    struct page page = {0};
    char *local = local_host(message), *uuid = identity_uuid(config);
    struct onvif_profile *profiles =
        g_new0(struct onvif_profile, (gsize)http->state->config->n_cameras * N_STREAMS + 1);
    urls_init(&urls, config, header_of(message, "Host"), local, http_listener_is_secret(message));
    const struct onvif_site site = {config,
                                    &urls,
                                    profiles,
                                    list_profiles(http->state, profiles),
                                    uuid,
                                    soup_server_message_get_remote_host(message),
                                    http->state->guesses,
                                    g_get_monotonic_time()};
    GBytes *body = soup_message_body_flatten(soup_server_message_get_request_body(message));
    gsize size;
    const char *text = g_bytes_get_data(body, &size);
    const bool allowed = onvif_answer(http->onvif, &page, service, &site, text ? text : "", size,
                                      user == AUTH_GOOD, g_get_real_time());
    const bool by_token = page.status != SOUP_STATUS_UNAUTHORIZED; /* then that was counted */
    if (!allowed && !by_token)
        visitor_count(message, http->state, GUESSES_ONVIF, user);
    if (!allowed && (by_token || header_of(message, "Authorization"))) {
        tell_refusal(http, message, onvif_path(service));
        visitor_hold(message, http->state);
    }
    if (!by_token)
        challenge(http, message, user);
    send_page(http, message, &page);
    g_bytes_unref(body);
    g_free(profiles);
    g_free(uuid);
    g_free(local);
    urls_clear(&urls);
}

static void refuse(struct http *http, SoupServerMessage *message, enum auth_result user,
                   const char *path)
{
    visitor_count(message, http->state, GUESSES_HTTP, user);
    if (header_of(message, "Authorization") && user != AUTH_STALE) {
        tell_refusal(http, message, path);
        visitor_hold(message, http->state);
    }
    if (user == AUTH_WAIT) {
        say(http, message, TOO_MANY, "too many wrong passwords came from this address: wait");
        return;
    }
    challenge(http, message, user);
    say(http, message, SOUP_STATUS_UNAUTHORIZED, "name and password are needed");
}

static void answer_get(struct http *http, SoupServerMessage *message, const char *path)
{
    const enum auth_result user =
        pages_open(path) ? AUTH_GOOD : visitor_check(message, http->state, http->digest);
    struct page page = {0};
    if (user != AUTH_GOOD)
        refuse(http, message, user, path);
    else if (pages_get(&page, http->state, path))
        send_page(http, message, &page);
    else
        say(http, message, SOUP_STATUS_NOT_FOUND, "there is no such page");
}

static enum onvif_service find_onvif(const struct http *http, const char *path)
{
    return http->state->config->onvif ? onvif_find(path) : ONVIF_N_SERVICES;
}

/* Nobody is asked for a password, so a page of somebody else, whose own name was made to lead here,
 * would have it all (DNS rebinding); but for what is everybody's in any case. */
static bool is_led_astray(const struct http *http, SoupServerMessage *message, const char *path)
{
    const struct service_config *config = http->state->config;
    return config->anonymous && !pages_open(path) &&
           !urls_is_own_name(config, header_of(message, "Host"));
}

static void handle(SoupServer *server, SoupServerMessage *message, const char *path,
                   GHashTable *query, gpointer data)
{
    (void)server;
    (void)query;
    struct http *http = data;
    const char *method = soup_server_message_get_method(message);
    const enum onvif_service service = find_onvif(http, path);
    const bool get = !strcmp(method, "GET") || !strcmp(method, "HEAD");
    if (is_led_astray(http, message, path)) {
        say(http, message, SOUP_STATUS_MISDIRECTED_REQUEST,
            "this service has another name: use its address, or set 'address' to the name");
    } else if (service != ONVIF_N_SERVICES ? !!strcmp(method, "POST") : !get) {
        soup_message_headers_replace(soup_server_message_get_response_headers(message), "Allow",
                                     service != ONVIF_N_SERVICES ? "POST" : "GET, HEAD");
        say(http, message, SOUP_STATUS_METHOD_NOT_ALLOWED, "this is not for that method");
    } else if (service == ONVIF_N_SERVICES) {
        answer_get(http, message, path);
    } else if (!soup_message_body_get_accumulate(soup_server_message_get_request_body(message))) {
        say(http, message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, too_long);
    } else {
        answer_onvif(http, message, service);
    }
}

/* A body of unknown length, piece by piece. */
static void limit_chunk(SoupServerMessage *message, GBytes *chunk, gpointer data)
{
    (void)chunk;
    struct http *http = data;
    SoupMessageBody *body = soup_server_message_get_request_body(message);
    if (body->length <= SOAP_MAX_SIZE)
        return;
    soup_message_body_set_accumulate(body, FALSE);
    soup_message_body_truncate(body);
    http_listener_close(message);
    tell_refusal(http, message, "for the length of its request");
}

/* Before a body is read: only ONVIF's services want one, and no large one. */
static void limit_body(SoupServer *server, SoupServerMessage *message, const char *path,
                       GHashTable *query, gpointer data)
{
    (void)server;
    (void)query;
    struct http *http = data;
    SoupMessageHeaders *headers = soup_server_message_get_request_headers(message);
    const bool wanted = find_onvif(http, path) != ONVIF_N_SERVICES;
    if (!wanted)
        soup_message_body_set_accumulate(soup_server_message_get_request_body(message), FALSE);
    if (soup_message_headers_get_encoding(headers) == SOUP_ENCODING_CONTENT_LENGTH &&
        soup_message_headers_get_content_length(headers) > SOAP_MAX_SIZE) {
        say(http, message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, too_long);
    } else if (wanted) {
        g_signal_connect(message, "got-chunk", G_CALLBACK(limit_chunk), http);
    }
}

/* Where nobody is asked for a password, nobody guesses one. */
static bool admit(const char *address, gpointer data)
{
    struct http *http = data;
    const bool may = http->state->config->anonymous ||
                     guesses_arrive(http->state->guesses, address, g_get_monotonic_time());
    if (!may)
        tell(http, SENT_AWAY, address,
             "sent away: too much that was wrong, or too many that said nothing, came from there");
    return may;
}

static void furnish(SoupServer *server, gpointer data)
{
    soup_server_add_early_handler(server, NULL, limit_body, data, NULL);
    soup_server_add_handler(server, NULL, handle, data, NULL);
}

static bool open_doors(struct http *http)
{
    const struct service_config *config = http->state->config;
    const struct http_listener_host host = {admit, furnish, http};
    if (config->http.port)
        http->plain = http_listener_new(config, false, &limits, &host, http->log);
    if (config->https.port)
        http->secret = http_listener_new(config, true, &limits, &host, http->log);
    return !config->http.port == !http->plain && !config->https.port == !http->secret;
}

struct http *http_new(const struct service_state *state, struct onvif *onvif, const struct log *log)
{
    struct http *http = g_new0(struct http, 1);
    http->state = state;
    http->log = log;
    for (int i = 0; i < N_REFUSALS; i++)
        http->told_us[i] = g_get_monotonic_time() - G_USEC_PER_SEC;
    http->onvif = onvif;
    http->digest = digest_new();
    if (!http->digest)
        log_write(log, BAUTA_LOG_ERROR, NULL, "random", "the system gives no random bytes");
    if (!http->digest || !open_doors(http)) {
        http_free(http);
        return NULL;
    }
    if (state->config->onvif)
        http->discovery = discovery_new(state, log);
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    discovery_free(http->discovery);
    http_listener_free(http->plain);
    http_listener_free(http->secret);
    digest_free(http->digest);
    g_free(http);
}
