/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bauta/work_file.h>

#include "batch.h"
#include "files.h"
#include "find_options.h"
#include "hidden_whole.h"
#include "recipients.h"
#include "regions.h"
#include "report.h"
#include "track_options.h"

/* What the callbacks of one run need. */
struct protecting {
    struct regions *given;
    struct report *report;
    struct recipients recipients;
};

static enum bauta_status give_regions(void *user, struct bauta_region *regions, int *n_regions,
                                      uint64_t picture, int width, int height)
{
    const struct protecting *p = user;
    return regions_of(p->given, regions, n_regions, picture, width, height);
}

static enum bauta_status hear_report(void *user, uint64_t picture, double pts_s,
                                     const struct bauta_mask_report *report)
{
    struct protecting *p = user;
    if (report->random_access) /* an epoch begins, and with it what changed since the last */
        recipients_meet(&p->recipients);
    return p->report ? report_write(p->report, picture, pts_s, report) : BAUTA_OK;
}

static void begin_part(void *user, const struct bauta_part *part)
{
    const struct protecting *p = user;
    if (p->report)
        report_part(p->report, part->number, part->start_s);
}

static bool give_recipients(void *user, double pts_s, struct bauta_recipient_list *list)
{
    struct protecting *p = user;
    if (!recipients_at(&p->recipients, pts_s))
        return false;
    *list = (struct bauta_recipient_list){p->recipients.keys, p->recipients.n_keys,
                                          p->recipients.groups, p->recipients.n_groups};
    return true;
}

static bool parse_hide(struct bauta_hide_settings *s, const struct options *options)
{
    static const char *const names[] = {[BAUTA_STYLE_MOSAIC] = "mosaic",
                                        [BAUTA_STYLE_NOISE] = "noise",
                                        [BAUTA_STYLE_SOLID] = "solid"};
    const char *style = options_get(options, OPTION_STYLE);
    double blocks = s->blocks, epsilon = (double)s->epsilon;
    int i = 0;
    while (style && i <= BAUTA_STYLE_SOLID && strcmp(style, names[i]) != 0)
        i++;
    if (i > BAUTA_STYLE_SOLID)
        return cli_usage(&command_protect, "--style is mosaic, noise or solid"), false;
    if (!options_setting(options, OPTION_BLOCKS, &blocks, BAUTA_SETTING_BLOCKS) ||
        !options_setting(options, OPTION_EPSILON, &epsilon, BAUTA_SETTING_EPSILON))
        return false;
    s->style = (enum bauta_style)i;
    s->blocks = (int)blocks;
    s->epsilon = (float)epsilon;
    if (options_has(options, OPTION_EPSILON) && s->style != BAUTA_STYLE_NOISE)
        return cli_usage(&command_protect, "--epsilon goes with --style noise"), false;
    return true;
}

/* How the output is coded, and how the originals in it are kept. */
static bool parse_coding(struct bauta_protect_settings *s, const struct options *options)
{
    const char *codec = options_get(options, OPTION_CODEC);
    const char *object_codec = options_get(options, OPTION_OBJECT_CODEC);
    const char *recovery = options_get(options, OPTION_RECOVERY);
    if (codec && !cli_parse_codec(&s->codec, codec))
        return cli_usage(&command_protect, "--codec is h264 or h265"), false;
    if (object_codec && !cli_parse_codec(&s->object_codec, object_codec))
        return cli_usage(&command_protect, "--object-codec is h264 or h265"), false;
    if (recovery && strcmp(recovery, "lossy") != 0 && strcmp(recovery, "lossless") != 0)
        return cli_usage(&command_protect, "--recovery is lossy or lossless"), false;
    s->recovery_lossless = recovery && strcmp(recovery, "lossless") == 0;
    if (s->recovery_lossless && options_has(options, OPTION_RECOVERY_CRF))
        return cli_usage(&command_protect, "--recovery lossless has no --recovery-crf"), false;
    if (options_has(options, OPTION_PRESET))
        s->preset = options_get(options, OPTION_PRESET);
    s->encoder = options_get(options, OPTION_ENCODER);
    s->encoder_options = options_get(options, OPTION_ENCODER_OPTIONS);
    return options_setting(options, OPTION_CRF, &s->crf, BAUTA_SETTING_CRF) &&
           options_setting(options, OPTION_RECOVERY_CRF, &s->recovery_crf,
                           BAUTA_SETTING_RECOVERY_CRF) &&
           options_setting(options, OPTION_GOP, &s->gop_s, BAUTA_SETTING_EPOCH);
}

