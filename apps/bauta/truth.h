/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRUTH_H
#define TRUTH_H

#include <stdbool.h>

/* One person in one picture, as somebody marked it by hand. */
struct truth_box {
    unsigned long picture; /* from 0 */
    long id;
    double x, y, w, h; /* pixels */
};

struct truth {
    struct truth_box *boxes; /* sorted by picture, then id */
    int n_boxes;
};

/*
 * Reads ground truth as the MOT challenge writes it (motchallenge.net): rows
 * `frame,id,x,y,w,h,confidence,class,visibility`, all counted from 1; rows with confidence 0 or
 * another class than 1 do not count. Or rows `frame,id,x,y,w,h,class,visibility` under a row of
 * names, with x and y from 0 and the class "person". False, having said which line is wrong.
 */
bool truth_read(struct truth *truth, const char *path);
void truth_clear(struct truth *truth);

#endif
