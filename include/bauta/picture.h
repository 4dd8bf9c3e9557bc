/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_PICTURE_H
#define BAUTA_PICTURE_H

#include <stddef.h>
#include <stdint.h>

/* A rectangle in pixels of the picture; x and y are of the top left corner. */
struct bauta_rect {
    int x, y, w, h;
};

/*
 * A view of one picture in planar YCbCr 4:2:0 with 8 bits a sample (I420); it owns nothing.
 * `width` and `height` are even. Plane 0 is luma, width x height; planes 1 (Cb) and 2 (Cr) are
 * half that in both directions. `strides` are in bytes and at least the plane's width.
 */
struct bauta_picture {
    int width, height;
    uint8_t *planes[3];
    ptrdiff_t strides[3];
};

#endif
