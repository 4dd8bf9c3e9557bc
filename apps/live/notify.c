/* SPDX-License-Identifier: Apache-2.0 */
#include "notify.h"

#include <systemd/sd-daemon.h>

struct notify {
    struct service *service;
    const struct log *log;
    guint timer; /* 0: there is no watchdog */
    bool silent; /* the service did not answer */
};

static gboolean tick(gpointer user)
{
    struct notify *notify = user;
    bool alive = service_alive(notify->service);
    if (alive)
        sd_notify(0, "WATCHDOG=1");
    else if (!notify->silent)
        log_write(notify->log, BAUTA_LOG_ERROR, NULL, "watchdog", "a camera's thread hangs");
    notify->silent = !alive;
    return G_SOURCE_CONTINUE;
}

struct notify *notify_new(struct service *service, const struct log *log)
{
    struct notify *notify = g_new0(struct notify, 1);
    *notify = (struct notify){.service = service, .log = log};
    guint64 period_us = 0;
    if (sd_watchdog_enabled(0, &period_us) > 0)
        notify->timer = g_timeout_add((guint)MAX(period_us / 3000, 1), tick, notify);
    notify_ready("cameras run");
    return notify;
}

void notify_free(struct notify *notify)
{
    if (!notify)
        return;
    if (notify->timer)
        g_source_remove(notify->timer);
    g_free(notify);
}

void notify_reloading(void)
{
    sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%" G_GINT64_FORMAT, g_get_monotonic_time());
}

void notify_ready(const char *status)
{
    sd_notifyf(0, "READY=1\nSTATUS=%s", status);
}

void notify_stopping(void)
{
    sd_notify(0, "STOPPING=1");
}