static bool parse(struct bauta_protect_settings *s, struct find_areas *areas,
                  const struct options *options)
{
    const char *failure = options_get(options, OPTION_ON_SEAL_FAILURE);
    double threads = 1;
    if (!options_has(options, OPTION_RECIPIENT))
        return cli_usage(&command_protect, "protect needs at least one --recipient"), false;
    if (options_has(options, OPTION_REGIONS) &&
        (options_has(options, OPTION_ALWAYS) || options_has(options, OPTION_NEVER)))
        return cli_usage(&command_protect,
                         "--regions names all areas itself: no --always, --never"),
               false;
    if (failure && strcmp(failure, "stop") != 0 && strcmp(failure, "continue") != 0)
        return cli_usage(&command_protect, "--on-seal-failure is continue or stop"), false;
    const char *began = options_get(options, OPTION_BEGAN);
    if (began && !cli_parse_utc(&s->utc_ms, began))
        return cli_usage(&command_protect, "--began wants a time like 2026-11-24T10:00:00Z"), false;
    s->stop_on_seal_failure = failure && strcmp(failure, "stop") == 0;
    if (!options_number(options, OPTION_THREADS, &threads, 0, 2) ||
        !options_setting(options, OPTION_ROTATE, &s->rotate_s, BAUTA_SETTING_ROTATE))
        return false;
    s->threads = (int)threads;
    s->find.threads = threads > 1 ? (int)threads : 1;
    s->format = options_get(options, OPTION_FORMAT);
    return files_options(&s->replace, &s->mode, options) &&
           track_options_read(&s->audio, &s->keep_tags, &s->keep_subtitles, &command_protect,
                              options) &&
           cli_parse_size_change(&s->on_size_change, &command_protect, options) &&
           parse_coding(s, options) && parse_hide(&s->hide, options) &&
           find_options_read(&s->find, areas, &command_protect, options);
}

static void say(const struct bauta_protect_result *r, const char *in, const char *out)
{
    if (r->n_hidden)
        cli_say("%s: %llu pictures that its edit list hides are left out", in,
                (unsigned long long)r->n_hidden);
    double share =
        r->stream_bytes ? 100.0 * (double)r->recovery_bytes / (double)r->stream_bytes : 0;
    cli_say("%s%s: %llu picture%s, %llu %s, %.1f s (%.1f pictures a second)", out,
            r->n_parts > 1 ? " and its other parts" : "", (unsigned long long)r->n_pictures,
            say_s(r->n_pictures), (unsigned long long)r->n_targets,
            r->n_targets == 1 ? "person" : "people", r->elapsed_s,
            (double)r->n_pictures / r->elapsed_s);
    cli_say("stream %.1f kB, of which recovery data %.1f kB (%.1f %%)",
            (double)r->stream_bytes / 1e3, (double)r->recovery_bytes / 1e3, share);
    cli_say("busy: decode %.1f s, detect %.1f s, mask and object encode %.1f s, base encode and "
            "write %.1f s",
            r->decode_s, r->detect_s, r->mask_s, r->encode_s);
}

/* What a person who relies on the output must know. Gives the exit status. */
static int warn(const struct bauta_protect_result *r, const struct bauta_protect_settings *s)
{
    const char *in = s->input;
    if (r->truncated)
        cli_warn("%s: the file is damaged or cut short: %llu pictures were protected, the rest is "
                 "missing",
                 in, (unsigned long long)r->n_pictures);
    if (r->n_unshown)
        cli_warn("%s: %llu pictures stand before the first that can be decoded; no player shows "
                 "them, and they are left out",
                 in, (unsigned long long)r->n_unshown);
    if (r->n_undecodable)
        cli_warn("%s: %llu pictures could not be decoded", in,
                 (unsigned long long)r->n_undecodable);
    if (r->n_late)
        cli_warn("%s: %llu packets of sound came too late for their part and are left out", in,
                 (unsigned long long)r->n_late);
    if (r->reduced && s->recovery_lossless)
        cli_warn("%s: originals are kept bit for bit as 8-bit 4:2:0, which is less than its "
                 "pictures are",
                 in);
    if (r->n_blind)
        cli_warn("the detector failed on %llu pictures; their masks are larger than need be",
                 (unsigned long long)r->n_blind);
    if (r->n_unsealed)
        cli_warn("%llu regions cannot be recovered: their originals could not be kept",
                 (unsigned long long)r->n_unsealed);
    bool incomplete = r->truncated || r->n_undecodable || r->n_unsealed || r->n_late || r->n_early;
    return incomplete ? EXIT_INCOMPLETE : EXIT_DONE;
}

