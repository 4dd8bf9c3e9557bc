/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit_note.h"
#include "batch.h"
#include "files.h"
#include "recover.h"
#include "span.h"
#include "track_options.h"

static bool parse(struct bauta_recover_settings *s, const struct options *options)
{
    const char *codec = options_get(options, OPTION_CODEC);
    double threads = 1, track = 0;
    if (!cli_needs(&command_recover, options, OPTION_KEY))
        return false;
    if (codec && !cli_parse_codec(&s->codec, codec))
        return cli_usage(&command_recover, "--codec is h264 or h265"), false;
    if (options_has(options, OPTION_LOSSLESS) && options_has(options, OPTION_CRF))
        return cli_usage(&command_recover, "--lossless and --crf exclude each other"), false;
    if (!options_setting(options, OPTION_CRF, &s->crf, BAUTA_SETTING_CRF) ||
        !options_number(options, OPTION_TRACK, &track, 1, 1000) ||
        !options_number(options, OPTION_THREADS_SHOWING, &threads, 0, 1))
        return false;
    s->track = (int)track;
    s->threads = (int)threads;
    s->lossless = options_has(options, OPTION_LOSSLESS);
    if (options_has(options, OPTION_PRESET))
        s->preset = options_get(options, OPTION_PRESET);
    s->format = options_get(options, OPTION_FORMAT);
    return files_options(&s->replace, &s->mode, options) &&
           span_read(&s->since_s, &s->until_s, &command_recover, options) &&
           track_options_read(&s->audio, &s->keep_tags, &s->keep_subtitles, &command_recover,
                              options) &&
           cli_parse_size_change(&s->on_size_change, &command_recover, options) &&
           cli_parse_classes(&s->classes, &command_recover, options);
}

static void say(const struct bauta_recover_result *r, const char *out)
{
    cli_say("%s%s: %llu picture%s, %llu region%s recovered, %.1f s (%.1f pictures a second)", out,
            r->n_parts > 1 ? " and its other parts" : "", (unsigned long long)r->n_pictures,
            say_s(r->n_pictures), (unsigned long long)r->n_shown, say_s(r->n_shown), r->elapsed_s,
            (double)r->n_pictures / r->elapsed_s);
}

static void say_shortly(char *said, const struct bauta_recover_result *r, int status)
{
    snprintf(said, BATCH_SAID, "recovered%s, %llu picture%s, %llu region%s",
             status ? " in part" : "", (unsigned long long)r->n_pictures, say_s(r->n_pictures),
             (unsigned long long)r->n_shown, say_s(r->n_shown));
}

static void warn_of(const char *in, uint64_t n, const char *one, const char *more)
{
    if (n)
        cli_warn("%s: %llu %s", in, (unsigned long long)n, n == 1 ? one : more);
}

int recover_warn(const struct bauta_recover_result *r, const char *in, bool granted)
{
    if (r->truncated)
        cli_warn("%s: the file is damaged or cut short: %llu picture%s there, the rest is missing",
                 in, (unsigned long long)r->n_pictures, r->n_pictures == 1 ? " was" : "s were");
    warn_of(in, r->n_undecodable,
            "picture could not be decoded, or stands before the first that can be",
            "pictures could not be decoded, or stand before the first that can be");
    warn_of(in, r->n_absent, "picture is not in the file: it was cut, or the picture was lost",
            "pictures are not in the file: it was cut, or they were lost");
    warn_of(in, r->n_hidden,
            "picture is hidden by the file's edit list, as in a cut: it is not in the output",
            "pictures are hidden by the file's edit list, as in a cut: they are not in the output");
    warn_of(in, r->n_late, "packet of sound came too late for its part and is left out",
            "packets of sound came too late for their part and are left out");
    warn_of(in, r->n_unprotected, "picture has no readable recovery data and stays as it is",
            "pictures have no readable recovery data and stay as they are");
    warn_of(in, r->n_missing, "region stays masked: its recovery data are missing",
            "regions stay masked: their recovery data are missing");
    warn_of(in, r->n_broken, "region stays masked: its recovery data were altered or damaged",
            "regions stay masked: their recovery data were altered or damaged");
    if (!granted)
        warn_of(in, r->n_denied, "region stays masked: this key does not open it",
                "regions stay masked: this key does not open them");
    warn_of(in, r->n_changed,
            "picture is not coded as it was when protected: the file was edited or damaged",
            r->n_changed < r->n_pictures
                ? "pictures are not coded as they were when protected: the file was edited or "
                  "damaged"
                : "pictures, all of them, were coded anew after they were protected: the originals "
                  "belong to others");
    return r->n_incomplete || r->truncated || r->n_undecodable || r->n_absent || r->n_hidden ||
                   r->n_late || r->n_early || r->n_changed
               ? EXIT_INCOMPLETE
               : EXIT_DONE;
}

int cli_read_grant(struct bauta_grant **grant, const struct options *options)
{
    const char *path = options_get(options, OPTION_GRANT);
    *grant = NULL;
    return path ? cli_exit_status(bauta_grant_read(grant, path, cli_log(options))) : EXIT_DONE;
}

/* Who is asked for by number, and what came of it. */
struct asked {
    const struct bauta_recover_settings *settings;
    uint64_t n_met;                          /* regions that are asked for in any way */
    bool met[MAX_VALUES], shown[MAX_VALUES]; /* of each of the targets, in the time asked for */
};

