/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H

#include <jansson.h>

#include "cli.h"

/* A line of the report: what was found of one kind, in epochs that follow one another. */
struct verify_line {
    struct bauta_finding f;
    uint32_t last_epoch;
};

struct verify_report {
    json_t *list; /* with --json */
    struct verify_line *lines;
    size_t n_lines, n_allocated;
    uint64_t n_pictures[BAUTA_N_FINDINGS];   /* of each kind */
    uint64_t n_findings[BAUTA_N_FINDINGS];   /* how many there were */
    bool at_least;                           /* of epochs that are missing more may be */
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE]; /* of the first */
    json_t *not_covered;                     /* strings */
    int n_besides; /* of these, that show pictures which are not signed, or not all */
    bool failed;   /* no memory */
};

/* False without memory; clear it all the same. */
bool verify_report_init(struct verify_report *report, bool json);
void verify_report_clear(struct verify_report *report);

/* Callbacks of a verifier; `report` is one. */
void verify_report_take(void *report, const struct bauta_finding *finding);
void verify_report_take_not_covered(void *report, const char *what, bool pictures);

/* "; pictures cut out; tail cut off", and "sound (aac), chapters (3)" behind `before`; or nothing.
 */
void verify_report_kinds(char *text, size_t size, const struct verify_report *report);
void verify_report_not_covered(char *text, size_t size, const struct verify_report *report,
                               const char *before);

/* "authentic", or what else it is; `open`: but for what only another file could sign. */
const char *verify_report_verdict(bool authentic, bool open);
/* One line, for one of many. */
void verify_report_say(char *said, const struct verify_report *report,
                       const struct bauta_verification *v, bool truncated);
void verify_report_print(const struct verify_report *report, const struct bauta_verification *v,
                         bool truncated, const char *path);
/* `one_of_many`: in one line. */
void verify_report_print_json(const struct verify_report *report,
                              const struct bauta_verification *v, bool truncated, const char *path,
                              bool one_of_many);
/* Why the exit status is not 0. */
void verify_report_say_why(const struct verify_report *report, const struct bauta_verification *v,
                           bool truncated, const char *path);
/* The exit status; `authentic`: no fault was found, and the file is whole. */
int verify_report_status(const struct verify_report *report, bool authentic);

#endif
