/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "certificate.h"
#include "files.h"
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
};

/* Notes a file for the report, which gets its hash when it is there. */
static void begin_part(void *user, const struct bauta_part *part)
{
    const struct exporting *e = user;
    json_array_append_new(e->parts,
                          json_pack("{s:s, s:f, s:I, s:i, s:i}", "name", part->path, "start",
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
    if (!options_has(options, OPTION_KEY) || !options_has(options, OPTION_CLEAR))
        return cli_usage(&command_export, "export needs --key, and --clear for each person"), false;
    if (strcmp(s->output, "-") == 0 || strcmp(s->input, "-") == 0)
        return cli_usage(&command_export, "export works on files: its report names them"), false;
    if (options_has(options, OPTION_PRESET))
        s->preset = options_get(options, OPTION_PRESET);
    if (!files_options(&s->replace, &s->mode, options) ||
        !track_options_read(&s->audio, &s->keep_tags, &s->keep_subtitles, &command_export,
                            options) ||
        !options_number(options, OPTION_CRF, &s->crf, 0, 51) ||
        !cli_parse_size_change(&s->on_size_change, &command_export, options) ||
        !cli_parse_targets(e->targets, &s->n_targets, &command_export, options, OPTION_CLEAR))
        return false;
    s->targets = e->targets;
    return true;
}

/* Somebody who was to be clear and nowhere is: a wrong number, most likely. */
static int judge(const struct exporting *e)
{
    if (e->result.n_shown > 0)
        return e->result.n_incomplete || e->result.truncated || e->result.n_undecodable ||
                       e->result.n_hidden || e->result.n_late || e->result.n_early ||
                       e->result.n_changed
                   ? EXIT_INCOMPLETE
                   : EXIT_DONE;
    fprintf(stderr, "bauta: warning: %s: nobody of those who were to be clear is in it\n",
            e->settings.input);
    return EXIT_INCOMPLETE;
}

static int write_report(const struct exporting *e, int status, const struct options *options)
{
    char path[4096 + 8];
    const struct bauta_recover_result *r = &e->result;
    snprintf(path, sizeof(path), "%.4095s.json", e->settings.output);
    if (certificate_hash_parts(e->parts, options))
        return EXIT_FAILED;
    json_t *text =
        certificate_new("export", &e->note, e->settings.input, e->settings.output, options);
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
        json_object_set_new(
            text, "regions_masked",
            json_integer((json_int_t)(r->n_unwanted + r->n_denied + r->n_missing + r->n_broken)));
        json_object_set_new(text, "pictures_changed", json_integer((json_int_t)r->n_changed));
        json_object_set_new(text, "recovery_data", json_false());
    }
    int written = certificate_write(text, path, e->signing_key, options);
    if (!written && !e->signing_key)
        fprintf(stderr, "bauta: %s: is not signed: use --sign\n", path);
    return written ? written : status;
}

static int export(struct exporting *e, const struct options *options)
{
    int status = cli_check_grant(e->grant, options);
    if (!status)
        status = cli_exit_status(bauta_recover_file(&e->result, &e->settings));
    cli_progress_done();
    if (status)
        return status;
    audit_stream(&e->note, e->result.stream_id);
    status = write_report(e, judge(e), options);
    if (!options_has(options, OPTION_QUIET) && status != EXIT_FAILED)
        fprintf(stderr,
                "bauta: %s%s: %llu pictures, %llu regions clear, all others masked for good\n",
                e->settings.output, e->result.n_parts > 1 ? " and its other parts" : "",
                (unsigned long long)e->result.n_pictures, (unsigned long long)e->result.n_shown);
    return status;
}

static int run(const struct options *options)
{
    struct exporting *e = calloc(1, sizeof(*e));
    if (!e || !(e->parts = json_array()) || !parse(e, options)) {
        int status = e && e->parts ? EXIT_USAGE : EXIT_FAILED;
        if (e)
            json_decref(e->parts);
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
    bauta_private_key_free(&e->key);
    bauta_signing_key_free(&e->signing_key);
    bauta_grant_free(&e->grant);
    json_decref(e->parts);
    free(e);
    return status;
}

static const enum option_id known[] = {OPTION_KEY,    OPTION_PASSPHRASE_FILE,
                                       OPTION_GRANT,  OPTION_CLEAR,
                                       OPTION_SIGN,   OPTION_SIGN_PASSPHRASE_FILE,
                                       OPTION_REASON, OPTION_CASE,
                                       OPTION_CRF,    OPTION_PRESET,
                                       OPTION_FORMAT, FILES_OPTIONS,
                                       TRACK_OPTIONS, OPTION_AUDIT,
                                       OPTION_QUIET,  OPTION_ON_SIZE_CHANGE,
                                       N_OPTIONS};

const struct command command_export = {
    "export",
    "--key FILE.key (--reason TEXT | --grant FILE.grant) --clear N [--clear N ...] [--sign "
    "FILE.key] IN OUT",
    "Writes a file where these people are clear and everybody else is masked for good; "
    "OUT.json and OUT.json.sig report it.",
    2,
    known,
    run,
};
