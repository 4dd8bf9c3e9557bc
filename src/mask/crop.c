/* SPDX-License-Identifier: Apache-2.0 */
#include "mask/crop.h"

#include <string.h>

#include "base/rect.h"
#include "mask/window.h"

enum bauta_status bt_hidden_init(struct bt_hidden *hidden, int width, int height)
{
    return bt_frame_init(&hidden->frame, width, height);
}

void bt_hidden_clear(struct bt_hidden *hidden)
{
    bt_frame_clear(&hidden->frame);
}

void bt_hidden_keep(struct bt_hidden *hidden, const struct bt_clear *clear,
                    const struct bt_plan *plan)
{
    for (int i = 0; i < plan->n_regions; i++)
        bt_picture_copy_rect(&hidden->frame.picture, &clear->picture, plan->regions[i].rect);
}

/* Copies `r`, in pixels of the picture, from the picture to its place in the window. */
static void copy_to_window(const struct bt_frame *frame, struct bauta_rect window,
                           const struct bauta_picture *picture, struct bauta_rect r)
{
    r = bt_rect_intersect(r, window);
    if (bt_rect_empty(r))
        return;
    struct bauta_picture from = bt_picture_part(picture, r);
    struct bauta_picture to = bt_picture_part(
        &frame->picture, (struct bauta_rect){r.x - window.x, r.y - window.y, r.w, r.h});
    bt_picture_copy(&to, &from);
}

/* Repeats the outermost samples of the part `r` of a plane to its edges: nothing is cheaper to
 * code. */
static void extend_plane(const struct bauta_picture *p, int plane, struct bauta_rect r)
{
    int shift = plane ? 1 : 0, width = p->width >> shift, height = p->height >> shift;
    int left = r.x >> shift, right = (r.x + r.w) >> shift;
    int top = r.y >> shift, bottom = (r.y + r.h) >> shift;
    ptrdiff_t stride = p->strides[plane];
    for (int y = top; y < bottom; y++) {
        uint8_t *row = p->planes[plane] + y * stride;
        memset(row, row[left], (size_t)left);
        memset(row + right, row[right - 1], (size_t)(width - right));
    }
    for (int y = 0; y < height; y++)
        if (y < top || y >= bottom)
            memcpy(p->planes[plane] + y * stride,
                   p->planes[plane] + (y < top ? top : bottom - 1) * stride, (size_t)width);
}

void bt_crop_window(struct bt_crop *crop, struct bt_frame *frame, struct bauta_rect window,
                    const struct bt_masked *masked, const struct bt_hidden *hidden,
                    const struct bt_plan *plan, int index, bool fresh)
{
    struct bauta_rect own = plan->regions[index].rect, shown = bt_window_shown(window, own);
    copy_to_window(frame, window, &masked->picture, shown);
    copy_to_window(frame, window, &hidden->frame.picture, own);
    for (int i = 0; i < index; i++) /* those before own what they cover */
        copy_to_window(frame, window, &masked->picture,
                       bt_rect_intersect(own, plan->regions[i].rect));
    for (int plane = 0; fresh && plane < 3; plane++)
        extend_plane(&frame->picture, plane,
                     (struct bauta_rect){shown.x - window.x, shown.y - window.y, shown.w, shown.h});
    crop->picture = frame->picture;
}
