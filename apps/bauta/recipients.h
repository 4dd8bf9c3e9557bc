/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECIPIENTS_H
#define RECIPIENTS_H

#include "cli.h"

/* Those that --recipient names: FILE.pub or FILE.group, perhaps with times,
 * "FILE.pub,from=T,until=T". */
struct recipients {
    struct recipient {
        struct bauta_public_key *key; /* or */
        struct bauta_group *group;
        double from_s, until_s; /* in the file; from 0 to infinity if no time is given */
        const char *text;       /* as it was given */
        bool now;               /* counted in the lists below */
        bool met;               /* was so when an epoch of this recording began */
    } items[MAX_VALUES];
    int n_items;
    bool timed;
    const struct bauta_public_key *keys[MAX_VALUES];
    const struct bauta_group *groups[MAX_VALUES];
    int n_keys, n_groups;
};

/* Reads them all. Gives the exit status; clear whatever it gives. */
int recipients_read(struct recipients *r, const struct command *command,
                    const struct options *options);
/* Another recording begins, at 0. */
void recipients_begin(struct recipients *r);
/* An epoch begins, for those whose time it is. */
void recipients_meet(struct recipients *r);
/* Warns of those whose time did not come in the recording; false if there is such a one. */
bool recipients_are_met(const struct recipients *r, const char *in);
/* Fills the lists with those whose time it is at `seconds`. Whether they are others than before. */
bool recipients_at(struct recipients *r, double seconds);
void recipients_clear(struct recipients *r);

#endif
