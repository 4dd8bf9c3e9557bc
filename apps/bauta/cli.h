/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_H
#define CLI_H

#include <bauta/file.h>

#include "options.h"
#include "say.h"

/* Exit statuses of every command. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_FAILED = 1,
    EXIT_USAGE = 2,
    EXIT_DENIED = 3,
    EXIT_TAMPERED = 4,
    EXIT_INCOMPLETE = 5 /* done, but some pictures could not be recovered */
};

extern const struct command command_key, command_group, command_protect, command_recover,
    command_inspect, command_verify, command_grant, command_approve, command_show, command_detect,
    command_score, command_export, command_rewrap, command_erase, command_lock, command_audit_list,
    command_audit_export, command_audit_verify, command_audit_head, command_live, command_view;

/* Sentences go to stderr; with --quiet only errors and warnings. */
const struct bauta_log *cli_log(const struct options *options);
int cli_exit_status(enum bauta_status status);
/* Says what was wrong with the command line; gives EXIT_USAGE. */
int cli_usage(const struct command *command, const char *problem);
/* Whether an option is given that a command cannot do without; says which one is not. */
bool cli_needs(const struct command *command, const struct options *options, enum option_id id);
/* A progress line on a terminal: pictures, pictures per second, time left. Stops the run after an
 * interrupt, so that no half output stays. */
bool cli_progress(void *user, const struct bauta_progress *progress);
void cli_progress_done(void);
/* What the progress line begins with, cut if it is long; NULL (at first): nothing. */
void cli_progress_name(const char *name);
/* After SIGINT, SIGTERM, SIGHUP or SIGQUIT the run stops at the next picture; where there is none
 * it ends within a second all the same, and so it does at the second signal. */
void cli_catch_interrupts(void);
bool cli_interrupted(void);
/* Says what went wrong, as the log does. */
void cli_error(const char *sentence);
/* Puts the sentences of errors into `text`, one after the other, instead of printing them; NULL:
 * prints them again. */
void cli_hold_errors(char *text, size_t size);

/* The passphrase for a key: from the file that option `file` names, or asked for on the terminal,
 * by `prompt`; without that twice, for a new key. NULL if there is none; gives the exit status, by
 * which that may be an error. Free with cli_free_passphrase(). */
int cli_passphrase(char **passphrase, const struct options *options, enum option_id file,
                   const char *prompt);
void cli_free_passphrase(char **passphrase);

/* Keys that options name; they give the exit status. The private key of --key, */
int cli_read_private_key(struct bauta_private_key **key, const struct options *options);
/* that of --sign (NULL if it is not given), */
int cli_read_signing_key(struct bauta_signing_key **key, const struct options *options);
/* and the public ones of --signer, room for MAX_VALUES. */
int cli_read_signers(struct bauta_signer **signers, const struct options *options);
/* The grant of --grant, NULL if it is not given. */
int cli_read_grant(struct bauta_grant **grant, const struct options *options);
/* Whether a file holds a group of recipients. */
bool cli_is_group(const char *path);

/* "face", "body", "both" into a set of classes; false if it is none of them. */
bool cli_parse_mask(unsigned *classes, const char *text);
bool cli_parse_codec(enum bauta_codec *codec, const char *text);
/* Seconds, or [HH:]MM:SS. */
bool cli_parse_time(double *seconds, const char *text);
/* A day and time in UTC, 2026-11-24T10:00:00Z, as milliseconds since 1970-01-01. */
bool cli_parse_utc(uint64_t *utc_ms, const char *text);
/* The way back; `text` has room for 32. */
const char *cli_print_utc(char *text, uint64_t utc_ms);
uint64_t cli_now_ms(void);
/* --target and --class; they say what is wrong. Room for MAX_VALUES targets. The whole picture is
 * none without --whole-picture. */
bool cli_parse_targets(uint32_t *targets, int *n_targets, const struct command *command,
                       const struct options *options, enum option_id id);
bool cli_parse_classes(unsigned *classes, const struct command *command,
                       const struct options *options);

/* --on-size-change; it says what is wrong. */
bool cli_parse_size_change(enum bauta_size_change *change, const struct command *command,
                           const struct options *options);

#endif
