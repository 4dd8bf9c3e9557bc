/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PEOPLE_H
#define PEOPLE_H

#include <jansson.h>

#include "cli.h"

/* Those who were asked for by number, as a command met them. A number is a run's own: in files
 * that were joined it can be two people. Starts from `{0}` with the first two set. */
struct people {
    const uint32_t *targets;
    int n_targets;
    struct bauta_met_person *items;
    size_t n, n_allocated;
    bool failed; /* no memory: nothing of this counts */
};

/* Notes one, each stream and target once; `user` is the people. */
void people_note(void *user, const struct bauta_met_person *person);
bool people_have(const struct people *people, uint32_t target);
/* Says which number is in more than one run, and in which; false if there is such a
 * one. */
bool people_are_one_each(const struct people *people, const char *in);
/* An array for a certificate, with what was counted under the name `counted`; NULL without memory.
 */
json_t *people_json(const struct people *people, const char *counted);
void people_clear(struct people *people);

#endif
