/* SPDX-License-Identifier: Apache-2.0 */
#include "visitor.h"

#include <string.h>

#include "http_listener.h"

static const char *authorization_of(SoupServerMessage *message)
{
    return soup_message_headers_get_one(soup_server_message_get_request_headers(message),
                                        "Authorization");
}

/* Whether what is said on its connection can be overheard: it is not TLS, nor within this machine.
 */
static bool is_open(SoupServerMessage *message)
{
    GSocketAddress *remote = soup_server_message_get_remote_address(message);
    return !http_listener_is_secret(message) &&
           !(G_IS_INET_SOCKET_ADDRESS(remote) &&
             g_inet_address_get_is_loopback(
                 g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(remote))));
}

static const char *peer_of(SoupServerMessage *message)
{
    const char *peer = soup_server_message_get_remote_host(message);
    return peer ? peer : "";
}

static enum auth_result check(SoupServerMessage *message, const struct service_config *config,
                              struct digest *digest, gint64 now_us)
{
    const char *authorization = authorization_of(message);
    GUri *uri = soup_server_message_get_uri(message);
    const char *query = g_uri_get_query(uri);
    char *target = g_strconcat(g_uri_get_path(uri), query ? "?" : "", query, NULL);
    const struct digest_request request = {soup_server_message_get_method(message), target,
                                           authorization};
    enum auth_result result = digest_check(digest, config, &request, now_us);
    g_free(target);
    if (result == AUTH_BAD && !is_open(message))
        result = digest_check_basic(config, authorization);
    return result;
}

/* A password that is not looked at at all, because it was said where it can be overheard. */
static bool is_basic_in_the_open(SoupServerMessage *message, const char *authorization)
{
    static const char scheme[] = "Basic ";
    return g_ascii_strncasecmp(authorization, scheme, strlen(scheme)) == 0 && is_open(message);
}

enum auth_result visitor_check(SoupServerMessage *message, const struct service_state *state,
                               struct digest *digest)
{
    const struct service_config *config = state->config;
    struct guesses *guesses = state->guesses;
    const gint64 now_us = g_get_monotonic_time();
    const char *authorization = authorization_of(message), *peer = peer_of(message);
    if (config->anonymous)
        return AUTH_GOOD;
    if (!authorization)
        return AUTH_BAD;
    char *user = digest_user(authorization), *nonce = digest_nonce(authorization);
    enum auth_result result = AUTH_WAIT;
    if (guesses_has_ticket(guesses, peer, user, nonce, now_us) ||
        guesses_may(guesses, peer, user, now_us))
        result = check(message, config, digest, now_us);
    if (result == AUTH_GOOD) {
        guesses_right(guesses, peer, user, now_us);
        guesses_give_ticket(guesses, peer, user, nonce, now_us);
    } else if (result == AUTH_BAD) {
        guesses_take_ticket(guesses, peer, user, nonce);
    }
    g_free(user);
    g_free(nonce);
    return result;
}

char *visitor_challenge(SoupServerMessage *message, const struct service_state *state,
                        const struct digest *digest, enum auth_result result)
{
    const gint64 now_us = g_get_monotonic_time();
    const bool stale = result == AUTH_STALE;
    char *challenge = digest_challenge(digest, state->config, stale, now_us);
    if (stale) {
        char *user = digest_user(authorization_of(message)), *nonce = digest_nonce(challenge);
        guesses_give_ticket(state->guesses, peer_of(message), user, nonce, now_us);
        g_free(user);
        g_free(nonce);
    }
    return challenge;
}

void visitor_count(SoupServerMessage *message, const struct service_state *state,
                   enum guesses_door door, enum auth_result result)
{
    const char *authorization = authorization_of(message);
    if (!authorization || result == AUTH_GOOD || result == AUTH_STALE ||
        is_basic_in_the_open(message, authorization))
        return;
    char *user = digest_user(authorization);
    guesses_wrong(state->guesses, door, peer_of(message), user, g_get_monotonic_time());
    g_free(user);
}

void visitor_hold(SoupServerMessage *message, const struct service_state *state)
{
    char *user = digest_user(authorization_of(message));
    if (guesses_often(state->guesses, peer_of(message), user, g_get_monotonic_time()))
        http_listener_hold(message, GUESSES_HELD_MS);
    g_free(user);
}
