/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <gio/gio.h>

enum { SOON_DAYS = 14, DAY_S = 86400 };

bool certificate_end(const struct service_config *config, gint64 *end_s)
{
    if (!config->rtsps.port && !config->https.port)
        return false;
    GTlsCertificate *certificate = g_tls_certificate_new_from_file(config->certificate, NULL);
    GDateTime *end = certificate ? g_tls_certificate_get_not_valid_after(certificate) : NULL;
    const bool found = end != NULL;
    if (found)
        *end_s = g_date_time_to_unix(end);
    g_clear_pointer(&end, g_date_time_unref);
    g_clear_object(&certificate);
    return found;
}

void certificate_look(struct certificate_watch *watch, const struct service_config *config,
                      const struct log *log)
{
    const gint64 now_us = g_get_monotonic_time(), now_s = g_get_real_time() / G_USEC_PER_SEC;
    const bool told = watch->told_us && now_us - watch->told_us < DAY_S * G_TIME_SPAN_SECOND;
    gint64 end_s;
    if (told || !certificate_end(config, &end_s) || end_s - now_s >= SOON_DAYS * (gint64)DAY_S)
        return;
    GDateTime *end = g_date_time_new_from_unix_utc(end_s);
    char *text = g_date_time_format(end, "%Y-%m-%dT%H:%M:%SZ");
    const bool over = end_s <= now_s;
    log_write(log, BAUTA_LOG_WARNING, NULL, "certificate", "%s %s at %s%s", config->certificate,
              over ? "expired" : "expires", text, over ? ": clients will refuse it" : "");
    g_free(text);
    g_date_time_unref(end);
    watch->told_us = now_us;
}

void certificate_forget(struct certificate_watch *watch)
{
    watch->told_us = 0;
}
