/* SPDX-License-Identifier: Apache-2.0 */
#include "timeline.h"

static const int64_t patience_us = 2000000; /* with a source whose time stays behind */
static const int64_t pause_us = 60000000;   /* that nobody makes for no reason */
static const int64_t step_us = 40000; /* between the last picture and the first after a jump */

void timeline_expect_jump(struct timeline *t)
{
    t->may_jump = true;
}

void timeline_expect_pause(struct timeline *t)
{
    t->may_pause = true;
}

void timeline_flush(struct timeline *t)
{
    t->may_jump = true;
    t->shift = 0;
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
        const bool announced = t->may_jump;
        if (!announced && !stays_behind(t, running_us))
            return false;
        /* as long after the last one as what was dropped took */
        at = t->last + step_us + (announced ? 0 : running_us - t->behind_since);
        if (!announced)
            t->shift = t->shift + at - (running_us + t->offset);
        t->offset = at - running_us;
    }
    const bool announced = t->may_jump || t->may_pause;
    t->ahead = t->started && !announced && at - t->last > pause_us ? at - t->last : 0;
    t->started = true;
    t->may_jump = t->may_pause = t->behind = false;
    t->last = *pts = at;
    return true;
}
