/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CONVERT_H
#define BT_CONVERT_H

#include <stdbool.h>

#include <libavutil/frame.h>

#include <bauta/picture.h>
#include <bauta/status.h>

struct SwsContext;

/* Brings decoded pictures to 8-bit 4:2:0. Start from `{0}`, with what shall come out. */
struct bt_convert {
    bool full_range;           /* samples use 0 to 255 rather than 16 to 235 */
    enum AVColorSpace matrix;  /* AVCOL_SPC_UNSPECIFIED: whatever comes in */
    struct SwsContext *scaler; /* NULL until a picture needs it */
    struct bt_convert_key {    /* for what it was made */
        int format, width, height, full_range, matrix;
    } key;
};

/* Writes `frame` to `picture`, which has its size made even; the last column and row are repeated
 * where that is larger. Another sample range or colour matrix than what shall come out is
 * converted; what does not say its own has it already. RGB becomes BT.601.
 * BAUTA_ERR_UNSUPPORTED: a pixel format that cannot be converted. */
BAUTA_MUST_CHECK enum bauta_status
bt_convert(struct bt_convert *convert, const struct bauta_picture *picture, const AVFrame *frame);
/* Whether the samples of `frame` have another range, or another matrix, than what comes out. */
bool bt_convert_other_range(const struct bt_convert *convert, const AVFrame *frame);
bool bt_convert_other_matrix(const struct bt_convert *convert, const AVFrame *frame);
/* What pictures of this kind have once they are 8-bit 4:2:0. */
bool bt_convert_full_range(enum AVPixelFormat format, enum AVColorRange range, bool h26x);
const char *bt_convert_format_name(const AVFrame *frame);
/* "10-bit 4:2:2" of what is more than 8-bit 4:2:0; false for what is not. Room for 32. */
bool bt_convert_reduced(char *words, enum AVPixelFormat format);
void bt_convert_clear(struct bt_convert *convert);

#endif
