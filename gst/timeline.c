/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline.h"

static const int64_t patience_us = 2000000; /* with a source whose time stays behind */
static const int64_t step_us = 40000; /* between the last picture and the first after a jump */

void timeline_expect_jump(struct timeline *t)
{
    t->may_jump = true;
}

/* Whether time has stayed behind for so long that it is the new time. */
static bool stays_behind(struct timeline *t, int64_t running_us)
{
    t->n_faults++;
    if (!t->behind || running_us < t->behind_since)
        t->behind_since = running_us;
    t->behind = true;
    return running_us - t->behind_since >= patience_us;
}

bool timeline_place(struct timeline *t, int64_t *pts, int64_t running_us)
{
    int64_t at = running_us + t->offset;
    if (t->started && at <= t->last) {
        if (!t->may_jump && !stays_behind(t, running_us))
            return false;
        t->offset = t->last + step_us - running_us;
        at = t->last + step_us;
    }
    t->started = true;
    t->may_jump = t->behind = false;
    t->last = *pts = at;
    return true;
}
