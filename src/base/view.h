/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_VIEW_H
#define BT_VIEW_H

#include <bauta/picture.h>
#include <bauta/view.h>

#include "base/sighting.h"

/*
 * Between stored pixels and shown ones, which are upright and square: where pixels are not, the
 * shorter of their sides is stretched.
 */
struct bt_view {
    struct bauta_view view;
    int width, height;               /* of stored pictures */
    int turned_width, turned_height; /* upright, in pixels that may not be square */
    int shown_width, shown_height;
    float across, down; /* shown pixels for one upright one */
};

/* For pictures of `width` x `height`; `view` is sound. */
void bt_view_init(struct bt_view *v, const struct bauta_view *view, int width, int height);
/* Whether stored pixels lie as they are shown, but for their shape. */
bool bt_view_is_upright(const struct bauta_view *view);

/* The shape of a stored pixel, width to height; 1 and 1 where it is not told, or cannot be. */
void bt_view_shape(const struct bauta_view *view, int64_t *width, int64_t *height);

/* A turn in words, as what is done to pictures: "turned by 90 degrees", "mirrored", "mirrored and
 * turned by 90 degrees", "left upright". */
const char *bt_view_text(const struct bauta_view *view);

/* The turn that undoes that of `view`, and what is left of `view` when pixels were turned by
 * `done`; a turn says nothing of the pixels' shape. */
struct bauta_view bt_view_undo(const struct bauta_view *view);
struct bauta_view bt_view_rest(const struct bauta_view *view, const struct bauta_view *done);

/* Stored to shown, and back. */
struct bt_box bt_view_show(const struct bt_view *v, struct bt_box stored);
struct bt_box bt_view_store(const struct bt_view *v, struct bt_box shown);
/* Stored to upright pixels, which are as many, and back. */
struct bauta_rect bt_view_turn_rect(const struct bt_view *v, struct bauta_rect stored);
struct bauta_rect bt_view_unturn_rect(const struct bt_view *v, struct bauta_rect turned);
/* Puts the pixels of the stored picture `from` upright into `to`, which has the turned size. */
void bt_view_turn_picture(const struct bt_view *v, const struct bauta_picture *to,
                          const struct bauta_picture *from);

#endif
