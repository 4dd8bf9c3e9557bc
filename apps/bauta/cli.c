/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;

static void interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void cli_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN}; /* a closed pipe is an error like others */
    sigaction(SIGPIPE, &ignore, NULL);
}

static bool line_open; /* a progress line stands on the terminal */

static void close_line(void)
{
    if (line_open)
        fputs("\r\033[K", stderr);
    line_open = false;
}

static void write_sentence(void *user, enum bauta_log_level level, const char *sentence)
{
    const bool *quiet = user;
    if (level > (*quiet ? BAUTA_LOG_ERROR : BAUTA_LOG_INFO))
        return;
    close_line();
    fprintf(stderr, "bauta: %s%s\n", level == BAUTA_LOG_WARNING ? "warning: " : "", sentence);
}

const struct bauta_log *cli_log(const struct options *options)
{
    static bool quiet;
    static const struct bauta_log log = {write_sentence, &quiet};
    quiet = options_has(options, OPTION_QUIET);
    return &log;
}

int cli_exit_status(enum bauta_status status)
{
    switch (status) {
    case BAUTA_OK:
        return EXIT_DONE;
    case BAUTA_ERR_DENIED:
        return EXIT_DENIED;
    case BAUTA_ERR_TAMPERED:
        return EXIT_TAMPERED;
    case BAUTA_ERR_ARGUMENT:
        return EXIT_USAGE;
    case BAUTA_ERR_MEMORY:
        fputs("bauta: out of memory\n", stderr);
        return EXIT_FAILED;
    case BAUTA_ERR_CANCELLED:
        fputs("bauta: stopped; nothing was written\n", stderr);
        return EXIT_FAILED;
    case BAUTA_ERR_IO:
    case BAUTA_ERR_EXISTS:
    case BAUTA_ERR_FORMAT:
    case BAUTA_ERR_UNSUPPORTED:
    case BAUTA_ERR_LIMIT:
    case BAUTA_ERR_NOT_FOUND:
    case BAUTA_ERR_DETECTOR:
    case BAUTA_ERR_CODEC:
    case BAUTA_ERR_CRYPTO:
        break;
    }
    return EXIT_FAILED;
}

int cli_usage(const struct command *command, const char *problem)
{
    fprintf(stderr, "bauta: %s\nusage: bauta %s %s\n", problem, command->name, command->usage);
    return EXIT_USAGE;
}

bool cli_progress(void *user, const struct bauta_progress *p)
{
    (void)user;
    static double last_s;
    if (p->n_pictures <= 1)
        last_s = 0;
    if (!isatty(STDERR_FILENO) || p->elapsed_s - last_s < 0.25)
        return !interrupted;
    last_s = p->elapsed_s;
    double rate = (double)p->n_pictures / p->elapsed_s;
    line_open = true;
    if (p->n_total > p->n_pictures)
        fprintf(stderr, "\r%llu of %llu pictures, %.1f a second, %.0f s left\033[K",
                (unsigned long long)p->n_pictures, (unsigned long long)p->n_total, rate,
                (double)(p->n_total - p->n_pictures) / rate);
    else
        fprintf(stderr, "\r%llu pictures, %.1f a second\033[K", (unsigned long long)p->n_pictures,
                rate);
    return !interrupted;
}

void cli_progress_done(void)
{
    close_line();
}

bool cli_parse_mask(unsigned *classes, const char *text)
{
    static const struct {
        const char *name;
        unsigned classes;
    } masks[] = {{"face", BAUTA_MASK_FACE}, {"body", BAUTA_MASK_BODY}, {"both", BAUTA_MASK_BOTH}};
    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
        if (strcmp(text, masks[i].name) == 0) {
            *classes = masks[i].classes;
            return true;
        }
    return false;
}

bool cli_parse_codec(enum bauta_codec *codec, const char *text)
{
    bool h265 = strcmp(text, "h265") == 0;
    *codec = h265 ? BAUTA_CODEC_H265 : BAUTA_CODEC_H264;
    return h265 || strcmp(text, "h264") == 0;
}

bool cli_parse_time(double *seconds, const char *text)
{
    double parts[3];
    int n = 0;
    for (;;) {
        char *end;
        parts[n++] = strtod(text, &end);
        if (end == text || parts[n - 1] < 0 || (*end && *end != ':') || (*end && n == 3))
            return false;
        if (!*end)
            break;
        text = end + 1;
    }
    *seconds = 0;
    for (int i = 0; i < n; i++)
        *seconds = *seconds * 60 + parts[i];
    return *seconds < 1e9;
}
