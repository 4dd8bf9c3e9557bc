/* SPDX-License-Identifier: Apache-2.0 */
#include "digest.h"

#include <bauta/secrets.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/random.h>

#include "nonces.h"

enum { SECRET_SIZE = 32, MAX_HEADER = 4096 };

struct digest {
    guchar secret[SECRET_SIZE];
    struct nonces *used; /* "NONCE COUNT" */
};

struct digest *digest_new(void)
{
    struct digest *digest = g_new0(struct digest, 1);
    if (getrandom(digest->secret, SECRET_SIZE, 0) != SECRET_SIZE) {
        g_free(digest);
        return NULL;
    }
    digest->used = nonces_new();
    return digest;
}

void digest_free(struct digest *digest)
{
    if (!digest)
        return;
    nonces_free(digest->used);
    g_free(digest);
}

/*
 * A nonce: when it was made, in hexadecimal microseconds, and a seal over that.
 *
 *     TTTTTTTTTTTTTTTT HHHHHHHH...   16 and 64 digits, HMAC-SHA-256(secret, T)
 */
enum { TIME_DIGITS = 16, SEAL_DIGITS = 64 };

static char *nonce_at(const struct digest *digest, gint64 time_us)
{
    char time[TIME_DIGITS + 1];
    g_snprintf(time, sizeof(time), "%016" G_GINT64_MODIFIER "x", (guint64)time_us);
    char *seal =
        g_compute_hmac_for_string(G_CHECKSUM_SHA256, digest->secret, SECRET_SIZE, time, -1);
    char *nonce = g_strconcat(time, seal, NULL);
    g_free(seal);
    return nonce;
}

/* Whether it is ours; sets when it was made. */
static bool read_nonce(gint64 *time_us, const struct digest *digest, const char *nonce)
{
    if (strlen(nonce) != TIME_DIGITS + SEAL_DIGITS)
        return false;
    char time[TIME_DIGITS + 1];
    g_strlcpy(time, nonce, sizeof(time));
    *time_us = (gint64)g_ascii_strtoull(time, NULL, 16);
    char *ours = nonce_at(digest, *time_us);
    const bool same = bauta_equal_secret_text(ours, nonce);
    g_free(ours);
    return same;
}

static char *md5_of(const char *format, ...) G_GNUC_PRINTF(1, 2);

static char *md5_of(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *sum = g_compute_checksum_for_string(G_CHECKSUM_MD5, text, -1);
    g_free(text);
    return sum;
}

/* RFC 7616, section 3.4.1; the caller frees it. */
static char *response_of(GHashTable *answer, const struct user_config *user, const char *realm,
                         const char *method)
{
    char *a1 = md5_of("%s:%s:%s", user->name, realm, user->password);
    char *a2 = md5_of("%s:%s", method, (const char *)g_hash_table_lookup(answer, "uri"));
    char *response =
        md5_of("%s:%s:%s:%s:auth:%s", a1, (const char *)g_hash_table_lookup(answer, "nonce"),
               (const char *)g_hash_table_lookup(answer, "nc"),
               (const char *)g_hash_table_lookup(answer, "cnonce"), a2);
    g_free(a1);
    g_free(a2);
    return response;
}

/* Whether all is there, and is what the challenge and the request say. */
static bool is_complete(GHashTable *answer, const char *realm, const char *target)
{
    static const char *const needed[] = {"username", "realm", "nonce",  "uri",
                                         "response", "nc",    "cnonce", "qop"};
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++)
        if (!g_hash_table_lookup(answer, needed[i]))
            return false;
    const char *algorithm = g_hash_table_lookup(answer, "algorithm");
    return !strcmp(g_hash_table_lookup(answer, "realm"), realm) &&
           !strcmp(g_hash_table_lookup(answer, "uri"), target) &&
           !strcmp(g_hash_table_lookup(answer, "qop"), "auth") &&
           strlen(g_hash_table_lookup(answer, "nc")) == 8 &&
           (!algorithm || !g_ascii_strcasecmp(algorithm, "MD5"));
}

