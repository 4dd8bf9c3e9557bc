/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_note.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 1500 }; /* bytes of it in a row */

bool audit_path(char path[4096], const struct options *options)
{
    const char *given = options_get(options, OPTION_AUDIT);
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int size;
    if (given)
        size = snprintf(path, 4096, "%s", given);
    else if (state && *state == '/') /* the XDG rules pass over what is not absolute */
        size = snprintf(path, 4096, "%s/bauta/audit.db", state);
    else if (home && *home)
        size = snprintf(path, 4096, "%s/.local/state/bauta/audit.db", home);
    else
        size = 4096;
    if (size < 4096)
        return true;
    fputs("bauta: there is no place for the audit log: use --audit FILE\n", stderr);
    return false;
}

static void fill(struct audit_note *note)
{
    struct bauta_audit_row *row = &note->row;
    row->utc_ms = cli_now_ms();
    row->who = note->who;
    row->what = note->what;
    row->key = note->key;
    row->stream = note->stream;
    row->grant = note->grant;
    row->approved = note->approved;
}

static bool is_blank(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

bool audit_has_reason(const struct command *command, const struct options *options,
                      const struct bauta_grant *grant)
{
    struct bauta_grant_info info = {.reason = NULL};
    char problem[128];
    if (grant)
        bauta_grant_tell(&info, grant);
    if (!is_blank(info.reason) || !is_blank(options_get(options, OPTION_REASON)))
        return true;
    snprintf(problem, sizeof(problem), "%s needs --reason: it is written into the audit log",
             command->name);
    cli_usage(command, problem);
    return false;
}

int audit_begin(struct audit_note *note, const char *action, const struct options *options)
{
    char path[4096];
    if (!audit_path(path, options))
        return EXIT_FAILED;
    enum bauta_status status = bauta_audit_open(&note->audit, path, cli_log(options));
    bauta_audit_who(note->who);
    fill(note);
    note->row.action = action;
    note->row.outcome = "begun";
    if (!note->row.why)
        note->row.why = options_get(options, OPTION_REASON);
    if (!note->row.case_)
        note->row.case_ = options_get(options, OPTION_CASE);
    if (!status)
        status = bauta_audit_append(note->audit, &note->row);
    if (status)
        fputs("bauta: nothing is done that cannot be written into the audit log\n", stderr);
    if (status)
        bauta_audit_free(&note->audit);
    return status ? EXIT_FAILED : EXIT_DONE;
}

int audit_end(struct audit_note *note, int status)
{
    static const char *const outcomes[] = {
        [EXIT_DONE] = "done",     [EXIT_FAILED] = "failed",     [EXIT_USAGE] = "failed",
        [EXIT_DENIED] = "denied", [EXIT_TAMPERED] = "tampered", [EXIT_INCOMPLETE] = "partial"};
    if (!note->audit)
        return status;
    fill(note);
    note->row.outcome = outcomes[status];
    if (bauta_audit_append(note->audit, &note->row)) {
        fputs("bauta: the outcome could not be written into the audit log\n", stderr);
        status = EXIT_FAILED;
    }
    bauta_audit_free(&note->audit);
    return status;
}

void audit_private_key(struct audit_note *note, const struct bauta_private_key *key)
{
    uint8_t id[BAUTA_KEY_ID_SIZE];
    bauta_private_key_id(id, key);
    bauta_hex(note->key, id, sizeof(id));
}

void audit_signing_key(struct audit_note *note, const struct bauta_signing_key *key)
{
    uint8_t id[BAUTA_KEY_ID_SIZE];
    bauta_signing_key_id(id, key);
    bauta_hex(note->key, id, sizeof(id));
}

void audit_stream(struct audit_note *note, const uint8_t stream_id[BAUTA_STREAM_ID_SIZE])
{
    bauta_hex(note->stream, stream_id, BAUTA_STREAM_ID_SIZE);
}

void audit_grant(struct audit_note *note, const struct bauta_grant *grant)
{
    struct bauta_grant_info info;
    bauta_grant_tell(&info, grant);
    bauta_hex(note->grant, info.id, sizeof(info.id));
    audit_stream(note, info.stream_id);
    note->approved[0] = '\0';
    for (int i = 0; i < info.n_approvals; i++) {
        char id[2 * BAUTA_KEY_ID_SIZE + 1];
        size_t size = strlen(note->approved);
        snprintf(note->approved + size, sizeof(note->approved) - size, "%s%s", i ? " " : "",
                 bauta_hex(id, info.approvals[i], BAUTA_KEY_ID_SIZE));
    }
    note->row.why = info.reason;
    note->row.case_ = info.case_;
}

/* How much of a text has room in `most` bytes, with no character of UTF-8 cut. */
static size_t cut(const char *text, size_t most)
{
    size_t size = strlen(text);
    if (size <= most)
        return size;
    size = most;
    while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
        size--;
    return size;
}

/* Adds to the text, as far as it has room. */
static void add(struct audit_note *note, const char *format, ...)
{
    size_t size = strlen(note->what);
    va_list values;
    va_start(values, format);
    char more[2048];
    vsnprintf(more, sizeof(more), format, values);
    va_end(values);
    snprintf(note->what + size, sizeof(note->what) - size, "%.*s",
             (int)cut(more, sizeof(note->what) - size - 1), more);
}

static void add_all(struct audit_note *note, const char *name, const struct options *options,
                    enum option_id id)
{
    for (int i = 0; id != N_OPTIONS && i < options->n_values[id]; i++)
        add(note, "%s %.*s", i ? "," : name, (int)cut(options->values[id][i], LONGEST_NAME),
            options->values[id][i]);
}

void audit_what(struct audit_note *note, const struct options *options, enum option_id targets)
{
    note->what[0] = '\0';
    for (int i = 0; i < options->n_arguments; i++)
        add(note, "%s%.*s", i ? " > " : "", (int)cut(options->arguments[i], LONGEST_NAME),
            options->arguments[i]);
    add_all(note, "; targets", options, targets);
    add_all(note, "; classes", options, OPTION_CLASS);
    add_all(note, "; since", options, OPTION_SINCE);
    add_all(note, "; until", options, OPTION_UNTIL);
    add_all(note, "; since", options, OPTION_SINCE_UTC);
    add_all(note, "; until", options, OPTION_UNTIL_UTC);
    add_all(note, "; to", options, OPTION_RECIPIENT);
    add_all(note, "; to", options, OPTION_HOLDER);
    add_all(note, "; expires", options, OPTION_EXPIRES);
    add_all(note, "; members", options, OPTION_MEMBERS);
    add_all(note, "; group", options, OPTION_GROUP);
    add_all(note, "; add", options, OPTION_ADD);
    add_all(note, "; remove", options, OPTION_REMOVE);
}
