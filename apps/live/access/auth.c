/* SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"

#include <bauta/secrets.h>
#include <string.h>

#include "nonces.h"

enum { MAX_NONCE = 512, MAX_CREATED = 64 }; /* characters */

struct auth {
    struct nonces *used; /* digests */
    gint64 since_us;     /* what was used before is not known */
};

struct auth *auth_new(gint64 since_us)
{
    struct auth *auth = g_new0(struct auth, 1);
    auth->used = nonces_new();
    auth->since_us = since_us;
    return auth;
}

void auth_free(struct auth *auth)
{
    if (!auth)
        return;
    nonces_free(auth->used);
    g_free(auth);
}

const struct user_config *auth_find_user(const struct service_config *config, const char *name)
{
    for (int i = 0; i < config->n_users; i++)
        if (!strcmp(config->users[i].name, name))
            return &config->users[i];
    return NULL;
}

/* The caller frees it. */
static char *digest_of(const struct auth_token *token, const char *password)
{
    guchar digest[20];
    gsize size = sizeof(digest), nonce_size = 0;
    guchar *nonce = g_base64_decode(token->nonce, &nonce_size);
    GChecksum *sha1 = g_checksum_new(G_CHECKSUM_SHA1);
    g_checksum_update(sha1, nonce, (gssize)nonce_size);
    g_checksum_update(sha1, (const guchar *)token->created, -1);
    g_checksum_update(sha1, (const guchar *)password, -1);
    g_checksum_get_digest(sha1, digest, &size);
    g_checksum_free(sha1);
    g_free(nonce);
    return g_base64_encode(digest, size);
}

/* In microseconds since the epoch; false if it is no time. */
static bool read_time(gint64 *time_us, const char *text)
{
    GTimeZone *utc = g_time_zone_new_utc();
    GDateTime *time = g_date_time_new_from_iso8601(text, utc);
    g_time_zone_unref(utc);
    if (!time)
        return false;
    *time_us = g_date_time_to_unix(time) * G_USEC_PER_SEC + g_date_time_get_microsecond(time);
    g_date_time_unref(time);
    return true;
}

enum auth_result auth_check(struct auth *auth, const struct service_config *config,
                            const struct auth_token *token, const char *peer, gint64 now_us)
{
    gint64 created_us;
    if (!token->user || !token->digest || !token->nonce || !token->created || !token->nonce[0] ||
        strlen(token->nonce) > MAX_NONCE || strlen(token->created) > MAX_CREATED ||
        !read_time(&created_us, token->created))
        return AUTH_BAD;
    const struct user_config *user = auth_find_user(config, token->user);
    if (!user)
        return AUTH_BAD;
    const gint64 age_us = (gint64)AUTH_TOKEN_AGE_S * G_USEC_PER_SEC;
    auth->since_us = MIN(auth->since_us, now_us); /* a clock that was ahead is set right */
    const gint64 oldest_us = MAX(now_us - age_us, auth->since_us);
    char *digest = digest_of(token, user->password);
    enum auth_result result = AUTH_BAD;
    if (bauta_equal_secret_text(digest, token->digest)) {
        const bool fresh = created_us >= oldest_us && created_us <= now_us + age_us;
        /* What is remembered is ours, not the client's spelling of the same bytes. */
        result = fresh && nonces_use(auth->used, digest, peer, created_us + age_us + 1, now_us)
                     ? AUTH_GOOD
                     : AUTH_STALE;
    }
    g_free(digest);
    return result;
}
