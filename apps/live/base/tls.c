/* SPDX-License-Identifier: Apache-2.0 */
#include "tls.h"

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

/* GLib's way to make a type wants typedefs. */
G_DECLARE_FINAL_TYPE(NobodyDatabase, nobody_database, NOBODY, DATABASE, GTlsDatabase)
struct _NobodyDatabase {
    GTlsDatabase parent;
};
G_DEFINE_TYPE(NobodyDatabase, nobody_database, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags verify_chain(GTlsDatabase *database, GTlsCertificate *chain,
                                         const char *purpose, GSocketConnectable *identity,
                                         GTlsInteraction *interaction,
                                         GTlsDatabaseVerifyFlags flags, GCancellable *cancellable,
                                         GError **error)
{
    (void)database;
    (void)chain;
    (void)purpose;
    (void)identity;
    (void)interaction;
    (void)flags;
    (void)cancellable;
    (void)error;
    return G_TLS_CERTIFICATE_UNKNOWN_CA;
}

static void nobody_database_class_init(NobodyDatabaseClass *class_)
{
    G_TLS_DATABASE_CLASS(class_)->verify_chain = verify_chain;
}

static void nobody_database_init(NobodyDatabase *database)
{
    (void)database;
}

GTlsDatabase *tls_nobody(void)
{
    return g_object_new(nobody_database_get_type(), NULL);
}

static GTlsDatabase *authorities; /* NULL before tls_harden(), and where there is no TLS */

GTlsDatabase *tls_authorities(void)
{
    return authorities ? g_object_ref(authorities) : tls_nobody();
}

/* GLib 2.74 gives each connection the default database, and reads all of the system's authorities
 * for it, also for those who connect to this service and are asked for no certificate. */
static void keep_authorities(GTlsBackend *backend)
{
    authorities = g_tls_backend_get_default_database(backend);
    GTlsDatabase *nobody = tls_nobody();
    g_tls_backend_set_default_database(backend, nobody);
    g_object_unref(nobody);
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
    if (g_tls_backend_supports_tls(backend))
        keep_authorities(backend);
    return NULL;
}
