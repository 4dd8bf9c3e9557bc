/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FRAME_H
#define BT_FRAME_H

#include <stdbool.h>

#include <bauta/picture.h>
#include <bauta/status.h>

/* A picture that owns its memory; rows start at multiples of 32 bytes. */
struct bt_frame {
    struct bauta_picture picture;
    uint8_t *memory;
    bool fitted;             /* it was brought to this size from another, */
    bool reshaped;           /* and from another shape: black lies beside it, */
    struct bauta_rect shown; /* and it lies here; if fitted */
};

/* Makes a black frame; `width` and `height` even, BT_MIN_SIDE to BT_MAX_SIDE or BAUTA_ERR_LIMIT. */
BAUTA_MUST_CHECK enum bauta_status bt_frame_init(struct bt_frame *f, int width, int height);
void bt_frame_clear(struct bt_frame *f); /* wipes and frees; all zero afterwards */

/* Pictures of the same size, from `from` to `to`. */
void bt_picture_copy(const struct bauta_picture *to, const struct bauta_picture *from);
/* Copies `r` (even, inside both) of `from` to the same place of `to`. */
void bt_picture_copy_rect(const struct bauta_picture *to, const struct bauta_picture *from,
                          struct bauta_rect r);
/* Video black: luma 16, chroma 128. */
void bt_picture_blacken(const struct bauta_picture *p);
/* A view of the part `r` of `p`; `r` is even and inside `p`. */
struct bauta_picture bt_picture_part(const struct bauta_picture *p, struct bauta_rect r);
/* BAUTA_ERR_ARGUMENT unless planes, strides and size are as picture.h says. */
BAUTA_MUST_CHECK enum bauta_status bt_picture_check(const struct bauta_picture *p);

#endif
