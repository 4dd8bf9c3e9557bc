/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/timeline.h"

#include <stdlib.h>

/* A time that lies further back is a jump of the clock; a nearer one is a muxer's inaccuracy. */
static const int64_t farthest_back_us = 500000;
static const int64_t shortest_pause_us = 2000000; /* less is no outlier either */
enum { NEAR = 4 }; /* durations of a packet: as far as the next one usually lies */
static const int64_t longest_step_us = INT64_C(1) << 44; /* half a year */

void bt_timeline_init(struct bt_timeline *timeline, int64_t zero_us, int64_t longest_pause_us)
{
    *timeline = (struct bt_timeline){.longest_pause_us = longest_pause_us, .shift_us = -zero_us};
}

void bt_timeline_clear(struct bt_timeline *timeline)
{
    free(timeline->tracks);
    *timeline = (struct bt_timeline){0};
}

static enum bauta_status find_track(struct bt_timeline *t, struct bt_track_clock **clock, int track)
{
    if (track >= t->n_tracks) {
        size_t n = (size_t)track + 1;
        struct bt_track_clock *grown = realloc(t->tracks, n * sizeof(*grown));
        if (!grown)
            return BAUTA_ERR_MEMORY;
        for (int i = t->n_tracks; i <= track; i++)
            grown[i] = (struct bt_track_clock){.started = false};
        t->tracks = grown;
        t->n_tracks = track + 1;
    }
    *clock = &t->tracks[track];
    return BAUTA_OK;
}

/* Whether a packet lies so near the one before that its clock hardly moves, as where samples last
 * one tick of a fine clock: nobody takes a thousand pictures a second. */
static bool stands(const struct bt_track_clock *c, int64_t later_us)
{
    bool crowded = later_us > 0 && later_us < 1000 && later_us < c->step_us / 10;
    return crowded || (later_us <= 0 && later_us > -farthest_back_us);
}

/* Whether a packet may lie `later_us` after the one before. */
static bool follows(const struct bt_timeline *t, const struct bt_track_clock *c, int64_t later_us)
{
    int64_t longest = c->step_us > t->longest_pause_us / 10 ? 10 * c->step_us : t->longest_pause_us;
    return later_us > 0 && later_us <= longest;
}

/* The clock jumped: by as much as another track's did, if that leaves no pause longer than
 * `longest_us`; else so far that the packet follows the last one. */
static void jump(struct bt_timeline *t, struct bt_track_clock *c, int64_t time_us,
                 int64_t longest_us)
{
    int64_t later_us = time_us + t->shift_us - c->last_us;
    if (later_us > longest_us || !follows(t, c, later_us))
        t->shift_us = c->last_us + c->step_us - time_us;
    c->shift_us = t->shift_us;
    c->lent_us = 0;
}

/* Whether the clock is back where it was before it jumped: one time, or some, lay far off. */
static bool is_back(const struct bt_track_clock *c, int64_t time_us, int64_t later_us)
{
    int64_t back_us = time_us + c->before_us - c->last_us;
    bool near = later_us > 0 && later_us <= NEAR * c->step_us;
    return c->n_since < BT_TIMELINE_FORGOTTEN && !near && back_us > 0 &&
           back_us <= NEAR * c->step_us;
}

/* Gives back, out of a pause, what packets without times of their own were put off by. */
static void give_back(struct bt_track_clock *c, int64_t later_us)
{
    int64_t spare = later_us - c->step_us;
    int64_t back = spare < c->lent_us ? spare : c->lent_us;
    if (back > 0) {
        c->lent_us -= back;
        c->shift_us -= back;
    }
}

/* A track begins where the others are, or near it, or before, where tracks are not interleaved:
 * else the clock jumped. Gives by how much. */
static int64_t begin(struct bt_timeline *t, struct bt_track_clock *c, int64_t time_us)
{
    int64_t latest_us = 0, jumped_us = 0;
    for (int i = 0; i < t->n_tracks; i++)
        if (t->tracks[i].started && t->tracks[i].last_us > latest_us)
            latest_us = t->tracks[i].last_us;
    int64_t begin_us = time_us + t->shift_us;
    if (begin_us - latest_us > t->longest_pause_us || begin_us < -t->longest_pause_us)
        jumped_us = begin_us - latest_us;
    t->shift_us -= jumped_us;
    *c = (struct bt_track_clock){
        .started = true, .shift_us = t->shift_us, .n_since = BT_TIMELINE_FORGOTTEN};
    return jumped_us;
}

enum bauta_status bt_timeline_place(struct bt_timeline *t, struct bt_placed *placed, int track,
                                    int64_t time_us, int64_t step_us, bool jumps)
{
    struct bt_track_clock *c;
    *placed = (struct bt_placed){0};
    enum bauta_status status = find_track(t, &c, track);
    if (status)
        return status;
    int64_t later_us = time_us + c->shift_us - c->last_us;
    if (!c->started) {
        placed->jumped_us = begin(t, c, time_us);
    } else if (is_back(c, time_us, later_us)) {
        placed->jumped_us = c->shift_us - c->before_us;
        c->shift_us = t->shift_us = c->before_us;
        c->n_since = BT_TIMELINE_FORGOTTEN;
    } else if (stands(c, later_us)) {
        placed->stood = true;
        c->lent_us += c->step_us - later_us;
        c->shift_us += c->step_us - later_us;
    } else if (jumps || !follows(t, c, later_us)) {
        int64_t before_us = c->shift_us;
        jump(t, c, time_us, jumps ? shortest_pause_us : INT64_MAX);
        placed->jumped_us = before_us - c->shift_us;
        c->before_us = before_us;
        c->n_since = 0;
    } else {
        give_back(c, later_us);
    }
    c->last_us = time_us + c->shift_us;
    c->n_since += c->n_since < BT_TIMELINE_FORGOTTEN;
    c->step_us = step_us < longest_step_us ? step_us : longest_step_us;
    placed->shift_us = c->shift_us;
    return BAUTA_OK;
}

int64_t bt_timeline_pause(const struct bt_timeline *t, int track, int64_t time_us)
{
    if (track >= t->n_tracks || !t->tracks[track].started)
        return 0;
    const struct bt_track_clock *c = &t->tracks[track];
    int64_t later_us = time_us + c->shift_us - c->last_us;
    bool usual = later_us <= shortest_pause_us || later_us <= 10 * c->step_us;
    return usual || !follows(t, c, later_us) ? 0 : later_us;
}

int64_t bt_timeline_shift(const struct bt_timeline *t, int track)
{
    bool started = track < t->n_tracks && t->tracks[track].started;
    return started ? t->tracks[track].shift_us : t->shift_us;
}