/* The same in a few words, for one of many. */
static void say_shortly(char *said, const struct bauta_protect_result *r, int status)
{
    int size =
        snprintf(said, BATCH_SAID, "protected%s, %llu picture%s, %llu %s", status ? " in part" : "",
                 (unsigned long long)r->n_pictures, say_s(r->n_pictures),
                 (unsigned long long)r->n_targets, r->n_targets == 1 ? "person" : "people");
    if (r->n_hidden)
        snprintf(said + size, (size_t)(BATCH_SAID - size),
                 ", %llu that its edit list hides left out", (unsigned long long)r->n_hidden);
}

static int protect(struct bauta_protect_settings *s, struct protecting *p,
                   const struct options *options, char *said)
{
    struct bauta_protect_result result;
    const char *regions = options_get(options, OPTION_REGIONS);
    const char *report = options_get(options, OPTION_REPORT);
    int status = EXIT_DONE;
    if (regions && !(p->given = regions_open(regions)))
        status = EXIT_FAILED;
    const struct bauta_work_file_settings settings = {
        .replace = s->replace, .mode = s->mode, .log = s->log};
    if (!status && report && !(p->report = report_open(report, &settings)))
        status = EXIT_FAILED;
    s->user = p;
    s->progress = cli_progress;
    s->regions = regions ? give_regions : NULL;
    s->report = hear_report;
    s->part = begin_part;
    if (!status) {
        status = cli_exit_status(bauta_protect_file(&result, s));
        cli_progress_done();
        if (!status && p->report && !report_finish(p->report))
            status = EXIT_FAILED;
        if (!status) {
            status = warn(&result, s);
            if (!recipients_are_met(&p->recipients, s->input))
                status = EXIT_INCOMPLETE;
            hidden_whole_warn(&result, regions);
            if (p->given && !options_has(options, OPTION_QUIET))
                regions_warn_rest(p->given, s->input);
            if (said)
                say_shortly(said, &result, status);
            else if (!options_has(options, OPTION_QUIET))
                say(&result, s->input, s->output);
        }
    }
    regions_close(&p->given);
    report_close(&p->report);
    return status;
}

struct job {
    bool all_tracks;
    struct bauta_protect_settings *settings;
    struct protecting *protecting;
    struct bauta_find_settings find; /* as asked for; each file starts from it */
};

static int protect_track(const struct job *job, const struct options *one, char *said)
{
    struct bauta_protect_settings *s = job->settings;
    struct recipients *r = &job->protecting->recipients;
    s->input = one->arguments[0];
    s->output = one->arguments[1];
    s->find = job->find;
    int status = find_options_guess(&s->find, s->input, s->track, &command_protect, one, s->log);
    if (status)
        return status;
    recipients_begin(r);
    s->n_recipients = r->n_keys;
    s->n_groups = r->n_groups;
    return protect(s, job->protecting, one, said);
}

/* Before the first is opened: whether all that is to be written may be. Gives the exit status. */
static int check_all(const struct bauta_protect_settings *s, const char *in, const char *out,
                     int n_tracks)
{
    int status = EXIT_DONE;
    for (int track = 1; track <= n_tracks && !status; track++) {
        char *path = bauta_numbered_path(out, "track", track);
        status = path ? cli_exit_status(bauta_output_apart(path, in, s->log)) : EXIT_FAILED;
        if (!status)
            status = cli_exit_status(bauta_output_check(path, s->replace, s->log));
        free(path);
    }
    return status;
}

/* Each video track into a file of its own. What went worst is what it gives. */
static int protect_all(const struct job *job, const struct options *one, char *said)
{
    struct bauta_protect_settings *s = job->settings;
    int n_tracks;
    char *in = one->arguments[0], *out = one->arguments[1];
    if (strcmp(in, "-") == 0 || strcmp(out, "-") == 0)
        return cli_usage(&command_protect, "--track all needs files: a pipe holds one track");
    int worst = cli_exit_status(bauta_video_tracks(&n_tracks, in, s->log));
    if (!worst)
        worst = check_all(s, in, out, n_tracks);
    s->others_apart = true;
    for (s->track = 1; s->track <= n_tracks && (!worst || worst == EXIT_INCOMPLETE); s->track++) {
        char *arguments[] = {in, bauta_numbered_path(out, "track", s->track)};
        struct options track = *one;
        track.arguments = arguments;
        int status = arguments[1] ? protect_track(job, &track, said) : EXIT_FAILED;
        worst = status ? status : worst;
        free(arguments[1]);
    }
    return worst;
}

