/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include <stdbool.h>

/* The command line of another program of ours. */
struct words {
    char *list[128]; /* copies; the first is the program's name; ends with NULL */
    int n;
    bool failed; /* too many, or no memory */
};

void words_init(struct words *words, const char *name);
void words_add(struct words *words, const char *word);
/* "--name" and its value */
void words_add_option(struct words *words, const char *name, const char *value);

/* Runs it in place of this one: the program beside it, the one that was installed, or one in $PATH.
 * Comes back only if it is not to be found, having said so, with the exit status. */
int run_program(struct words *words);

#endif
