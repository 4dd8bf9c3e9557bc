/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "audit_note.h"
#include "batch.h"
#include "files.h"
#include "track_options.h"

static bool parse(struct bauta_recover_settings *s, const struct options *options)
{
    const char *since = options_get(options, OPTION_SINCE);
    const char *until = options_get(options, OPTION_UNTIL);
    const char *codec = options_get(options, OPTION_CODEC);
    double threads = 1, track = 0;
    if (!options_has(options, OPTION_KEY))
        return cli_usage(&command_recover, "recover needs --key"), false;
    if ((since && !cli_parse_time(&s->since_s, since)) ||
        (until && !cli_parse_time(&s->until_s, until)))
        return cli_usage(&command_recover, "--since and --until want seconds, or [HH:]MM:SS"),
               false;
    if (codec && !cli_parse_codec(&s->codec, codec))
        return cli_usage(&command_recover, "--codec is h264 or h265"), false;
    if (options_has(options, OPTION_LOSSLESS) && options_has(options, OPTION_CRF))
        return cli_usage(&command_recover, "--lossless and --crf exclude each other"), false;
    if (!options_number(options, OPTION_CRF, &s->crf, 0, 51) ||
        !options_number(options, OPTION_TRACK, &track, 1, 1000) ||
        !options_number(options, OPTION_THREADS, &threads, 0, 2))
        return false;
    s->track = (int)track;
    s->threads = (int)threads;
    s->lossless = options_has(options, OPTION_LOSSLESS);
    if (options_has(options, OPTION_PRESET))
        s->preset = options_get(options, OPTION_PRESET);
    s->format = options_get(options, OPTION_FORMAT);
    return files_options(&s->replace, &s->mode, options) &&
           track_options_read(&s->audio, &s->keep_tags, &s->keep_subtitles, &command_recover,
                              options) &&
           cli_parse_size_change(&s->on_size_change, &command_recover, options) &&
           cli_parse_classes(&s->classes, &command_recover, options);
}

static void say(const struct bauta_recover_result *r, const char *out)
{
    fprintf(stderr,
            "bauta: %s%s: %llu pictures, %llu regions recovered, %.1f s (%.1f pictures a second)\n",
            out, r->n_parts > 1 ? " and its other parts" : "", (unsigned long long)r->n_pictures,
            (unsigned long long)r->n_shown, r->elapsed_s, (double)r->n_pictures / r->elapsed_s);
}

static void say_shortly(char *said, const struct bauta_recover_result *r, int status)
{
    snprintf(said, BATCH_SAID, "recovered%s, %llu picture%s, %llu region%s",
             status ? " in part" : "", (unsigned long long)r->n_pictures,
             r->n_pictures == 1 ? "" : "s", (unsigned long long)r->n_shown,
             r->n_shown == 1 ? "" : "s");
}

static void warn_of(const char *in, uint64_t n, const char *what)
{
    if (n)
        fprintf(stderr, "bauta: warning: %s: %llu %s\n", in, (unsigned long long)n, what);
}

/* What could not be recovered, and why. Gives the exit status. */
static int warn(const struct bauta_recover_result *r, const char *in, bool granted)
{
    if (r->truncated)
        fprintf(stderr,
                "bauta: warning: %s: the file is damaged or cut short: %llu pictures were "
                "there, the rest is missing\n",
                in, (unsigned long long)r->n_pictures);
    warn_of(in, r->n_undecodable,
            "pictures could not be decoded, or stand before the first that can be");
    warn_of(in, r->n_hidden,
            "pictures are hidden by the file's edit list, as in a cut: they are not in the output");
    warn_of(in, r->n_late, "packets of sound came too late for their part and are left out");
    warn_of(in, r->n_unprotected, "pictures have no readable recovery data and stay as they are");
    warn_of(in, r->n_missing, "regions stay masked: their recovery data are missing");
    warn_of(in, r->n_broken, "regions stay masked: their recovery data were altered or damaged");
    if (!granted)
        warn_of(in, r->n_denied, "regions stay masked: this key does not open them");
    warn_of(
        in, r->n_changed,
        r->n_changed < r->n_pictures
            ? "pictures are not coded as they were when protected: the file was edited or damaged"
            : "pictures, all of them, were coded anew after they were protected: the originals "
              "belong to others");
    return r->n_incomplete || r->truncated || r->n_undecodable || r->n_hidden || r->n_late ||
                   r->n_early || r->n_changed
               ? EXIT_INCOMPLETE
               : EXIT_DONE;
}

int cli_read_grant(struct bauta_grant **grant, const struct options *options)
{
    const char *path = options_get(options, OPTION_GRANT);
    *grant = NULL;
    return path ? cli_exit_status(bauta_grant_read(grant, path, cli_log(options))) : EXIT_DONE;
}

int cli_check_grant(const struct bauta_grant *grant, const struct options *options)
{
    const char *path = options_get(options, OPTION_GRANT);
    struct bauta_grant_info info;
    char when[32];
    if (!grant)
        return EXIT_DONE;
    bauta_grant_tell(&info, grant);
    if (!info.complete)
        fprintf(stderr, "bauta: %s: has %d of %d approvals: it opens nothing yet\n", path,
                info.n_approvals, info.threshold);
    else if (info.expires_ms && info.expires_ms <= cli_now_ms())
        fprintf(stderr, "bauta: %s: has expired, on %s\n", path,
                cli_print_utc(when, info.expires_ms));
    else
        return EXIT_DONE;
    return EXIT_DENIED;
}

static int recover(struct bauta_recover_settings *s, struct audit_note *note,
                   const struct options *options, char *said)
{
    struct bauta_recover_result result;
    audit_private_key(note, s->key);
    audit_what(note, options, OPTION_TARGET);
    if (s->grant)
        audit_grant(note, s->grant);
    int status = audit_begin(note, "recover", options);
    if (status)
        return status;
    s->progress = cli_progress;
    status = cli_check_grant(s->grant, options);
    if (!status)
        status = cli_exit_status(bauta_recover_file(&result, s));
    cli_progress_done();
    if (!status) {
        audit_stream(note, result.stream_id);
        status = warn(&result, s->input, s->grant != NULL);
        if (said)
            say_shortly(said, &result, status);
        else if (!options_has(options, OPTION_QUIET))
            say(&result, s->output);
    }
    return audit_end(note, status);
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
                                       OPTION_THREADS,
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
