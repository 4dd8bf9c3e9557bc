/* SPDX-License-Identifier: Apache-2.0 */
#include "cli.h"

#include <errno.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/time.h>

#include <bauta/work_file.h>

#include "printable.h"

enum { GRACE_US = 600 * 1000 }; /* a run that looks for it ends by itself within this time */

static volatile sig_atomic_t interrupted;

/* The run did not end by itself: its input waits, or a key is derived. Nothing of it stays. */
static void end(int signal_number)
{
    static const char sentence[] = "bauta: stopped; what was not complete is gone\n";
    (void)signal_number;
    bauta_work_files_abandon();
    ssize_t written = write(STDERR_FILENO, sentence, sizeof(sentence) - 1);
    (void)written;
    _exit(EXIT_FAILED);
}

static void interrupt(int signal_number)
{
    const struct itimerval grace = {.it_value = {.tv_usec = GRACE_US}};
    if (interrupted)
        end(signal_number);
    interrupted = 1;
    setitimer(ITIMER_REAL, &grace, NULL);
}

void cli_catch_interrupts(void)
{
    static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    struct sigaction before, action = {.sa_handler = interrupt}, late = {.sa_handler = end};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) /* nohup */
            sigaction(ends[i], &action, NULL);
    sigaction(SIGALRM, &late, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN}; /* a closed pipe is an error like others */
    sigaction(SIGPIPE, &ignore, NULL);
}

bool cli_interrupted(void)
{
    return interrupted != 0;
}

static struct {
    char *text;
    size_t size;
} held;

void cli_hold_errors(char *text, size_t size)
{
    held.text = text;
    held.size = size;
    if (text)
        *text = '\0';
}

void cli_error(const char *text)
{
    char sentence[2048];
    printable(sentence, sizeof(sentence), text);
    flockfile(stderr); /* several threads may come here */
    if (held.text) {
        size_t used = strlen(held.text);
        snprintf(held.text + used, held.size - used, "%s%s", used ? "; " : "", sentence);
    } else {
        cli_say("%s", sentence);
    }
    funlockfile(stderr);
}

static void write_sentence(void *user, enum bauta_log_level level, const char *sentence)
{
    const bool *quiet = user;
    if (level > (*quiet ? BAUTA_LOG_WARNING : BAUTA_LOG_INFO))
        return;
    if (level == BAUTA_LOG_ERROR) {
        cli_error(sentence);
        return;
    }
    if (level == BAUTA_LOG_WARNING)
        cli_warn("%s", sentence);
    else
        cli_say("%s", sentence);
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
        cli_error("out of memory");
        return EXIT_FAILED;
    case BAUTA_ERR_CANCELLED:
        cli_error("stopped; nothing was written");
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
    cli_say("%s", problem);
    fprintf(stderr, "usage: bauta %s %s\n", command->name, command->usage);
    return EXIT_USAGE;
}

bool cli_needs(const struct command *command, const struct options *options, enum option_id id)
{
    char problem[128];
    if (options_has(options, id))
        return true;
    const bool output = strcmp(options_name(id), "output") == 0;
    snprintf(problem, sizeof(problem), "%s needs %s%s", command->name, output ? "-o" : "--",
             output ? "" : options_name(id));
    cli_usage(command, problem);
    return false;
}

static char progress_name[80];

void cli_progress_name(const char *name)
{
    char text[sizeof(progress_name) - 2];
    if (name)
        snprintf(progress_name, sizeof(progress_name), "%s: ", printable(text, sizeof(text), name));
    else
        *progress_name = '\0';
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
    say_line_stands();
    if (p->n_total > p->n_pictures)
        fprintf(stderr, "\r%s%llu of %llu pictures, %.1f a second, %.0f s left\033[K",
                progress_name, (unsigned long long)p->n_pictures, (unsigned long long)p->n_total,
                rate, (double)(p->n_total - p->n_pictures) / rate);
    else
        fprintf(stderr, "\r%s%llu pictures, %.1f a second\033[K", progress_name,
                (unsigned long long)p->n_pictures, rate);
    return !interrupted;
}

