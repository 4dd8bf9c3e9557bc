/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_RECT_H
#define BT_RECT_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/picture.h>

/* Rectangles are in pixels. One whose w or h is not positive is empty. Coordinates must lie within
 * +-2^28, so that no sum overflows an int; areas are 64 bits. */

bool bt_rect_empty(struct bauta_rect r);
int64_t bt_rect_area(struct bauta_rect r);
bool bt_rect_contains(struct bauta_rect outer, struct bauta_rect inner);
struct bauta_rect bt_rect_intersect(struct bauta_rect a, struct bauta_rect b);
/* The smallest rectangle that holds both; an empty one adds nothing. */
struct bauta_rect bt_rect_union(struct bauta_rect a, struct bauta_rect b);
/* Grows (or with negative numbers shrinks) by `dx` on the left and right, `dy` above and below. */
struct bauta_rect bt_rect_grow(struct bauta_rect r, int dx, int dy);
/* The smallest rectangle around `r` whose edges lie on multiples of `step` (a power of two). */
struct bauta_rect bt_rect_align(struct bauta_rect r, int step);
/* Intersection over union, 0 to 1. */
double bt_rect_iou(struct bauta_rect a, struct bauta_rect b);

#endif
