/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BATCH_H
#define BATCH_H

#include <jansson.h>

#include "cli.h"

enum { BATCH_SAID = 1024 };

/*
 * A command that takes one file, or many and folders. Of many it says one line each, goes on after
 * a failure, passes over what is done already, and says at the end what failed. A command that
 * makes files takes IN and OUT, or any number of IN and -o DIR; the others any number of IN.
 */
struct batch {
    const struct command *command;
    const struct options *options;
    bool makes;                     /* an output of each input */
    const enum option_id *one_only; /* options that make no sense for many; N_OPTIONS ends them */
    void *user;
    /* Does one file: `one` has IN, and OUT, as its arguments. Gives the exit status. `said`: of
     * many; fill it with what became of the file, as "protected, 3 people" (cut at BATCH_SAID), and
     * print no result, or with --json one line; leave it empty if there is none, and an error was
     * said. NULL: alone; print all. */
    int (*one)(void *user, const struct options *one, char *said);
    /* Whether a file is what this command makes; NULL: nobody can tell. */
    bool (*is_made)(const char *path);
    /* Whether nothing that comes of `in` is missing beside `out`, which is there; NULL: nothing
     * comes but that. */
    bool (*is_all)(void *user, const char *in, const char *out);
};

/* Says what is wrong with the arguments, before anything is read; gives the exit status. */
int batch_check(const struct batch *batch);
/* Does them all. The exit status: of one file its own; of many 0 all done, 5 some failed or are
 * incomplete, and if none is done, what all of them have in common, or 1. */
int batch_run(const struct batch *batch);
/* Prints a result as JSON; of many files on one line that begins with the file's name, else `file`
 * is NULL. Takes `result`, which may be NULL. */
void batch_print_json(json_t *result, const char *file);

#endif
