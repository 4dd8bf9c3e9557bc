/* SPDX-License-Identifier: Apache-2.0 */
#include "base/view.h"

#include <math.h>
#include <string.h>

enum { MOST_SHAPE = 16, TILE = 32 };

bool bauta_view_is_sound(const struct bauta_view *v)
{
    bool shapeless = v && v->pixel_width == 0 && v->pixel_height == 0;
    return v && (v->turn == 0 || v->turn == 90 || v->turn == 180 || v->turn == 270) &&
           (shapeless || (v->pixel_width > 0 && v->pixel_height > 0));
}

void bt_view_shape(const struct bauta_view *v, int64_t *width, int64_t *height)
{
    *width = v->pixel_width;
    *height = v->pixel_height;
    if (*width <= 0 || *height <= 0 || *width >= MOST_SHAPE * *height ||
        *height >= MOST_SHAPE * *width)
        *width = *height = 1;
}

bool bauta_view_equals(const struct bauta_view *a, const struct bauta_view *b)
{
    int64_t aw, ah, bw, bh;
    bt_view_shape(a, &aw, &ah);
    bt_view_shape(b, &bw, &bh);
    return a->turn == b->turn && a->mirrored == b->mirrored && aw * bh == ah * bw;
}

struct bauta_view bauta_view_add(const struct bauta_view *first, const struct bauta_view *then)
{
    struct bauta_view sum = *first;
    /* To mirror what was turned is to turn the other way what was mirrored. */
    int turn = then->mirrored ? then->turn - first->turn : then->turn + first->turn;
    sum.turn = (turn + 360) % 360;
    sum.mirrored = first->mirrored != then->mirrored;
    if (then->pixel_width > 0) {
        sum.pixel_width = then->pixel_width;
        sum.pixel_height = then->pixel_height;
    }
    return sum;
}

bool bt_view_is_upright(const struct bauta_view *view)
{
    return view->turn == 0 && !view->mirrored;
}

const char *bt_view_text(const struct bauta_view *view)
{
    static const char *const texts[2][4] = {
        {"left upright", "turned by 90 degrees", "turned by 180 degrees", "turned by 270 degrees"},
        {"mirrored", "mirrored and turned by 90 degrees", "mirrored and turned by 180 degrees",
         "mirrored and turned by 270 degrees"}};
    return texts[view->mirrored][view->turn / 90 % 4];
}

static bool lies(const struct bauta_view *view)
{
    return view->turn == 90 || view->turn == 270;
}

struct bauta_view bt_view_undo(const struct bauta_view *view)
{
    int turn = view->mirrored ? view->turn : (360 - view->turn) % 360;
    return (struct bauta_view){.turn = turn, .mirrored = view->mirrored};
}

struct bauta_view bt_view_rest(const struct bauta_view *view, const struct bauta_view *done)
{
    const struct bauta_view undone = bt_view_undo(done);
    const struct bauta_view turn = {.turn = view->turn, .mirrored = view->mirrored};
    struct bauta_view rest = bauta_view_add(&undone, &turn);
    rest.pixel_width = lies(done) ? view->pixel_height : view->pixel_width;
    rest.pixel_height = lies(done) ? view->pixel_width : view->pixel_height;
    return rest;
}

void bt_view_init(struct bt_view *v, const struct bauta_view *view, int width, int height)
{
    int64_t pixel_width, pixel_height;
    *v = (struct bt_view){.view = *view, .width = width, .height = height};
    v->turned_width = lies(view) ? height : width;
    v->turned_height = lies(view) ? width : height;
    bt_view_shape(view, &pixel_width, &pixel_height);
    double shape = (double)pixel_width / (double)pixel_height;
    if (lies(view))
        shape = 1 / shape;
    v->shown_width = (int)lround(v->turned_width * fmax(shape, 1));
    v->shown_height = (int)lround(v->turned_height * fmax(1 / shape, 1));
    v->across = (float)v->shown_width / (float)v->turned_width;
    v->down = (float)v->shown_height / (float)v->turned_height;
}