static int protect_one(void *user, const struct options *one, char *said)
{
    const struct job *job = user;
    return job->all_tracks ? protect_all(job, one, said) : protect_track(job, one, said);
}

static bool is_protected(const char *path)
{
    bool protected_;
    return bauta_is_protected(&protected_, path, NULL) == BAUTA_OK && protected_;
}

/* Whether each track has its file. */
static bool has_all_tracks(void *user, const char *in, const char *out)
{
    const struct job *job = user;
    int n_tracks = 1;
    bool all = !job->all_tracks || bauta_video_tracks(&n_tracks, in, NULL) == BAUTA_OK;
    for (int track = 1; all && track <= n_tracks; track++) {
        char *path = bauta_numbered_path(out, "track", track);
        all = path && access(path, F_OK) == 0;
        free(path);
    }
    return all;
}

static const enum option_id one_only[] = {OPTION_REGIONS, OPTION_REPORT, OPTION_BEGAN, N_OPTIONS};

static int run(const struct options *options)
{
    struct bauta_protect_settings s;
    struct find_areas areas;
    struct protecting p = {.given = NULL};
    struct bauta_signing_key *signing_key = NULL;
    struct job job = {.settings = &s, .protecting = &p};
    const struct batch batch = {
        .command = &command_protect,
        .options = options,
        .makes = true,
        .one_only = one_only,
        .user = &job,
        .one = protect_one,
        .is_made = is_protected,
        .is_all = has_all_tracks,
    };
    bauta_protect_settings_init(&s);
    s.log = cli_log(options);
    int status = batch_check(&batch);
    if (status || !parse(&s, &areas, options) ||
        !track_options_choose(&s.track, &job.all_tracks, &command_protect, options))
        return status ? status : EXIT_USAGE;
    job.find = s.find;
    status = recipients_read(&p.recipients, &command_protect, options);
    if (!status)
        status = cli_read_signing_key(&signing_key, options);
    s.recipients = p.recipients.keys;
    s.groups = p.recipients.groups;
    s.recipients_at = p.recipients.timed ? give_recipients : NULL;
    s.signing_key = signing_key;
    if (!status)
        status = batch_run(&batch);
    bauta_signing_key_free(&signing_key);
    recipients_clear(&p.recipients);
    return status;
}

static const enum option_id known[] = {OPTION_RECIPIENT,
                                       OPTION_SIGN,
                                       OPTION_SIGN_PASSPHRASE_FILE,
                                       OPTION_ROTATE,
                                       OPTION_BEGAN,
                                       OPTION_CODEC,
                                       OPTION_CRF,
                                       OPTION_PRESET,
                                       OPTION_GOP,
                                       OPTION_ENCODER,
                                       OPTION_ENCODER_OPTIONS,
                                       OPTION_OBJECT_CODEC,
                                       OPTION_RECOVERY,
                                       OPTION_RECOVERY_CRF,
                                       OPTION_REGIONS,
                                       OPTION_REPORT,
                                       FILES_OPTIONS,
                                       TRACK_OPTIONS,
                                       OPTION_FORMAT,
                                       OPTION_TRACK_OR_ALL,
                                       OPTION_OUTPUT_FOLDER,
                                       OPTION_THREADS,
                                       OPTION_ON_SEAL_FAILURE,
                                       OPTION_ON_SIZE_CHANGE,
                                       FIND_OPTIONS,
                                       OPTION_STYLE,
                                       OPTION_BLOCKS,
                                       OPTION_EPSILON,
                                       OPTION_QUIET,
                                       N_OPTIONS};

const struct command command_protect = {
    "protect",
    "--recipient FILE.pub [OPTIONS] IN OUT, or IN... -o DIR",
    "Hides the people in IN and writes OUT, a standard H.264 or H.265 file that carries them "
    "sealed.\nWith -o DIR: of any number of files and folders.",
    SOME_ARGUMENTS,
    known,
    run,
};
