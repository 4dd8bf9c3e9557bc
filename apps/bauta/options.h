/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <bauta/setting.h>
#include <stdbool.h>
#include <stdio.h>

enum { MAX_VALUES = 32, MAX_OPTIONS = 96 };
enum { SOME_ARGUMENTS = -1 }; /* one or more; the command says itself how many */

/* One option; the table of all of them is in options.c. */
enum option_id {
    OPTION_RECIPIENT,
    OPTION_HOLDER, /* of a grant */
    OPTION_KEY,
    OPTION_PASSPHRASE_FILE,
    OPTION_NO_PASSPHRASE,
    OPTION_SIGNING,
    OPTION_SIGN,
    OPTION_SIGN_PASSPHRASE_FILE,
    OPTION_SIGNER,
    OPTION_ROTATE,
    OPTION_BEGAN,
    OPTION_GRANT,
    OPTION_GROUP,
    OPTION_MEMBERS,
    OPTION_THRESHOLD,
    OPTION_REASON,
    OPTION_CASE,
    OPTION_EXPIRES,
    OPTION_OUTPUT,
    OPTION_OUTPUT_FOLDER,
    OPTION_FORCE,
    OPTION_MODE,
    OPTION_CLEAR,
    OPTION_WHOLE_PICTURE,
    OPTION_ADD,
    OPTION_REMOVE,
    OPTION_EVERYTHING,
    OPTION_HEAD,
    OPTION_AUDIT,
    OPTION_MASK,
    OPTION_LOOKAHEAD,
    OPTION_DETECT_EVERY,
    OPTION_ALWAYS,
    OPTION_NEVER,
    OPTION_TURN,
    OPTION_ASPECT,
    OPTION_FACE_SCORE,
    OPTION_BODY_SCORE,
    OPTION_FACE_PADDING,
    OPTION_BODY_PADDING,
    OPTION_HOLD,
    OPTION_STYLE,
    OPTION_BLOCKS,
    OPTION_EPSILON,
    OPTION_CODEC,
    OPTION_CRF,
    OPTION_PRESET,
    OPTION_ENCODER,
    OPTION_ENCODER_OPTIONS,
    OPTION_GOP,
    OPTION_OBJECT_CODEC,
    OPTION_RECOVERY,
    OPTION_RECOVERY_CRF,
    OPTION_REGIONS,
    OPTION_REPORT,
    OPTION_REPORT_READ, /* what protect's wrote */
    OPTION_TRUTH,
    OPTION_AUDIO,
    OPTION_NO_AUDIO,
    OPTION_KEEP_TAGS,
    OPTION_KEEP_SUBTITLES,
    OPTION_FORMAT,
    OPTION_TRACK,
    OPTION_TRACK_OR_ALL, /* of protect */
    OPTION_TARGET,
    OPTION_CLASS,
    OPTION_SINCE,
    OPTION_UNTIL,
    OPTION_SINCE_UTC, /* of grant, which knows both */
    OPTION_UNTIL_UTC,
    OPTION_LOSSLESS,
    OPTION_THREADS,
    OPTION_THREADS_SHOWING,   /* of recover, which has no detector */
    OPTION_THREADS_DETECTING, /* of detect, which has nothing else */
    OPTION_ON_SEAL_FAILURE,
    OPTION_ON_SIZE_CHANGE,
    OPTION_BODY_MODEL,
    OPTION_FACE_MODEL,
    OPTION_BODY_FAMILY,
    OPTION_FACE_FAMILY,
    OPTION_ON_DETECTOR_FAILURE,
    OPTION_DATA,
    OPTION_CONFIG,
    OPTION_CHECK_CONFIG,
    OPTION_LISTEN,
    OPTION_CERTIFICATE,
    OPTION_PRIVATE_KEY,
    OPTION_USER,
    OPTION_PASSWORD_FILE,
    OPTION_OPEN,
    OPTION_JSON,
    OPTION_MOT,
    OPTION_QUIET,
    OPTION_HELP,
    N_OPTIONS
};

/* What a command line says. Strings point into argv. */
struct options {
    const char *values[N_OPTIONS][MAX_VALUES]; /* of an option without a value: its name */
    int n_values[N_OPTIONS];
    char **arguments; /* what is not an option, however many: the front of argv */
    int n_arguments;
    char problem[256]; /* empty if all is well */
};

struct command {
    const char *name, *usage, *purpose;
    int n_arguments;               /* how many it takes, or SOME_ARGUMENTS */
    const enum option_id *options; /* it knows, N_OPTIONS ends the list */
    int (*run)(const struct options *options);
};

/* Reads `argv` of `argc` for a command, and moves its arguments to the front; else pure. False with
 * `problem` set if it is not right. */
bool options_parse(struct options *options, const struct command *command, int argc, char **argv);
bool options_has(const struct options *options, enum option_id id);
/* The last value given, NULL if there is none. */
const char *options_get(const struct options *options, enum option_id id);
/* Reads a number that other doors have, too: bauta/setting.h. False, having said why, if it is none
 * or out of range. */
bool options_setting(const struct options *options, enum option_id id, double *value,
                     enum bauta_setting_id setting);
/* A number within [least, most] into `*value`, which stays if the option was not given. */
bool options_number(const struct options *options, enum option_id id, double *value, double least,
                    double most);
/* Its name, without the dashes. */
const char *options_name(enum option_id id);
void options_print_usage(FILE *to, const struct command *command);

#endif
