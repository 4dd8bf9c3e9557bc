/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPORT_PEOPLE_H
#define EXPORT_PEOPLE_H

#include <jansson.h>

#include "people.h"

/* What an export shows of one person, or of pictures that were hidden whole (target 0). */
struct export_person {
    /* Whose number it is; zeros if nobody was met who has it. */
    uint8_t stream[BAUTA_STREAM_ID_SIZE];
    uint32_t target;
    bool asked;
    uint64_t n_regions[BAUTA_REVEAL_BROKEN + 1]; /* by what became of them */
    uint64_t n_pictures, n_clear; /* in which they are, and with all that is there of them shown */
    uint64_t n_in_part;           /* in which somebody who is shown stands before their mask */
    uint64_t last_picture;        /* plus one; the last one that had them, */
    uint64_t last_clear;          /* and the last one that showed them */
    bool all, in_part;            /* the same of the picture at hand */
    json_t *spans;                /* [from, to] in seconds, of pictures that follow one another */
};

struct export_people {
    struct people asked;         /* and those of them who were met */
    struct export_person *items; /* by target and stream, rising */
    size_t n, n_allocated;
    bool failed; /* no memory: nothing of this counts */
};

/* Notes those who are to be clear; the numbers stay the caller's. */
void export_people_ask(struct export_people *people, const uint32_t *targets, int n_targets);
/* Counts a picture, in the order in which they are shown. */
void export_people_count(struct export_people *people, uint64_t picture, double time_s,
                         const struct bauta_reveal_report *report);
/* Says for each person who was to be clear what of them is not, and who else is seen. Gives
 * EXIT_DONE only if all of them are clear wherever they are, no picture is hidden whole, and each
 * number is one person's. */
int export_people_judge(struct export_people *people, const char *in);
/* For the report, a new array; NULL without memory. */
json_t *export_people_json(const struct export_people *people);
void export_people_clear(struct export_people *people);

#endif
