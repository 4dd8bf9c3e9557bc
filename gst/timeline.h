/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TIMELINE_H
#define TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Makes of running times, which may jump back, the times that a protector wants, which only grow;
 * microseconds both. One picture that goes back is a fault of the source, and dropped. When they
 * stay behind for two seconds, or a jump was announced, time goes on from there. For those who
 * come after, who want times that grow too, an unannounced jump is made up for by `shift`. A pause
 * is kept, however long it is: others in the pipeline, such as sound, keep it too.
 */
struct timeline {
    bool started, may_jump, may_pause, behind;
    int64_t offset, last;
    int64_t behind_since; /* running time of the first picture that was behind */
    int64_t shift; /* what running times are moved by, because they have gone back unannounced */
    int64_t ahead; /* by how much the last picture lies ahead of the one before it, if that is
                      more than a minute and nobody has announced it; else 0 */
    uint64_t n_faults;
};

/* A jump may come: after a flush, a new segment, or new caps. */
void timeline_expect_jump(struct timeline *timeline);
/* A pause may come: the source has said that it has nothing for a while, or that it begins anew. */
void timeline_expect_pause(struct timeline *timeline);
/* After a flush running times begin anew for everybody. */
void timeline_flush(struct timeline *timeline);
/* The pts of a picture shown at `running_us`; false: drop it. */
bool timeline_place(struct timeline *timeline, int64_t *pts, int64_t running_us);

#endif
