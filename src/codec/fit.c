/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/fit.h"

#include <string.h>
#include <libswscale/swscale.h>

/* The largest even rectangle of the shape of `from` in the middle of `to`. */
static struct bauta_rect place_of(const struct bauta_picture *to, const struct bauta_picture *from,
                                  double shape)
{
    double w = from->width * shape, h = from->height;
    double by = to->width / w < to->height / h ? to->width / w : to->height / h;
    struct bauta_rect r = {.w = (int)(w * by / 2 + 0.5) * 2, .h = (int)(h * by / 2 + 0.5) * 2};
    r.w = r.w < 2 ? 2 : r.w > to->width ? to->width : r.w;
    r.h = r.h < 2 ? 2 : r.h > to->height ? to->height : r.h;
    r.x = (to->width - r.w) / 4 * 2;
    r.y = (to->height - r.h) / 4 * 2;
    return r;
}

static void blacken(const struct bauta_picture *p, bool full_range)
{
    bt_picture_blacken(p);
    for (int y = 0; full_range && y < p->height; y++)
        memset(p->planes[0] + y * p->strides[0], 0, (size_t)p->width);
}

static bool open_scaler(struct bt_fit *f, const struct bauta_picture *from, struct bauta_rect r)
{
    if (f->scaler && f->from_w == from->width && f->from_h == from->height && f->to_w == r.w &&
        f->to_h == r.h)
        return true;
    sws_freeContext(f->scaler);
    f->scaler =
        sws_getContext(from->width, from->height, AV_PIX_FMT_YUV420P, r.w, r.h, AV_PIX_FMT_YUV420P,
                       SWS_BICUBIC | SWS_ACCURATE_RND, NULL, NULL, NULL);
    f->from_w = from->width;
    f->from_h = from->height;
    f->to_w = r.w;
    f->to_h = r.h;
    return f->scaler != NULL;
}

enum bauta_status bt_fit(struct bt_fit *f, struct bauta_rect *place, const struct bauta_picture *to,
                         const struct bauta_picture *from, double shape)
{
    struct bauta_rect r = *place = place_of(to, from, shape);
    if (!open_scaler(f, from, r))
        return BAUTA_ERR_UNSUPPORTED;
    if (r.w < to->width || r.h < to->height)
        blacken(to, f->full_range);
    struct bauta_picture part = bt_picture_part(to, r);
    const uint8_t *source[4] = {from->planes[0], from->planes[1], from->planes[2], NULL};
    uint8_t *target[4] = {part.planes[0], part.planes[1], part.planes[2], NULL};
    int strides[4] = {(int)from->strides[0], (int)from->strides[1], (int)from->strides[2], 0};
    int to_strides[4] = {(int)part.strides[0], (int)part.strides[1], (int)part.strides[2], 0};
    int rows = sws_scale(f->scaler, source, strides, 0, from->height, target, to_strides);
    return rows == r.h ? BAUTA_OK : BAUTA_ERR_UNSUPPORTED;
}

enum bauta_status bt_fit_revealed(struct bt_fit *f, struct bt_revealed *to, int width, int height,
                                  const struct bt_revealed *from, double shape)
{
    if (f->frame.picture.width != width || f->frame.picture.height != height) {
        bt_frame_clear(&f->frame);
        enum bauta_status status = bt_frame_init(&f->frame, width, height);
        if (status)
            return status;
    }
    to->picture = f->frame.picture;
    struct bauta_rect place;
    return bt_fit(f, &place, &f->frame.picture, &from->picture, shape);
}

void bt_fit_clear(struct bt_fit *f)
{
    sws_freeContext(f->scaler);
    bt_frame_clear(&f->frame);
    *f = (struct bt_fit){.scaler = NULL};
}
