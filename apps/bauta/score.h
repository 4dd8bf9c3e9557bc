/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCORE_H
#define SCORE_H

#include <stdint.h>
#include <stdio.h>

#include <bauta/target.h>
#include <bauta/view.h>

#include "truth.h"

/* A head is the top 15 % of a person's box, as it is shown, in the middle half of its width; an
 * area counts as hidden when 60 % of its pixels are, and as clear when less than 10 % are. */

/* Heights of people, pixels, that are told apart. */
enum { SCORE_HEIGHTS = 5 };
extern const int score_heights[SCORE_HEIGHTS]; /* the least of each */

/* One person over all pictures. */
struct score_person {
    long id;
    int n_boxes, n_hidden;   /* pictures; those in which the head is hidden */
    int run, longest_run;    /* pictures one after the other in which it is not */
    unsigned long last_seen; /* picture */
    uint32_t target;         /* that hid this person last; 0: none yet */
};

struct score {
    struct score_person *people;
    int n_people;
    uint64_t n_pictures, n_left_out; /* boxes of truth in pictures that the report does not have */
    uint64_t n_boxes, n_hidden_heads, n_clear_heads, n_hidden_boxes, n_switches;
    uint64_t n_boxes_of[SCORE_HEIGHTS], n_hidden_of[SCORE_HEIGHTS]; /* heads, by height */
    double masked_area, true_area; /* pixels, each once a picture */
    uint8_t *pixels;               /* of the picture at hand */
    int width, height;
};

/* People of the truth, from `{0}`. False without memory. */
bool score_begin(struct score *score, const struct truth *truth);
/* Adds a picture with its `n_boxes` people, in stored pixels; `view`: how it is shown. False
 * without memory. */
bool score_add(struct score *score, int width, int height, const struct bauta_view *view,
               const struct truth_box *boxes, int n_boxes, const struct bauta_region *regions,
               int n_regions);
void score_clear(struct score *score);

void score_print(FILE *to, const struct score *score);
void score_print_json(FILE *to, const struct score *score);

#endif
