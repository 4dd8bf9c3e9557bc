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

static void paint_grey(const struct bauta_picture *p)
{
    for (int plane = 0; plane < 3; plane++)
        for (int y = 0; y < p->height >> (plane > 0); y++)
            memset(p->planes[plane] + y * p->strides[plane], 128, (size_t)p->width >> (plane > 0));
}

/* Copies what no region from `first` up to `end` covers of `r`. */
static void copy_uncovered(const struct bt_frame *frame, struct bauta_rect window,
                           const struct bauta_picture *picture, struct bauta_rect r,
                           const struct bt_plan *plan, int first, int end)
{
    for (int i = first; i < end; i++) {
        struct bauta_rect c = bt_rect_intersect(r, plan->regions[i].rect);
        if (bt_rect_empty(c))
            continue;
        int right = c.x + c.w, bottom = c.y + c.h;
        struct bauta_rect around[] = {{r.x, r.y, r.w, c.y - r.y},
                                      {r.x, bottom, r.w, r.y + r.h - bottom},
                                      {r.x, c.y, c.x - r.x, c.h},
                                      {right, c.y, r.x + r.w - right, c.h}};
        for (int k = 0; k < 4; k++)
            if (!bt_rect_empty(around[k]))
                copy_uncovered(frame, window, picture, around[k], plan, i + 1, end);
        return;
    }
    copy_to_window(frame, window, picture, r);
}

void bt_crop_window(struct bt_crop *crop, struct bt_frame *frame, struct bauta_rect window,
                    const struct bt_masked *masked, const struct bt_hidden *hidden,
                    const struct bt_plan *plan, int index, bool fresh)
{
    struct bauta_rect own = plan->regions[index].rect, shown = bt_window_shown(window, own);
    if (fresh)
        paint_grey(&frame->picture);
    /* the margin, where there is no region */
    copy_uncovered(frame, window, &masked->picture, shown, plan, 0, plan->n_regions);
    /* regions before it own what they cover */
    copy_uncovered(frame, window, &hidden->frame.picture, own, plan, 0, index);
    for (int plane = 0; fresh && plane < 3; plane++)
        extend_plane(&frame->picture, plane,
                     (struct bauta_rect){shown.x - window.x, shown.y - window.y, shown.w, shown.h});
    crop->picture = frame->picture;
}
