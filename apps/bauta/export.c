/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "export_people.h"
#include "files.h"
#include "recover.h"
#include "track_options.h"

/* Everything that an export needs. */
struct exporting {
    struct bauta_recover_settings settings;
    struct bauta_recover_result result;
    struct bauta_private_key *key;
    struct bauta_signing_key *signing_key;
    struct bauta_grant *grant;
    struct audit_note note;
    uint32_t targets[MAX_VALUES];
    json_t *parts; /* the files that are written */
    json_t *first; /* one of them, OUT */
    const struct options *options;
    struct certificate certificate;
    int status; /* of what was said of the result, and of its report */
    struct export_people people;
};

static void count(void *user, uint64_t picture, double time_s,
                  const struct bauta_reveal_report *report)
{
    struct exporting *e = user;
    export_people_count(&e->people, picture, time_s, report);
}

/* Notes a file for the report, which gets its hash when it is there. */
static void begin_part(void *user, const struct bauta_part *part)
{
    const struct exporting *e = user;
    json_array_append_new(e->parts,
                          json_pack("{s:o, s:f, s:I, s:i, s:i}", "name",
                                    json_stringn_nocheck(part->path, strlen(part->path)), "start",
                                    part->start_s, "picture", (json_int_t)part->first, "width",
                                    part->width, "height", part->height));
}

static bool parse(struct exporting *e, const struct options *options)
{
    struct bauta_recover_settings *s = &e->settings;
    bauta_recover_settings_init(s);
    s->input = options->arguments[0];
    s->output = options->arguments[1];
    s->log = cli_log(options);
    s->format = options_get(options, OPTION_FORMAT);
    s->progress = cli_progress;
    s->user = e;
    s->part = begin_part;
    s->revealed = count;
    e->options = options;
    if (!cli_needs(&command_export, options, OPTION_KEY) ||
        !cli_needs(&command_export, options, OPTION_CLEAR))
        return false;
    if (bauta_is_stream(s->output) || strcmp(s->input, "-") == 0)
        return cli_usage(&command_export, "export works on files: its report names them"), false;
    if (options_has(options, OPTION_PRESET))
        s->preset = options_get(options, OPTION_PRESET);
    if (!files_options(&s->replace, &s->mode, options) ||
        !track_options_read(&s->audio, &s->keep_tags, &s->keep_subtitles, &command_export,
                            options) ||
        !options_setting(options, OPTION_CRF, &s->crf, BAUTA_SETTING_CRF) ||
        !cli_parse_size_change(&s->on_size_change, &command_export, options) ||
        !cli_parse_targets(e->targets, &s->n_targets, &command_export, options, OPTION_CLEAR))
        return false;
    s->targets = e->targets;
    export_people_ask(&e->people, e->targets, s->n_targets);
    return true;
}

/* Says what is not as it was asked for, and gives the exit status. */
static int judge(struct exporting *e)
{
    const char *in = e->settings.input;
    int whole = recover_warn(&e->result, in, true);
    int people = export_people_judge(&e->people, in);
    if (e->result.n_shown == 0)
        cli_warn("%s: nobody of those who were to be clear is seen", in);
    if (e->result.n_sound)
        cli_warn("%s: its sound is copied, and a voice identifies: --audio none leaves it out", in);
    return whole ? whole : people;
}

static uint64_t count_masked(const struct bauta_recover_result *r)
{
    return r->n_unwanted + r->n_denied + r->n_missing + r->n_broken;
}

static int write_report(struct exporting *e, int status)
{
    const struct bauta_recover_result *r = &e->result;
    if (e->people.failed)
        return cli_exit_status(BAUTA_ERR_MEMORY);
    json_t *text = certificate_new("export", &e->note, e->settings.input, e->first, e->options);
    e->first = NULL;
    if (text) {
        json_t *clear = json_array();
        for (int i = 0; i < e->settings.n_targets; i++)
            json_array_append_new(clear, json_integer((json_int_t)e->targets[i]));
        if (json_array_size(e->parts) > 1)
            json_object_set(text, "parts", e->parts);
        json_object_set_new(text, "clear", clear);
        json_object_set_new(text, "complete", json_boolean(status == EXIT_DONE));
        json_object_set_new(text, "pictures", json_integer((json_int_t)r->n_pictures));
        json_object_set_new(text, "regions_clear", json_integer((json_int_t)r->n_shown));
        json_object_set_new(text, "regions_masked", json_integer((json_int_t)count_masked(r)));
        json_object_set_new(text, "pictures_changed", json_integer((json_int_t)r->n_changed));
        json_object_set_new(text, "pictures_without_recovery_data",
                            json_integer((json_int_t)r->n_unprotected));
        json_object_set_new(text, "pictures_not_decoded",
                            json_integer((json_int_t)r->n_undecodable));
        json_object_set_new(text, "pictures_not_in_source", json_integer((json_int_t)r->n_absent));
        json_object_set_new(text, "pictures_hidden_by_edit_list",
                            json_integer((json_int_t)r->n_hidden));
        json_object_set_new(text, "source_damaged", json_boolean(r->truncated));
        json_object_set_new(text, "sound", json_boolean(r->n_sound > 0));
        json_object_set_new(text, "people", export_people_json(&e->people));
        json_object_set_new(text, "recovery_data", json_false());
    }
    int written =
        certificate_write(&e->certificate, text, e->settings.output, e->signing_key, e->options);
    if (!written && !e->signing_key)
        cli_say("%s.json: is not signed: use --sign", e->settings.output);
    return written ? written : status;
}

