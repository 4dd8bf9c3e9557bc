/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOG_H
#define LOG_H

#include <bauta/log.h>
#include <glib.h>
#include <stdbool.h>

/*
 * The service's log: one line an event on standard error, as text or as a JSON object with time,
 * level, camera, event and message; errors and warnings carry systemd's priority prefix when
 * standard error is the journal. Any thread.
 */
struct log {
    bool json;
    bool journal; /* standard error is the journal */
};

void log_init(struct log *log, bool json);

/* Up to BAUTA_LOG_INFO. `camera` may be NULL; `event` is a word in lower case with dashes, for
 * machines. */
void log_write(const struct log *log, enum bauta_log_level level, const char *camera,
               const char *event, const char *format, ...) G_GNUC_PRINTF(5, 6);

#endif