/* The clockwise turn of a box in a picture of `width` x `height`. */
static struct bt_box turn_box(struct bt_box b, int turn, float width, float height)
{
    switch (turn) {
    case 90:
        return (struct bt_box){height - b.y - b.h, b.x, b.h, b.w};
    case 180:
        return (struct bt_box){width - b.x - b.w, height - b.y - b.h, b.w, b.h};
    case 270:
        return (struct bt_box){b.y, width - b.x - b.w, b.h, b.w};
    default:
        return b;
    }
}

struct bt_box bt_view_show(const struct bt_view *v, struct bt_box b)
{
    float width = (float)v->width, height = (float)v->height;
    if (v->view.mirrored)
        b.x = width - b.x - b.w;
    b = turn_box(b, v->view.turn, width, height);
    return (struct bt_box){b.x * v->across, b.y * v->down, b.w * v->across, b.h * v->down};
}

struct bt_box bt_view_store(const struct bt_view *v, struct bt_box b)
{
    b = (struct bt_box){b.x / v->across, b.y / v->down, b.w / v->across, b.h / v->down};
    b = turn_box(b, (360 - v->view.turn) % 360, (float)v->turned_width, (float)v->turned_height);
    if (v->view.mirrored)
        b.x = (float)v->width - b.x - b.w;
    return b;
}

static struct bauta_rect turn_rect(struct bauta_rect r, int turn, int width, int height)
{
    switch (turn) {
    case 90:
        return (struct bauta_rect){height - r.y - r.h, r.x, r.h, r.w};
    case 180:
        return (struct bauta_rect){width - r.x - r.w, height - r.y - r.h, r.w, r.h};
    case 270:
        return (struct bauta_rect){r.y, width - r.x - r.w, r.h, r.w};
    default:
        return r;
    }
}

struct bauta_rect bt_view_turn_rect(const struct bt_view *v, struct bauta_rect r)
{
    if (v->view.mirrored)
        r.x = v->width - r.x - r.w;
    return turn_rect(r, v->view.turn, v->width, v->height);
}

struct bauta_rect bt_view_unturn_rect(const struct bt_view *v, struct bauta_rect r)
{
    r = turn_rect(r, (360 - v->view.turn) % 360, v->turned_width, v->turned_height);
    if (v->view.mirrored)
        r.x = v->width - r.x - r.w;
    return r;
}

/* Where upright samples come from: at `first`, and by how much further with each column and row. */
struct walk {
    const uint8_t *first;
    ptrdiff_t column, row;
};

static struct walk find_walk(const struct bauta_view *v, const uint8_t *from, ptrdiff_t stride,
                             int width, int height)
{
    /* Of the stored picture, mirrored: its first sample, the step to the right and that down. */
    const uint8_t *left = v->mirrored ? from + width - 1 : from;
    ptrdiff_t right = v->mirrored ? -1 : 1, down = stride;
    ptrdiff_t last_right = (width - 1) * right, last_down = (height - 1) * down;
    switch (v->turn) {
    case 90:
        return (struct walk){left + last_down, -down, right};
    case 180:
        return (struct walk){left + last_down + last_right, -right, -down};
    case 270:
        return (struct walk){left + last_right, down, -right};
    default:
        return (struct walk){left, right, down};
    }
}

/* Tile by tile, since columns of the one are rows of the other. */
static void copy_plane(uint8_t *to, ptrdiff_t stride, int width, int height, struct walk w)
{
    for (int top = 0; top < height; top += TILE)
        for (int left = 0; left < width; left += TILE)
            for (int y = top; y < top + TILE && y < height; y++) {
                const uint8_t *from = w.first + y * w.row;
                for (int x = left; x < left + TILE && x < width; x++)
                    to[y * stride + x] = from[x * w.column];
            }
}

void bt_view_turn_picture(const struct bt_view *v, const struct bauta_picture *to,
                          const struct bauta_picture *from)
{
    for (int i = 0; i < 3; i++) {
        int half = i > 0;
        struct walk w = find_walk(&v->view, from->planes[i], from->strides[i], v->width >> half,
                                  v->height >> half);
        copy_plane(to->planes[i], to->strides[i], v->turned_width >> half, v->turned_height >> half,
                   w);
    }
}
