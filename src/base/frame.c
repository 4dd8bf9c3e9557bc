/* SPDX-License-Identifier: Apache-2.0 */
#include "base/frame.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

enum bauta_status bt_frame_init(struct bt_frame *f, int width, int height)
{
    *f = (struct bt_frame){0};
    if (width < 2 || height < 2 || width > BT_MAX_SIDE || height > BT_MAX_SIDE || width % 2 ||
        height % 2)
        return BAUTA_ERR_LIMIT;
    size_t stride = ((size_t)width + 31) & ~(size_t)31;
    size_t chroma_stride = ((size_t)width / 2 + 31) & ~(size_t)31;
    size_t luma_size = stride * (size_t)height, chroma_size = chroma_stride * (size_t)height / 2;
    f->memory = malloc(luma_size + 2 * chroma_size);
    if (!f->memory)
        return BAUTA_ERR_MEMORY;
    f->picture = (struct bauta_picture){
        width,
        height,
        {f->memory, f->memory + luma_size, f->memory + luma_size + chroma_size},
        {(ptrdiff_t)stride, (ptrdiff_t)chroma_stride, (ptrdiff_t)chroma_stride}};
    bt_picture_blacken(&f->picture);
    return BAUTA_OK;
}

void bt_frame_clear(struct bt_frame *f)
{
    if (f->memory)
        bt_picture_blacken(&f->picture);
    free(f->memory);
    *f = (struct bt_frame){0};
}

static void copy_plane(uint8_t *to, ptrdiff_t to_stride, const uint8_t *from, ptrdiff_t from_stride,
                       int w, int h)
{
    for (int y = 0; y < h; y++)
        memcpy(to + y * to_stride, from + y * from_stride, (size_t)w);
}

void bt_picture_copy_rect(const struct bauta_picture *to, const struct bauta_picture *from,
                          struct bauta_rect r)
{
    for (int i = 0; i < 3; i++) {
        int half = i > 0;
        ptrdiff_t x = r.x >> half, y = r.y >> half;
        copy_plane(to->planes[i] + y * to->strides[i] + x, to->strides[i],
                   from->planes[i] + y * from->strides[i] + x, from->strides[i], r.w >> half,
                   r.h >> half);
    }
}

void bt_picture_copy(const struct bauta_picture *to, const struct bauta_picture *from)
{
    bt_picture_copy_rect(to, from, (struct bauta_rect){0, 0, from->width, from->height});
}

void bt_picture_blacken(const struct bauta_picture *p)
{
    for (int i = 0; i < 3; i++) {
        int half = i > 0;
        for (int y = 0; y < p->height >> half; y++)
            memset(p->planes[i] + y * p->strides[i], half ? 128 : 16, (size_t)(p->width >> half));
    }
}

struct bauta_picture bt_picture_part(const struct bauta_picture *p, struct bauta_rect r)
{
    struct bauta_picture part = {.width = r.w, .height = r.h};
    for (int i = 0; i < 3; i++) {
        int half = i > 0;
        part.planes[i] = p->planes[i] + (r.y >> half) * p->strides[i] + (r.x >> half);
        part.strides[i] = p->strides[i];
    }
    return part;
}

enum bauta_status bt_picture_check(const struct bauta_picture *p)
{
    if (!p || p->width < BT_MIN_SIDE || p->height < BT_MIN_SIDE || p->width > BT_MAX_SIDE ||
        p->height > BT_MAX_SIDE || p->width % 2 || p->height % 2)
        return BAUTA_ERR_ARGUMENT;
    for (int i = 0; i < 3; i++)
        if (!p->planes[i] || p->strides[i] < (i ? p->width / 2 : p->width))
            return BAUTA_ERR_ARGUMENT;
    return BAUTA_OK;
}
