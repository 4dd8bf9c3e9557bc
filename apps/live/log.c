/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const level_names[] = {"error", "warning", "info", "debug"};
static const int priorities[] = {3, 4, 6, 7}; /* sd-daemon(3) */

/* systemd.exec(5): $JOURNAL_STREAM is the device and inode of the journal's socket. */
static bool is_journal(void)
{
    const char *stream = g_getenv("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat status;
    return stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat(STDERR_FILENO, &status) == 0 && status.st_dev == device && status.st_ino == inode;
}

void log_init(struct log *log, bool json)
{
    *log = (struct log){.json = json, .journal = is_journal()};
}

/* RFC 8259, section 7. What is no UTF-8 was made so before. */
static void append_json(GString *line, const char *name, const char *value)
{
    g_string_append_printf(line, "%s\"%s\":\"", line->str[line->len - 1] == '{' ? "" : ",", name);
    for (const char *c = value; *c; c++)
        if (*c == '"' || *c == '\\')
            g_string_append_printf(line, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            g_string_append_printf(line, "\\u%04x", (unsigned)*c);
        else
            g_string_append_c(line, *c);
    g_string_append_c(line, '"');
}

static void append_event(GString *line, const struct log *log, enum bauta_log_level level,
                         const char *camera, const char *event, const char *message)
{
    GDateTime *now = g_date_time_new_now_utc();
    char *seconds = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
    char *time = g_strdup_printf("%s.%03dZ", seconds, g_date_time_get_microsecond(now) / 1000);
    if (log->json) {
        g_string_append_c(line, '{');
        append_json(line, "time", time);
        append_json(line, "level", level_names[level]);
        if (camera)
            append_json(line, "camera", camera);
        append_json(line, "event", event);
        append_json(line, "message", message);
        g_string_append_c(line, '}');
    } else {
        if (!log->journal) /* which has times of its own */
            g_string_append_printf(line, "%s ", time);
        g_string_append_printf(line, "%s %s%s%s: %s", level_names[level], camera ? camera : "",
                               camera ? " " : "", event, message);
    }
    g_free(time);
    g_free(seconds);
    g_date_time_unref(now);
}

void log_write(const struct log *log, enum bauta_log_level level, const char *camera,
               const char *event, const char *format, ...)
{
    if (level > BAUTA_LOG_INFO)
        return;
    va_list arguments;
    va_start(arguments, format);
    char *raw = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *message = g_utf8_make_valid(raw, -1);
    for (char *c = message; *c; c++)
        if (!log->json && (*c == '\n' || *c == '\r'))
            *c = ' ';
    GString *line = g_string_new(NULL);
    if (log->journal)
        g_string_append_printf(line, "<%d>", priorities[level]);
    append_event(line, log, level, camera, event, message);
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, stderr); /* one call, one line */
    g_string_free(line, TRUE);
    g_free(message);
    g_free(raw);
}
