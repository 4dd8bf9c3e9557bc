/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static void write_sentence(const struct bauta_log *log, enum bauta_log_level level,
                           const char *format, va_list args)
{
    char sentence[1024];
    if (!log || !log->write)
        return;
    vsnprintf(sentence, sizeof(sentence), format, args);
    log->write(log->user, level, sentence);
}

void bt_log(const struct bauta_log *log, enum bauta_log_level level, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_sentence(log, level, format, args);
    va_end(args);
}

enum bauta_status bt_log_fail(const struct bauta_log *log, enum bauta_status status,
                              const char *format, ...)
{
    va_list args;
    va_start(args, format);
    write_sentence(log, BAUTA_LOG_ERROR, format, args);
    va_end(args);
    return status;
}
