/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Makes of running times, which may jump back, the times that a protector wants, which only grow;
 * microseconds both. One picture that goes back is a fault of the source, and dropped. When they
 * stay behind for two seconds, or a jump was announced, time goes on from there. For those who
 * come after, who want times that grow too, an unannounced jump is made up for by `shift`.
 */
struct timeline {
    bool started, may_jump, behind;
    int64_t offset, last;
    int64_t behind_since; /* running time of the first picture that was behind */
    int64_t shift; /* what running times are moved by, because they have gone back unannounced */
    uint64_t n_faults;
};

/* A jump may come: after a flush, a new segment, or new caps. */
void timeline_expect_jump(struct timeline *timeline);
/* After a flush running times begin anew for everybody. */
void timeline_flush(struct timeline *timeline);
/* The pts of a picture shown at `running_us`; false: drop it. */
bool timeline_place(struct timeline *timeline, int64_t *pts, int64_t running_us);

#endif
