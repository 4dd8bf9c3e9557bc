/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CONVERT_H
#define BT_CONVERT_H

#include <libavutil/frame.h>

#include <bauta/picture.h>
#include <bauta/status.h>

struct SwsContext;

/* Brings decoded pictures to 8-bit 4:2:0. Start from `{0}`. */
struct bt_convert {
    struct SwsContext *scaler; /* NULL until a picture needs it */
};

/* Writes `frame` to `picture`, which has its size made even; the last column and row are repeated
 * where that is larger. BAUTA_ERR_UNSUPPORTED: a pixel format that cannot be converted. */
BAUTA_MUST_CHECK enum bauta_status
bt_convert(struct bt_convert *convert, const struct bauta_picture *picture, const AVFrame *frame);
const char *bt_convert_format_name(const AVFrame *frame);
void bt_convert_clear(struct bt_convert *convert);

#endif