/* Completes what is noted of a file by its hash. */
static bool hash_part(struct exporting *e, const char *path, int file)
{
    size_t i;
    json_t *part, *about = certificate_file(path, file, e->options);
    if (about && strcmp(path, e->settings.output) == 0)
        e->first = json_incref(about);
    bool done = about != NULL;
    json_array_foreach(e->parts, i, part)
    {
        const char *name = json_string_value(json_object_get(part, "name"));
        if (name && strcmp(name, path) == 0 && !json_object_get(part, "sha256"))
            done &= json_object_update(part, about) == 0;
    }
    json_decref(about);
    return done;
}

/* The files are complete and have no names yet. */
static enum bauta_status complete(void *user, const char *path, int file, bool last)
{
    struct exporting *e = user;
    if (!hash_part(e, path, file)) {
        e->status = EXIT_FAILED;
        return BAUTA_ERR_IO;
    }
    if (!last)
        return BAUTA_OK;
    audit_stream(&e->note, e->result.stream_id);
    e->status = write_report(e, judge(e));
    return e->status == EXIT_DONE || e->status == EXIT_INCOMPLETE ? BAUTA_OK : BAUTA_ERR_IO;
}

static int export(struct exporting *e, const struct options *options)
{
    e->settings.complete = complete;
    int status = cli_exit_status(bauta_recover_file(&e->result, &e->settings));
    cli_progress_done();
    if (status) {
        certificate_take_back(&e->certificate, e->options);
        return status;
    }
    if (!options_has(options, OPTION_QUIET))
        cli_say("%s%s: %llu pictures, %llu regions clear, %llu masked for good", e->settings.output,
                e->result.n_parts > 1 ? " and its other parts" : "",
                (unsigned long long)e->result.n_pictures, (unsigned long long)e->result.n_shown,
                (unsigned long long)count_masked(&e->result));
    return e->status;
}

static int run(const struct options *options)
{
    struct exporting *e = calloc(1, sizeof(*e));
    if (!e || !(e->parts = json_array()) || !parse(e, options)) {
        int status = e && e->parts ? EXIT_USAGE : EXIT_FAILED;
        if (e) {
            json_decref(e->parts);
            export_people_clear(&e->people);
        }
        free(e);
        return status;
    }
    int status = cli_read_private_key(&e->key, options);
    if (!status)
        status = cli_read_grant(&e->grant, options);
    if (!status)
        status = cli_read_signing_key(&e->signing_key, options);
    if (!status && !audit_has_reason(&command_export, options, e->grant))
        status = EXIT_USAGE;
    if (!status) {
        e->settings.key = e->key;
        e->settings.grant = e->grant;
        audit_private_key(&e->note, e->key);
        audit_what(&e->note, options, OPTION_CLEAR);
        if (e->grant)
            audit_grant(&e->note, e->grant);
        status = audit_begin(&e->note, "export", options);
        if (!status)
            status = audit_end(&e->note, export(e, options));
    }
    certificate_clear(&e->certificate);
    bauta_private_key_free(&e->key);
    bauta_signing_key_free(&e->signing_key);
    bauta_grant_free(&e->grant);
    json_decref(e->parts);
    json_decref(e->first);
    export_people_clear(&e->people);
    free(e);
    return status;
}

static const enum option_id known[] = {OPTION_KEY,
                                       OPTION_PASSPHRASE_FILE,
                                       OPTION_GRANT,
                                       OPTION_CLEAR,
                                       OPTION_WHOLE_PICTURE,
                                       OPTION_SIGN,
                                       OPTION_SIGN_PASSPHRASE_FILE,
                                       OPTION_REASON,
                                       OPTION_CASE,
                                       OPTION_CRF,
                                       OPTION_PRESET,
                                       OPTION_FORMAT,
                                       FILES_OPTIONS,
                                       TRACK_OPTIONS,
                                       OPTION_AUDIT,
                                       OPTION_QUIET,
                                       OPTION_ON_SIZE_CHANGE,
                                       N_OPTIONS};

const struct command command_export = {
    "export",
    "--key FILE.key (--reason TEXT | --grant FILE.grant) --clear N [--clear N ...] [--sign "
    "FILE.key] IN OUT",
    "Writes a file where these people are clear and everybody else is masked for good.\n"
    "OUT.json reports what is shown in fact, person by person; with --sign, OUT.json.sig signs "
    "it.",
    2,
    known,
    run,
};
