/* SPDX-License-Identifier: Apache-2.0 */
#include "pin.h"

#include <gio/gio.h>
#include <stdint.h>
#include <string.h>

#include "base/tls.h"

static char *fingerprint_of(GTlsCertificate *certificate)
{
    GByteArray *der = NULL;
    g_object_get(certificate, "certificate", &der, NULL);
    char *sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256, der->data, der->len);
    g_byte_array_unref(der);
    return sum;
}

static gboolean judge(GstElement *rtspsrc, GTlsConnection *connection, GTlsCertificate *certificate,
                      GTlsCertificateFlags errors, gpointer user)
{
    (void)connection;
    (void)errors;
    const struct source_config *config = user;
    char *seen = fingerprint_of(certificate);
    const gboolean same = !strcmp(seen, config->fingerprint);
    char *subject = g_tls_certificate_get_subject_name(certificate);
    if (!same)
        GST_ELEMENT_ERROR(rtspsrc, RESOURCE, OPEN_READ,
                          ("its certificate is not trusted: SHA-256 %s, of %s", seen,
                           subject ? subject : "nobody"),
                          (NULL));
    g_free(subject);
    g_free(seen);
    return same;
}

bool pin_set(GstElement *rtspsrc, const struct source_config *config, char **problem)
{
    if (!g_str_has_prefix(config->location, "rtsps:"))
        return true;
    g_signal_connect(rtspsrc, "accept-certificate", G_CALLBACK(judge), (gpointer)(uintptr_t)config);
    GError *error = NULL;
    GTlsDatabase *database = NULL;
    if (*config->fingerprint) /* so that GLib asks about each certificate */
        database = tls_nobody();
    else if (*config->authorities)
        database = g_tls_file_database_new(config->authorities, &error);
    else
        database = tls_authorities();
    if (!database) {
        *problem = g_strdup_printf("%s: %s", config->authorities, error->message);
        g_error_free(error);
        return false;
    }
    g_object_set(rtspsrc, "tls-database", database, NULL);
    g_object_unref(database);
    return true;
}
