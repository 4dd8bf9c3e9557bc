/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_TRUTH_H
#define BT_TESTS_TRUTH_H

#include <stdbool.h>

#include "base/sighting.h"

/*
 * Where people really are, and how well they are hidden. A ground truth file has lines
 * `frame,id,x,y,w,h,...` (frame from 1, pixels) below one line of names. A head is taken to be the
 * top 15 % of a person's box in the middle half of its width; it counts as hidden when at least 60
 * % of its pixels are.
 */
enum { TRUTH_MOST = 8192, TRUTH_MOST_PEOPLE = 256 };

struct truth {
    struct truth_person {
        int picture, id; /* picture from 0 */
        struct bt_box box;
    } people[TRUTH_MOST];
    int n_people;
};

struct coverage {
    int n_pictures;
    int n_heads, n_hidden;
    int n_clear;                   /* heads of which more than nine tenths are in the clear */
    double hidden_area, true_area; /* pixels of regions and of people's boxes, each pixel once */
    int n_people_of[TRUTH_MOST_PEOPLE], n_hidden_of[TRUTH_MOST_PEOPLE]; /* by id */
};

/* $BAUTA_SHARED/`name`, or NULL if there is no such variable. The caller's until the next call. */
const char *truth_path(const char *name);
bool truth_read(struct truth *truth, const char *path);
/* Adds what `out` hides of the people in picture number `picture`, `width` x `height` pixels. */
void coverage_add(struct coverage *coverage, const struct truth *truth,
                  const struct bt_sightings *out, int picture, int width, int height);
/* Share of heads hidden; of people whose head is hidden in every picture; hidden area per true
 * area. */
double coverage_heads(const struct coverage *coverage);
double coverage_people(const struct coverage *coverage);
double coverage_area(const struct coverage *coverage);

#endif
