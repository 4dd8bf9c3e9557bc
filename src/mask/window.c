/* SPDX-License-Identifier: Apache-2.0 */
#include "mask/window.h"

#include "base/rect.h"

enum {
    UNIT = 16, /* macroblocks: a smaller step would be padded by the encoder anyway */
    /* Pixels that a side has to spare, since a window that grows costs a key unit and what it does
     * not show costs next to nothing; more for one that has just grown. Measured on PETS09-S2L1:
     * 5 % of the recovery data of bodies, 3 % of that of heads. */
    ROOM = 8,
    ROOM_AFTER_GROWTH = 16
};

/* The size for a side of `needed` pixels: whole macroblocks, no less than what
 * the encoder takes, no more than there is. */
static int side_for(int needed, int least, int available)
{
    int roomy = (needed + UNIT - 1) / UNIT * UNIT;
    if (roomy < least)
        roomy = least;
    return roomy < available ? roomy : available;
}

/* Where a side of `size` goes so that it holds `from` .. `from + needed`, moved as little as can
 * be. */
static int place(int at, int size, int from, int needed, int available)
{
    if (at > from)
        at = from;
    if (at + size < from + needed)
        at = from + needed - size;
    if (at > available - size)
        at = available - size;
    return at < 0 ? 0 : at & ~1;
}

bool bt_window_follow(struct bt_window *window, struct bauta_rect region, int width, int height,
                      bool renew)
{
    struct bauta_rect picture = {0, 0, width, height};
    struct bauta_rect need =
        bt_rect_intersect(bt_rect_grow(region, BT_WINDOW_MARGIN, BT_WINDOW_MARGIN), picture);
    struct bauta_rect *r = &window->rect;
    bool resized = false;
    if (need.w > r->w || need.h > r->h || renew) {
        int room = renew ? ROOM : ROOM_AFTER_GROWTH;
        int w = side_for(need.w + room, window->least_side, width),
            h = side_for(need.h + room, window->least_side, height);
        resized = w != r->w || h != r->h;
        if (resized)
            *r = (struct bauta_rect){need.x - (w - need.w) / 2, need.y - (h - need.h) / 2, w, h};
    }
    r->x = place(r->x, r->w, need.x, need.w, width);
    r->y = place(r->y, r->h, need.y, need.h, height);
    return resized;
}

struct bauta_rect bt_window_shown(struct bauta_rect window, struct bauta_rect region)
{
    return bt_rect_intersect(bt_rect_grow(region, BT_WINDOW_MARGIN, BT_WINDOW_MARGIN), window);
}
