/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TIMELINE_H
#define BT_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/status.h>

/*
 * Makes one clock of those that a file's tracks were written with: it begins at 0, never goes back
 * and never stands still. All tracks are moved by the same amount. Where a track's clock jumps, the
 * track goes on from its last time; tracks that jump together stay together. Times are
 * microseconds, those of decoding, in the order of the file.
 */
struct bt_timeline {
    int64_t longest_pause_us; /* a longer one is a jump of the clock */
    int64_t shift_us;         /* what the track that jumped last adds to its times */
    struct bt_track_clock *tracks;
    int n_tracks;
};

enum { BT_TIMELINE_FORGOTTEN = 32 };

struct bt_track_clock {
    bool started;
    int64_t last_us, step_us; /* of the packet before, as placed; how long it lasts */
    int64_t shift_us;         /* from the file's time to the placed one */
    int64_t before_us;        /* the same before the last jump, */
    int n_since;              /* packets ago; BT_TIMELINE_FORGOTTEN at most */
    int64_t lent_us;          /* by which times were put off for want of their own */
};

/* What became of one packet's time. */
struct bt_placed {
    int64_t shift_us;  /* to be added to the packet's times */
    int64_t jumped_us; /* of the file's clock, if it jumped here; else 0 */
    bool stood;        /* the file's clock did not move on from the packet before */
};

/* `zero_us`: the file's time that becomes 0. */
void bt_timeline_init(struct bt_timeline *timeline, int64_t zero_us, int64_t longest_pause_us);
void bt_timeline_clear(struct bt_timeline *timeline);

/* Places the next packet of `track`, which the file has at `time_us`; it lasts `step_us`, positive,
 * as the frame rate or the packet tell. `jumps`: a pause before it is known to be none.
 * BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_timeline_place(struct bt_timeline *timeline,
                                                     struct bt_placed *placed, int track,
                                                     int64_t time_us, int64_t step_us, bool jumps);
/* How long nothing came before a packet of `track` that the file has at `time_us`; 0: it comes as
 * soon as is usual, or the clock jumps. */
int64_t bt_timeline_pause(const struct bt_timeline *timeline, int track, int64_t time_us);
/* What is added to the times of a packet of `track` whose time of decoding is not known. */
int64_t bt_timeline_shift(const struct bt_timeline *timeline, int track);

#endif
