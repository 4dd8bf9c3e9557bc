/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit.h"

#include "base/log.h"

enum bauta_status bt_audit_fail(const struct bauta_audit *audit, const char *what)
{
    return bt_log_fail(audit->log, BAUTA_ERR_IO, "%s: %s: %s", audit->path, what,
                       audit->database ? sqlite3_errmsg(audit->database) : "no memory");
}
