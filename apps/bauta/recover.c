/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

static bool parse_targets(uint32_t *targets, int *n_targets, const struct options *options)
{
    for (int i = 0; i < options->n_values[OPTION_TARGET]; i++) {
        char *end;
        const char *text = options->values[OPTION_TARGET][i];
        errno = 0;
        unsigned long long number = strtoull(text, &end, 10);
        if (end == text || *end || *text == '-' || errno || number > UINT32_MAX)
            return cli_usage(&command_recover, "--target wants the number of a person"), false;
        targets[(*n_targets)++] = (uint32_t)number;
    }
    return true;
}

static bool parse_classes(unsigned *classes, const struct options *options)
{
    for (int i = 0; i < options->n_values[OPTION_CLASS]; i++) {
        int class_ = BAUTA_CLASS_FACE;
        while (class_ <= BAUTA_CLASS_BODY &&
               strcmp(options->values[OPTION_CLASS][i], bauta_class_name((enum bauta_class)class_)))
            class_++;
        if (class_ > BAUTA_CLASS_BODY)
            return cli_usage(&command_recover, "--class is face, head or body"), false;
        *classes = (i ? *classes : 0) | 1u << class_;
    }
    return true;
}

static bool parse(struct bauta_recover_settings *s, const struct options *options)
{
    const char *since = options_get(options, OPTION_SINCE);
    const char *until = options_get(options, OPTION_UNTIL);
    const char *codec = options_get(options, OPTION_CODEC);
    double threads = 1;
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
        !options_number(options, OPTION_THREADS, &threads, 0, 2))
        return false;
    s->threads = (int)threads;
    s->lossless = options_has(options, OPTION_LOSSLESS);
    if (options_has(options, OPTION_PRESET))
        s->preset = options_get(options, OPTION_PRESET);
    s->format = options_get(options, OPTION_FORMAT);
    s->audio = !options_has(options, OPTION_NO_AUDIO);
    return parse_classes(&s->classes, options);
}

static void say(const struct bauta_recover_result *r, const char *out)
{
    fprintf(stderr,
            "bauta: %s: %llu pictures, %llu regions recovered, %.1f s (%.1f pictures a second)\n",
            out, (unsigned long long)r->n_pictures, (unsigned long long)r->n_shown, r->elapsed_s,
            (double)r->n_pictures / r->elapsed_s);
}

static void warn_of(const char *in, uint64_t n, const char *what)
{
    if (n)
        fprintf(stderr, "bauta: warning: %s: %llu %s\n", in, (unsigned long long)n, what);
}

/* What could not be recovered, and why. Gives the exit status. */
static int warn(const struct bauta_recover_result *r, const char *in)
{
    if (r->truncated)
        fprintf(stderr,
                "bauta: warning: %s: the file is damaged or cut short: %llu pictures were "
                "there, the rest is missing\n",
                in, (unsigned long long)r->n_pictures);
    warn_of(in, r->n_undecodable, "pictures could not be decoded");
    warn_of(in, r->n_unprotected, "pictures have no readable recovery data and stay as they are");
    warn_of(in, r->n_missing, "regions stay masked: their recovery data are missing");
    warn_of(in, r->n_broken, "regions stay masked: their recovery data were altered or damaged");
    warn_of(in, r->n_denied, "regions stay masked: this key does not open them");
    warn_of(
        in, r->n_changed,
        r->n_changed < r->n_pictures
            ? "pictures are not coded as they were when protected: the file was edited or damaged"
            : "pictures, all of them, were coded anew after they were protected: the originals "
              "belong to others");
    return r->n_incomplete || r->truncated || r->n_undecodable || r->n_changed ? EXIT_INCOMPLETE
                                                                               : EXIT_DONE;
}

static int run(const struct options *options)
{
    struct bauta_recover_settings s;
    struct bauta_recover_result result;
    struct bauta_private_key *key = NULL;
    uint32_t targets[MAX_VALUES];
    bool failed = false;
    bauta_recover_settings_init(&s);
    s.input = options->arguments[0];
    s.output = options->arguments[1];
    s.log = cli_log(options);
    if (!parse(&s, options) || !parse_targets(targets, &s.n_targets, options))
        return EXIT_USAGE;
    s.targets = s.n_targets ? targets : NULL;
    char *passphrase = NULL;
    if (options_has(options, OPTION_PASSPHRASE_FILE))
        passphrase = cli_passphrase(options, false, &failed);
    if (failed)
        return EXIT_FAILED;
    int status = cli_exit_status(
        bauta_private_key_read(&key, options_get(options, OPTION_KEY), passphrase, s.log));
    cli_free_passphrase(&passphrase);
    if (!status) {
        s.key = key;
        s.progress = cli_progress;
        status = cli_exit_status(bauta_recover_file(&result, &s));
        cli_progress_done();
        if (!status) {
            status = warn(&result, s.input);
            if (!options_has(options, OPTION_QUIET))
                say(&result, s.output);
        }
    }
    bauta_private_key_free(&key);
    return status;
}

static const enum option_id known[] = {OPTION_KEY,     OPTION_PASSPHRASE_FILE, OPTION_TARGET,
                                       OPTION_CLASS,   OPTION_SINCE,           OPTION_UNTIL,
                                       OPTION_CRF,     OPTION_LOSSLESS,        OPTION_CODEC,
                                       OPTION_PRESET,  OPTION_FORMAT,          OPTION_NO_AUDIO,
                                       OPTION_THREADS, OPTION_QUIET,           N_OPTIONS};

const struct command command_recover = {
    "recover",
    "--key FILE.key [OPTIONS] IN OUT",
    "Brings the originals back: all of them, or those asked for; everybody else stays hidden.",
    2,
    known,
    run,
};
