/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MOMENTS_H
#define BT_MOMENTS_H

#include <bauta/status.h>

#include "track/track.h"

/*
 * The pictures that were looked at and are not decided yet, each with who was followed in it. What
 * is learned later amends them: somebody who appears was there before, and somebody who is seen
 * again was there in between.
 */
struct bt_moment {
    int64_t pts_us;
    int64_t unlooked_us; /* from this picture to the nearest one at which somebody looked */
    bool cut;            /* another scene begins here */
    int n_dropped;       /* people for whom there was no place */
    int n_tracks;
    struct bt_track tracks[BT_MAX_TRACKS];
};

struct bt_moments {
    struct bt_moment *items; /* a ring */
    int n_allocated, first, n_items;
};

/* Room for `n` pictures. BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_moments_init(struct bt_moments *moments, int n);
void bt_moments_clear(struct bt_moments *moments);

/* Adds a picture, later than those before, for the caller to fill; there must be room. */
struct bt_moment *bt_moments_add(struct bt_moments *moments);
/* The picture that was added first; there must be one. */
const struct bt_moment *bt_moments_oldest(const struct bt_moments *moments);
void bt_moments_drop_oldest(struct bt_moments *moments);

/* Carries what the newest picture tells of each of its tracks into those before it, of the same
 * scene. */
void bt_moments_amend(struct bt_moments *moments);

/* `target` is to be hidden in every picture that waits and has it, from its first sight on. */
void bt_moments_confirm(struct bt_moments *moments, uint32_t target);
/* The newest picture shows `n` people for whom there is no place. They were in those before it,
 * too, as long as a mask begins before a first sight, in the same scene. */
void bt_moments_drop(struct bt_moments *moments, int n);

#endif
