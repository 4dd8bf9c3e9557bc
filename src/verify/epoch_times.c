/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/epoch_times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double rounding_s = 0.002; /* by two containers of a millisecond each */
static const double longest_tick_s = 0.02;
static const double drift = 1e-4;          /* of two clocks: 50 parts in a million each */
static const double time_of_day_s = 0.001; /* is signed in milliseconds, rounded down */

/* A picture that has both times. */
struct held {
    double signed_s, ahead_s; /* by which the file's time is later */
};

static int by_ahead(const void *a, const void *b)
{
    double x = ((const struct held *)a)->ahead_s, y = ((const struct held *)b)->ahead_s;
    return (x > y) - (x < y);
}

/* Those of the file in which the epoch begins; the others of it are of the next one. */
static size_t gather(struct held *held, const struct bt_signed_epoch *e)
{
    size_t n = 0;
    for (size_t i = 0; i < e->n_units; i++) {
        const struct bt_found_unit *u = &e->units[i];
        if (u->stamp.file == e->units[0].stamp.file && !isnan(u->signed_s) && !isnan(u->stamp.s))
            held[n++] = (struct held){u->signed_s, u->stamp.s - u->signed_s};
    }
    return n;
}

/* From the first to the last of them, and as long as one lasts on average. */
static void measure(struct bt_times_verdict *v, const struct held *held, size_t n)
{
    double first = INFINITY, last = -INFINITY, told_first = INFINITY, told_last = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double told = held[i].signed_s + held[i].ahead_s;
        first = fmin(first, held[i].signed_s);
        last = fmax(last, held[i].signed_s);
        told_first = fmin(told_first, told);
        told_last = fmax(told_last, told);
    }
    double whole = n > 1 ? (double)n / (double)(n - 1) : 0;
    v->signed_s = (last - first) * whole;
    v->told_s = (told_last - told_first) * whole;
}

static void compare(struct bt_times_verdict *v, struct bt_file_clock *clock,
                    const struct bt_signed_epoch *e, struct held *held, size_t n, bool goes_on)
{
    const struct bt_stamp *stamp = &e->units[0].stamp;
    double tolerance_s =
        rounding_s + fmin(stamp->tick_s, longest_tick_s) + (e->manifest.timed ? 0 : time_of_day_s);
    measure(v, held, n);
    qsort(held, n, sizeof(*held), by_ahead);
    struct held middle = held[n / 2]; /* one that is off does not move it */
    if (!clock->known || !goes_on || clock->file != stamp->file)
        *clock = (struct bt_file_clock){true, stamp->file, middle.ahead_s, middle.signed_s};
    for (size_t i = 0; i < n; i++) {
        double off_s = held[i].ahead_s - clock->ahead_s;
        v->faulty |= fabs(off_s) > tolerance_s + drift * fabs(held[i].signed_s - clock->since_s);
        v->off_s = fabs(off_s) > fabs(v->off_s) ? off_s : v->off_s;
    }
    if (v->faulty) /* what comes is held against this, so that a jump is told where it is */
        *clock = (struct bt_file_clock){true, stamp->file, middle.ahead_s, middle.signed_s};
}

enum bauta_status bt_epoch_times_judge(struct bt_times_verdict *verdict,
                                       struct bt_file_clock *clock,
                                       const struct bt_signed_epoch *epoch, bool goes_on)
{
    memset(verdict, 0, sizeof(*verdict));
    if (epoch->n_units == 0)
        return BAUTA_OK;
    struct held *held = malloc(epoch->n_units * sizeof(*held));
    if (!held)
        return BAUTA_ERR_MEMORY;
    size_t n = gather(held, epoch);
    verdict->n_held = n;
    if (n > 0)
        compare(verdict, clock, epoch, held, n, goes_on);
    free(held);
    return BAUTA_OK;
}
