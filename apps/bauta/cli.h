/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_H
#define CLI_H

#include <bauta/file.h>

#include "options.h"

/* Exit statuses of every command. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_DENIED = 3,
    EXIT_TAMPERED = 4,
    EXIT_INCOMPLETE = 5 /* done, but some pictures could not be recovered */
};

extern const struct command command_key, command_protect, command_recover, command_inspect,
    command_detect, command_score;

/* Sentences go to stderr; with --quiet only errors. */
const struct bauta_log *cli_log(const struct options *options);
int cli_exit_status(enum bauta_status status);
/* Says what was wrong with the command line; gives EXIT_USAGE. */
int cli_usage(const struct command *command, const char *problem);
/* A progress line on a terminal: pictures, pictures per second, time left. Stops the run after an
 * interrupt, so that no half output stays. */
bool cli_progress(void *user, const struct bauta_progress *progress);
void cli_progress_done(void);
/* Stops at the next picture after SIGINT or SIGTERM. */
void cli_catch_interrupts(void);

/* The passphrase for a key: from the file named, or asked for on the terminal (twice if `new_`).
 * NULL if there is none; *failed tells whether that is an error.
 * Free with cli_free_passphrase(). */
char *cli_passphrase(const struct options *options, bool new_, bool *failed);
void cli_free_passphrase(char **passphrase);

/* "face", "body", "both" into a set of classes; false if it is none of them. */
bool cli_parse_mask(unsigned *classes, const char *text);
bool cli_parse_codec(enum bauta_codec *codec, const char *text);
/* Seconds, or [HH:]MM:SS. */
bool cli_parse_time(double *seconds, const char *text);

#endif
