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

void bt_reveal_compose(struct bt_revealed *revealed, struct bt_frame *frame,
                       const struct bt_masked *masked, const struct bt_plan *plan,
                       const struct bt_opened *opened)
{
    bt_picture_copy(&frame->picture, &masked->picture);
    for (int i = 0; i < plan->n_regions; i++)
        if (opened[i].open)
            paint(frame, &opened[i], bt_window_shown(opened[i].window, plan->regions[i].rect));
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
