/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ORIENTATION_H
#define BT_ORIENTATION_H

#include <bauta/view.h>

#include "media/ffmpeg.h"

/*
 * How a file says that its pictures are to be shown: a display matrix of the container (ISO/IEC
 * 14496-12, 8.3.2) or a display orientation SEI message (ITU-T H.264 D.2.27, H.265 D.2.17), which
 * FFmpeg gives as a matrix too and which wins, as in ffmpeg and mpv; and the shape of a pixel, of
 * which that of the container wins.
 */

/* What messages in the stream say. Start from `{0}`. */
struct bt_orientation {
    bool some;
    int32_t matrix[9];
};

/* Of one decoded picture; `frame` NULL: what the container says. FFmpeg gives a message with the
 * picture that carries it; it holds on until another one comes, or a key picture without any. (One
 * that says "as it is" FFmpeg does not give at all, so that in the middle of a GOP it is missed.)
 * `*exact` is false where the matrix is no multiple of 90 degrees or is skewed: the view is then
 * the nearest. */
struct bauta_view bt_orientation_of(struct bt_orientation *orientation, bool *exact,
                                    AVFormatContext *format, AVStream *stream, AVFrame *frame);
/* Lets `stream`, of pictures of `width` x `height`, say how they are shown. BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status
bt_orientation_tell(AVStream *stream, const struct bauta_view *view, int width, int height);
/* The shape of a stored pixel as FFmpeg has it; 0/1 if it is not told. */
AVRational bt_orientation_shape(const struct bauta_view *view);

#endif