void cli_progress_done(void)
{
    say_clear_line();
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

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01 of a day of the Gregorian calendar; years from 1970 on. */
static int64_t count_days(int year, int month, int day)
{
    static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int64_t last = year - 1;
    return (year - 1970) * INT64_C(365) + (last / 4 - last / 100 + last / 400) - 477 +
           before[month - 1] + (is_leap(year) && month > 2) + day - 1;
}

bool cli_parse_utc(uint64_t *utc_ms, const char *text)
{
    int year, month, day, hour, minute, second, length = 0;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &year, &month, &day, &hour, &minute, &second,
               &length) != 6 ||
        length == 0 || text[length] || year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > days_of(year, month) || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 60)
        return false;
    int64_t seconds =
        count_days(year, month, day) * 86400 + hour * 3600 + minute * INT64_C(60) + second;
    *utc_ms = (uint64_t)seconds * 1000;
    return true;
}

const char *cli_print_utc(char *text, uint64_t utc_ms)
{
    time_t seconds = (time_t)(utc_ms / 1000);
    struct tm utc;
    if (utc_ms == 0 || !gmtime_r(&seconds, &utc) ||
        strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        strcpy(text, "-");
    return text;
}

uint64_t cli_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool cli_parse_targets(uint32_t *targets, int *n_targets, const struct command *command,
                       const struct options *options, enum option_id id)
{
    bool whole = false;
    for (int i = 0; i < options->n_values[id]; i++) {
        char *end;
        const char *text = options->values[id][i];
        errno = 0;
        unsigned long long number = strtoull(text, &end, 10);
        if (end == text || *end || *text == '-' || errno || number > UINT32_MAX)
            return cli_usage(command, "a target is the number of a person, as inspect lists them"),
                   false;
        whole |= number == BAUTA_TARGET_WHOLE_PICTURE;
        targets[(*n_targets)++] = (uint32_t)number;
    }
    if (whole && !options_has(options, OPTION_WHOLE_PICTURE))
        return cli_usage(command, "target 0 is the whole picture, with everybody in it: if it is "
                                  "meant, say --whole-picture, too"),
               false;
    if (!whole && options_has(options, OPTION_WHOLE_PICTURE))
        return cli_usage(command, "--whole-picture goes with target 0"), false;
    return true;
}

bool cli_parse_classes(unsigned *classes, const struct command *command,
                       const struct options *options)
{
    for (int i = 0; i < options->n_values[OPTION_CLASS]; i++) {
        int class_ = BAUTA_CLASS_FACE;
        while (class_ <= BAUTA_CLASS_BODY &&
               strcmp(options->values[OPTION_CLASS][i], bauta_class_name((enum bauta_class)class_)))
            class_++;
        if (class_ > BAUTA_CLASS_BODY)
            return cli_usage(command, "--class is face, head or body"), false;
        *classes = (i ? *classes : 0) | 1u << class_;
    }
    return true;
}

bool cli_parse_size_change(enum bauta_size_change *change, const struct command *command,
                           const struct options *options)
{
    static const char *const names[] = {[BAUTA_SIZE_CHANGE_SPLIT] = "split",
                                        [BAUTA_SIZE_CHANGE_SCALE] = "scale",
                                        [BAUTA_SIZE_CHANGE_STOP] = "stop"};
    const char *name = options_get(options, OPTION_ON_SIZE_CHANGE);
    for (int i = 0; name && i <= BAUTA_SIZE_CHANGE_STOP; i++) {
        if (strcmp(name, names[i]) == 0) {
            *change = (enum bauta_size_change)i;
            return true;
        }
    }
    if (name)
        cli_usage(command, "--on-size-change is split, scale or stop");
    return !name;
}
