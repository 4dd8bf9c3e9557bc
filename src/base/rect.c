/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rect.h"

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

bool bt_rect_empty(struct bauta_rect r)
{
    return r.w <= 0 || r.h <= 0;
}

int64_t bt_rect_area(struct bauta_rect r)
{
    return bt_rect_empty(r) ? 0 : (int64_t)r.w * r.h;
}

bool bt_rect_contains(struct bauta_rect outer, struct bauta_rect inner)
{
    return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.w <= outer.x + outer.w &&
           inner.y + inner.h <= outer.y + outer.h;
}

struct bauta_rect bt_rect_intersect(struct bauta_rect a, struct bauta_rect b)
{
    int x = max_int(a.x, b.x), y = max_int(a.y, b.y);
    int right = min_int(a.x + a.w, b.x + b.w), bottom = min_int(a.y + a.h, b.y + b.h);
    return (struct bauta_rect){x, y, max_int(right - x, 0), max_int(bottom - y, 0)};
}

struct bauta_rect bt_rect_union(struct bauta_rect a, struct bauta_rect b)
{
    if (bt_rect_empty(a))
        return b;
    if (bt_rect_empty(b))
        return a;
    int x = min_int(a.x, b.x), y = min_int(a.y, b.y);
    int right = max_int(a.x + a.w, b.x + b.w), bottom = max_int(a.y + a.h, b.y + b.h);
    return (struct bauta_rect){x, y, right - x, bottom - y};
}

struct bauta_rect bt_rect_grow(struct bauta_rect r, int dx, int dy)
{
    return (struct bauta_rect){r.x - dx, r.y - dy, r.w + 2 * dx, r.h + 2 * dy};
}

struct bauta_rect bt_rect_align(struct bauta_rect r, int step)
{
    int mask = ~(step - 1); /* two's complement: rounds towards minus infinity */
    int x = r.x & mask, y = r.y & mask;
    int right = (r.x + r.w + step - 1) & mask, bottom = (r.y + r.h + step - 1) & mask;
    return (struct bauta_rect){x, y, right - x, bottom - y};
}

double bt_rect_iou(struct bauta_rect a, struct bauta_rect b)
{
    double inter = (double)bt_rect_area(bt_rect_intersect(a, b));
    double both = (double)bt_rect_area(a) + (double)bt_rect_area(b) - inter;
    return both > 0.0 ? inter / both : 0.0;
}
