/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_LOG_H
#define BT_LOG_H

#include <bauta/log.h>
#include <bauta/status.h>

/* Formats one sentence (cut at 1023 bytes) and hands it to `log`, which may be NULL. */
BAUTA_PRINTF(3, 4)
void bt_log(const struct bauta_log *log, enum bauta_log_level level, const char *format, ...);

/*
 * Says why and returns `status`, so that the place that knows a fault can end with
 * `return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: ...", name);`.
 */
BAUTA_MUST_CHECK BAUTA_PRINTF(3, 4) enum bauta_status
    bt_log_fail(const struct bauta_log *log, enum bauta_status status, const char *format, ...);

#endif
