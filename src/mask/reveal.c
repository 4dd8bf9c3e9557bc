/* SPDX-License-Identifier: Apache-2.0 */
#include "mask/reveal.h"

#include "base/rect.h"
#include "mask/window.h"

/* Copies `r`, in pixels of the picture, from an object's window to its place in the picture. */
static void paint(const struct bt_frame *frame, const struct bt_opened *o, struct bauta_rect r)
{
    struct bauta_rect in_window = {r.x - o->window.x, r.y - o->window.y, r.w, r.h};
    struct bauta_picture from = bt_picture_part(&o->frame.picture, in_window);
    struct bauta_picture to = bt_picture_part(&frame->picture, r);
    bt_picture_copy(&to, &from);
}

/* How many samples `at` lies before `from` or from `end` on; 0 within. */
static int distance(int at, int from, int end)
{
    if (at < from)
        return from - at;
    return at < end ? 0 : at - end + 1;
}

/* Fades the part `r` of an object's margin, plane `plane`, into the picture: the farther from
 * `region`, the less of it. */
static void fade(const struct bt_frame *frame, const struct bt_opened *o, struct bauta_rect region,
                 struct bauta_rect r, int plane)
{
    const struct bauta_picture *to = &frame->picture, *from = &o->frame.picture;
    int shift = plane ? 1 : 0, steps = (BT_WINDOW_MARGIN >> shift) + 1;
    int left = region.x >> shift, right = (region.x + region.w) >> shift;
    int top = region.y >> shift, bottom = (region.y + region.h) >> shift;
    for (int y = r.y >> shift; y < (r.y + r.h) >> shift; y++) {
        int dy = distance(y, top, bottom);
        uint8_t *out = to->planes[plane] + (ptrdiff_t)y * to->strides[plane];
        const uint8_t *in = from->planes[plane] +
                            (ptrdiff_t)(y - (o->window.y >> shift)) * from->strides[plane] -
                            (o->window.x >> shift);
        for (int x = r.x >> shift; x < (r.x + r.w) >> shift; x++) {
            int dx = distance(x, left, right), d = dx > dy ? dx : dy;
            out[x] = (uint8_t)((in[x] * (steps - d) + out[x] * d + steps / 2) / steps);
        }
    }
}

/* The four sides of the margin, in every plane. */
static void fade_margin(const struct bt_frame *frame, const struct bt_opened *o,
                        struct bauta_rect region)
{
    struct bauta_rect shown = bt_window_shown(o->window, region);
    int right = region.x + region.w, bottom = region.y + region.h;
    struct bauta_rect sides[] = {
        {shown.x, shown.y, shown.w, region.y - shown.y},
        {shown.x, bottom, shown.w, shown.y + shown.h - bottom},
        {shown.x, region.y, region.x - shown.x, region.h},
        {right, region.y, shown.x + shown.w - right, region.h},
    };
    for (int plane = 0; plane < 3; plane++)
        for (int i = 0; i < 4; i++)
            fade(frame, o, region, sides[i], plane);
}

void bt_reveal_compose(struct bt_revealed *revealed, struct bt_frame *frame,
                       const struct bt_masked *masked, const struct bt_plan *plan,
                       const struct bt_opened *opened)
{
    bt_picture_copy(&frame->picture, &masked->picture);
    for (int i = 0; i < plan->n_regions; i++)
        if (opened[i].open)
            fade_margin(frame, &opened[i], plan->regions[i].rect);
    /* From the last owner to the first: each pixel ends as its first owner's, margins give way. */
    for (int i = plan->n_regions - 1; i >= 0; i--) {
        struct bauta_rect r = plan->regions[i].rect;
        if (opened[i].open)
            paint(frame, &opened[i], r);
        else
            bt_picture_copy_rect(&frame->picture, &masked->picture, r);
    }
    revealed->picture = frame->picture;
}