static void note(void *user, uint64_t picture, double time_s,
                 const struct bauta_reveal_report *report)
{
    struct asked *a = user;
    (void)picture;
    (void)time_s;
    for (int i = 0; i < report->n_regions; i++) {
        if (report->states[i] == BAUTA_REVEAL_UNWANTED)
            continue;
        a->n_met++;
        for (int k = 0; k < a->settings->n_targets; k++)
            if (a->settings->targets[k] == report->regions[i].target) {
                a->met[k] = true;
                a->shown[k] |= report->states[i] == BAUTA_REVEAL_SHOWN;
            }
    }
}

/* Says what was asked for in vain. Gives `status`, or EXIT_INCOMPLETE in place of EXIT_DONE. */
static int warn_in_vain(const struct asked *a, const struct bauta_recover_result *r, int status)
{
    const struct bauta_recover_settings *s = a->settings;
    const bool timed = !isinf(s->since_s) || !isinf(s->until_s);
    const char *when = timed ? " in the time that was asked for" : "";
    bool vain = r->n_in_time == 0;
    if (r->n_in_time == 0)
        cli_warn("%s: has no picture%s: all stays masked", s->input, when);
    for (int i = 0; i < s->n_targets && r->n_in_time; i++) {
        bool withheld = a->met[i] && !a->shown[i];
        if (!a->met[i])
            cli_warn("%s: target %lu is not in it%s", s->input, (unsigned long)s->targets[i], when);
        else if (withheld)
            cli_warn("%s: target %lu stays masked everywhere", s->input,
                     (unsigned long)s->targets[i]);
        vain |= !a->met[i] || withheld;
    }
    if (r->n_in_time && a->n_met == 0 && s->n_targets == 0 &&
        (timed || s->classes != BAUTA_MASK_BOTH)) {
        cli_warn("%s: nobody of those who were asked for is in it%s", s->input, when);
        vain = true;
    }
    return vain && status == EXIT_DONE ? EXIT_INCOMPLETE : status;
}

static int recover(struct bauta_recover_settings *s, struct audit_note *row,
                   const struct options *options, char *said)
{
    struct bauta_recover_result result;
    struct asked asked = {.settings = s};
    audit_private_key(row, s->key);
    audit_what(row, options, OPTION_TARGET);
    if (s->grant)
        audit_grant(row, s->grant);
    int status = audit_begin(row, "recover", options);
    if (status)
        return status;
    s->progress = cli_progress;
    s->revealed = note;
    s->user = &asked;
    status = cli_exit_status(bauta_recover_file(&result, s));
    cli_progress_done();
    if (!status) {
        audit_stream(row, result.stream_id);
        status = recover_warn(&result, s->input, s->grant != NULL);
        status = warn_in_vain(&asked, &result, status);
        if (said)
            say_shortly(said, &result, status);
        else if (!options_has(options, OPTION_QUIET))
            say(&result, s->output);
    }
    return audit_end(row, status);
}

/* Its rows in the audit log are its own, also of many. */
static int recover_one(void *user, const struct options *one, char *said)
{
    struct bauta_recover_settings *s = user;
    struct audit_note note = {.audit = NULL};
    s->input = one->arguments[0];
    s->output = one->arguments[1];
    return recover(s, &note, one, said);
}

static int run(const struct options *options)
{
    struct bauta_recover_settings s;
    const struct batch batch = {
        .command = &command_recover,
        .options = options,
        .makes = true,
        .user = &s,
        .one = recover_one,
    };
    uint32_t targets[MAX_VALUES];
    bauta_recover_settings_init(&s);
    s.log = cli_log(options);
    int status = batch_check(&batch);
    if (status)
        return status;
    if (!parse(&s, options) ||
        !cli_parse_targets(targets, &s.n_targets, &command_recover, options, OPTION_TARGET))
        return EXIT_USAGE;
    s.targets = s.n_targets ? targets : NULL;
    struct bauta_private_key *key = NULL;
    struct bauta_grant *grant = NULL;
    status = cli_read_private_key(&key, options);
    if (!status)
        status = cli_read_grant(&grant, options);
    if (!status && !audit_has_reason(&command_recover, options, grant))
        status = EXIT_USAGE;
    s.key = key;
    s.grant = grant;
    if (!status)
        status = batch_run(&batch);
    bauta_grant_free(&grant);
    bauta_private_key_free(&key);
    return status;
}

static const enum option_id known[] = {OPTION_KEY,
                                       OPTION_PASSPHRASE_FILE,
                                       OPTION_GRANT,
                                       OPTION_TARGET,
                                       OPTION_WHOLE_PICTURE,
                                       OPTION_CLASS,
                                       OPTION_SINCE,
                                       OPTION_UNTIL,
                                       OPTION_CRF,
                                       OPTION_LOSSLESS,
                                       OPTION_CODEC,
                                       OPTION_PRESET,
                                       OPTION_FORMAT,
                                       FILES_OPTIONS,
                                       TRACK_OPTIONS,
                                       OPTION_TRACK,
                                       OPTION_THREADS_SHOWING,
                                       OPTION_REASON,
                                       OPTION_CASE,
                                       OPTION_AUDIT,
                                       OPTION_OUTPUT_FOLDER,
                                       OPTION_ON_SIZE_CHANGE,
                                       OPTION_QUIET,
                                       N_OPTIONS};

const struct command command_recover = {
    "recover",
    "--key FILE.key (--reason TEXT | --grant FILE.grant) [OPTIONS] IN OUT, or IN... -o DIR",
    "Brings the originals back: all of them, or those asked for or granted; everybody else stays "
    "hidden.\nWith -o DIR: of any number of files and folders.",
    SOME_ARGUMENTS,
    known,
    run,
};
