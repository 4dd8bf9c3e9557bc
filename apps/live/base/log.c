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
    for (const char *c = value; *c; c += g_utf8_skip[*(const guchar *)c]) {
        const gunichar letter = g_utf8_get_char(c);
        if (letter == '"' || letter == '\\')
            g_string_append_printf(line, "\\%c", *c);
        else if (g_unichar_iscntrl(letter)) /* more than must be: people look at it, too */
            g_string_append_printf(line, "\\u%04x", letter);
        else
            g_string_append_unichar(line, letter);
    }
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

/* Messages hold what strangers say, and terminals obey control characters, also those of two bytes
 * (U+0080 to U+009F). */
static char *escape(const char *message)
{
    GString *text = g_string_new(NULL);
    for (const char *c = message; *c; c += g_utf8_skip[*(const guchar *)c]) {
        const gunichar letter = g_utf8_get_char(c);
        if (letter == '\n' || letter == '\r')
            g_string_append_c(text, ' ');
        else if (g_unichar_iscntrl(letter))
            g_string_append_printf(text, "\\u%04x", letter);
        else
            g_string_append_unichar(text, letter);
    }
    return g_string_free(text, FALSE);
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
    char *valid = g_utf8_make_valid(raw, -1);
    char *message = log->json ? g_strdup(valid) : escape(valid);
    GString *line = g_string_new(NULL);
    if (log->journal)
        g_string_append_printf(line, "<%d>", priorities[level]);
    append_event(line, log, level, camera, event, message);
    g_string_append_c(line, '\n');
    fwrite(line->str, 1, line->len, stderr); /* one call, one line */
    g_string_free(line, TRUE);
    g_free(message);
    g_free(valid);
    g_free(raw);
}