static enum auth_result check_nonce(struct digest *digest, GHashTable *answer, gint64 now_us)
{
    const char *nonce = g_hash_table_lookup(answer, "nonce");
    const gint64 age_us = (gint64)DIGEST_NONCE_AGE_S * G_USEC_PER_SEC;
    gint64 made_us;
    if (!read_nonce(&made_us, digest, nonce) || made_us > now_us || made_us < now_us - age_us)
        return AUTH_STALE;
    char *use = g_strdup_printf("%s %s", nonce, (const char *)g_hash_table_lookup(answer, "nc"));
    const bool first = nonces_use(digest->used, use, NULL, made_us + age_us + 1, now_us);
    g_free(use);
    return first ? AUTH_GOOD : AUTH_STALE;
}

enum auth_result digest_check(struct digest *digest, const struct service_config *config,
                              const struct digest_request *request, gint64 now_us)
{
    static const char scheme[] = "Digest ";
    const char *header = request->authorization;
    if (!header || strlen(header) > MAX_HEADER ||
        g_ascii_strncasecmp(header, scheme, strlen(scheme)) != 0)
        return AUTH_BAD;
    GHashTable *answer = soup_header_parse_param_list(header + strlen(scheme));
    enum auth_result result = AUTH_BAD;
    const struct user_config *user = NULL;
    if (is_complete(answer, config->realm, request->target))
        user = auth_find_user(config, g_hash_table_lookup(answer, "username"));
    if (user) {
        char *response = response_of(answer, user, config->realm, request->method);
        if (bauta_equal_secret_text(response, g_hash_table_lookup(answer, "response")))
            result = check_nonce(digest, answer, now_us);
        g_free(response);
    }
    soup_header_free_param_list(answer);
    return result;
}

char *digest_challenge(const struct digest *digest, const struct service_config *config, bool stale,
                       gint64 now_us)
{
    GString *header = g_string_new("Digest ");
    char *nonce = nonce_at(digest, now_us);
    soup_header_g_string_append_param_quoted(header, "realm", config->realm);
    g_string_append_printf(header, ", nonce=\"%s\", qop=\"auth\", algorithm=MD5", nonce);
    if (stale)
        g_string_append(header, ", stale=true");
    g_free(nonce);
    return g_string_free(header, FALSE);
}

/* "NAME:PASSWORD", NULL if it is none; to be freed by free_pair(). */
static char *read_basic(const char *authorization)
{
    static const char scheme[] = "Basic ";
    if (!authorization || strlen(authorization) > MAX_HEADER ||
        g_ascii_strncasecmp(authorization, scheme, strlen(scheme)) != 0)
        return NULL;
    gsize size;
    guchar *decoded = g_base64_decode(authorization + strlen(scheme), &size);
    char *pair = g_strndup((const char *)decoded, size);
    bauta_wipe(decoded, size);
    g_free(decoded);
    return pair;
}

static void free_pair(char *pair, gsize size)
{
    if (pair)
        bauta_wipe(pair, size);
    g_free(pair);
}

/* What follows the scheme's name, "NAME=VALUE, ..."; the caller frees it. */
static char *read_parameter(const char *header, const char *name)
{
    const char *space = header ? strchr(header, ' ') : NULL;
    if (!space || strlen(header) > MAX_HEADER)
        return NULL;
    GHashTable *parameters = soup_header_parse_param_list(space + 1);
    char *value = g_strdup(g_hash_table_lookup(parameters, name));
    soup_header_free_param_list(parameters);
    return value;
}

char *digest_user(const char *authorization)
{
    char *pair = read_basic(authorization);
    if (pair) {
        const gsize size = strlen(pair);
        char *user = g_strndup(pair, strcspn(pair, ":"));
        free_pair(pair, size);
        return user;
    }
    return read_parameter(authorization, "username");
}

char *digest_nonce(const char *header)
{
    return read_parameter(header, "nonce");
}

enum auth_result digest_check_basic(const struct service_config *config, const char *authorization)
{
    char *pair = read_basic(authorization);
    const gsize size = pair ? strlen(pair) : 0;
    char *colon = pair ? strchr(pair, ':') : NULL;
    enum auth_result result = AUTH_BAD;
    if (colon) {
        *colon = '\0';
        const struct user_config *user = auth_find_user(config, pair);
        if (user && bauta_equal_secret_text(user->password, colon + 1))
            result = AUTH_GOOD;
    }
    free_pair(pair, size);
    return result;
}
