/* SPDX-License-Identifier: Apache-2.0 */
#include "audit_note.h"

#include <stdio.h>
#include <string.h>

#include <glib.h>

/* The same place as the command line's; NULL: nothing tells where. Free it. */
static char *find_path(const char *given)
{
    const char *state = g_getenv("XDG_STATE_HOME"), *home = g_getenv("HOME");
    if (given && *given)
        return g_strdup(given);
    if (state && *state == '/') /* the XDG rules pass over what is not absolute */
        return g_strdup_printf("%s/bauta/audit.db", state);
    return home && *home ? g_strdup_printf("%s/.local/state/bauta/audit.db", home) : NULL;
}

static void tell_grant(struct audit_note *note, const struct bauta_grant *grant)
{
    struct bauta_grant_info info;
    bauta_grant_tell(&info, grant);
    bauta_hex(note->grant, info.id, BAUTA_GRANT_ID_SIZE);
    bauta_hex(note->stream, info.stream_id, BAUTA_STREAM_ID_SIZE);
    for (int i = 0; i < info.n_approvals; i++) {
        size_t size = strlen(note->approved);
        if (size + 2 * BAUTA_KEY_ID_SIZE + 2 > sizeof(note->approved))
            break;
        if (i)
            note->approved[size++] = ' ';
        bauta_hex(note->approved + size, info.approvals[i], BAUTA_KEY_ID_SIZE);
    }
    note->row.why = info.reason;
    note->row.case_ = info.case_;
}

/* The file's name, or the address without whoever asks for it. */
static char *name_source(const char *from)
{
    char *file = from ? g_filename_from_uri(from, NULL, NULL) : NULL;
    if (file || !from)
        return file;
    GUri *uri = g_uri_parse(from, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_ENCODED, NULL);
    char *address = uri ? g_uri_to_string_partial(uri, G_URI_HIDE_USERINFO | G_URI_HIDE_QUERY |
                                                           G_URI_HIDE_FRAGMENT)
                        : NULL;
    if (uri)
        g_uri_unref(uri);
    return address;
}

static void fill(struct audit_note *note, const struct reader_options *o,
                 const struct reader *reader, const char *from, const uint8_t *stream_id)
{
    char *source = name_source(from);
    uint8_t id[BAUTA_KEY_ID_SIZE];
    bauta_audit_who(note->who);
    bauta_private_key_id(id, reader->key);
    bauta_hex(note->key, id, BAUTA_KEY_ID_SIZE);
    if (reader->grant)
        tell_grant(note, reader->grant);
    if (stream_id)
        bauta_hex(note->stream, stream_id, BAUTA_STREAM_ID_SIZE);
    snprintf(note->what, sizeof(note->what), "a pipeline from %.2000s%s%.400s%s%.400s",
             source ? source : "an unnamed source", o->targets ? "; targets " : "",
             o->targets ? o->targets : "", o->classes ? "; classes " : "",
             o->classes ? o->classes : "");
    g_free(source);
    struct bauta_audit_row *row = &note->row;
    row->utc_ms = (uint64_t)g_get_real_time() / 1000;
    row->who = note->who;
    row->key = note->key;
    row->what = note->what;
    row->grant = note->grant;
    row->stream = note->stream;
    row->approved = note->approved;
    row->action = "recover";
    row->outcome = "begun";
    if (!row->why || !*row->why)
        row->why = o->reason;
    if (!row->case_ || !*row->case_)
        row->case_ = o->case_;
}

static bool is_blank(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

bool audit_note_has_reason(const struct reader_options *options, const struct reader *reader)
{
    struct bauta_grant_info info = {.reason = NULL};
    if (reader->grant)
        bauta_grant_tell(&info, reader->grant);
    return !is_blank(info.reason) || !is_blank(options->reason);
}

enum bauta_status audit_note_begin(struct audit_note *note, const struct reader_options *o,
                                   const struct reader *reader, const char *from,
                                   const uint8_t *stream_id)
{
    *note = (struct audit_note){.audit = NULL};
    element_log_init(&note->said);
    const struct bauta_log *log = &note->said.log;
    char *path = find_path(o->audit);
    enum bauta_status status =
        path ? bauta_audit_open(&note->audit, path, log) : BAUTA_ERR_NOT_FOUND;
    if (!path)
        log->write(log->user, BAUTA_LOG_ERROR, "there is no place for the audit log: set audit");
    g_free(path);
    if (status)
        return status;
    fill(note, o, reader, from, stream_id);
    status = bauta_audit_append(note->audit, &note->row);
    if (status)
        bauta_audit_free(&note->audit);
    return status;
}

enum bauta_status audit_note_end(struct audit_note *note, const char *outcome,
                                 const uint8_t *stream_id)
{
    if (!note->audit)
        return BAUTA_OK;
    if (stream_id)
        bauta_hex(note->stream, stream_id, BAUTA_STREAM_ID_SIZE);
    note->row.utc_ms = (uint64_t)g_get_real_time() / 1000;
    note->row.outcome = outcome;
    enum bauta_status status = bauta_audit_append(note->audit, &note->row);
    bauta_audit_free(&note->audit);
    return status;
}
