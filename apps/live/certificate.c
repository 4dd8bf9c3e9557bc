/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <gio/gio.h>

enum { SOON_DAYS = 14, DAY_S = 86400 };

void certificate_look(struct certificate_watch *watch, const struct service_config *config,
                      const struct log *log)
{
    gint64 now_us = g_get_monotonic_time();
    bool told = watch->told_us && now_us - watch->told_us < DAY_S * G_TIME_SPAN_SECOND;
    if (told || (!config->rtsps.port && !config->https.port))
        return;
    GTlsCertificate *certificate = g_tls_certificate_new_from_file(config->certificate, NULL);
    GDateTime *end = certificate ? g_tls_certificate_get_not_valid_after(certificate) : NULL;
    GDateTime *now = g_date_time_new_now_utc();
    if (end && g_date_time_difference(end, now) < SOON_DAYS * (gint64)DAY_S * G_TIME_SPAN_SECOND) {
        char *text = g_date_time_format(end, "%Y-%m-%dT%H:%M:%SZ");
        bool over = g_date_time_compare(end, now) <= 0;
        log_write(log, BAUTA_LOG_WARNING, NULL, "certificate", "%s %s at %s%s", config->certificate,
                  over ? "expired" : "expires", text, over ? ": clients will refuse it" : "");
        g_free(text);
        watch->told_us = now_us;
    }
    g_date_time_unref(now);
    g_clear_pointer(&end, g_date_time_unref);
    g_clear_object(&certificate);
}

void certificate_forget(struct certificate_watch *watch)
{
    watch->told_us = 0;
}
