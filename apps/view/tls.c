/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <string.h>

static const char variable[] = "G_TLS_GNUTLS_PRIORITY";
static const char ours[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%COMPAT";

/* Whether a word of a priority string (GnuTLS's manual, "Priority Strings") adds nothing old. */
static bool is_strict(const char *word, bool first)
{
    /* @SYSTEM: the policy of the machine; where it has none, no TLS is spoken at all. */
    static const char *const sets[] = {"@SYSTEM",   "NORMAL",    "PFS",
                                       "SECURE128", "SECURE192", "SECURE256",
                                       "SUITEB128", "SUITEB192", NULL};
    static const char *const more[] = {"+VERS-TLS1.2", "+VERS-TLS1.3", "%COMPAT",
                                       "%SERVER_PRECEDENCE", NULL};
    return first ? g_strv_contains(sets, word)
                 : *word == '-' || *word == '!' || g_strv_contains(more, word);
}

/* A string is taken that begins with a set, takes the old versions from it and adds none. */
static bool is_strong(const char *priority)
{
    char **words = g_strsplit(priority, ":", -1);
    bool strict = *words != NULL, no_1_0 = false, no_1_1 = false;
    for (char **word = words; *word; word++) {
        strict = strict && is_strict(*word, word == words);
        if (**word != '-' && **word != '!')
            continue;
        const bool all = !strcmp(*word + 1, "VERS-ALL") || !strcmp(*word + 1, "VERS-TLS-ALL");
        no_1_0 = no_1_0 || all || !strcmp(*word + 1, "VERS-TLS1.0");
        no_1_1 = no_1_1 || all || !strcmp(*word + 1, "VERS-TLS1.1");
    }
    g_strfreev(words);
    return strict && no_1_0 && no_1_1;
}

char *tls_harden(void)
{
    const char *said = g_getenv(variable);
    if (said && !is_strong(said))
        return g_strdup_printf(
            "%s is '%s', by which more than TLS 1.2 and 1.3 may be spoken: unset "
            "it, or say %s",
            variable, said, ours);
    if (!said)
        g_setenv(variable, ours, TRUE);
    GTlsBackend *backend = g_tls_backend_get_default();
    if (g_tls_backend_supports_tls(backend) &&
        strcmp(G_OBJECT_TYPE_NAME(backend), "GTlsBackendGnutls") != 0)
        return g_strdup(
            "GIO_USE_TLS takes another library than GnuTLS, and what that speaks cannot "
            "be said here: unset it");
    return NULL;
}
