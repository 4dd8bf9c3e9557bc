/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WINDOW_H
#define BT_WINDOW_H

#include <stdbool.h>

#include <bauta/picture.h>

/* Pixels around a region that its object carries as well and a reader shows with it: they hide what
 * the base codec's prediction and deblocking smear over the mask's edge. Part of the format. */
#define BT_WINDOW_MARGIN 4

/* What a target's object shows: a rectangle that holds the region and its margin. */
struct bt_window {
    struct bauta_rect rect;
    int least_side; /* pixels; where the picture has as many */
};

/*
 * Moves `window` so that it holds `region` and its margin. The size stays as long as that is
 * possible and `renew` is not asked for; a window of a new size (returns true) needs a fresh
 * encoder and a key unit. Sizes are multiples of 16 and at least `least_side`, positions even, all
 * inside the picture of `width` x `height` where that is large enough; a smaller picture is the
 * window.
 */
bool bt_window_follow(struct bt_window *window, struct bauta_rect region, int width, int height,
                      bool renew);

/* The part of the window that a reader shows:
 * the region and its margin, cut at the window's edge. */
struct bauta_rect bt_window_shown(struct bauta_rect window, struct bauta_rect region);

#endif
