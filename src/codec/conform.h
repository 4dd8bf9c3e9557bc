/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_CONFORM_H
#define BT_CONFORM_H

#include "base/frame.h"
#include "codec/convert.h"
#include "codec/fit.h"
#include "demux/ffmpeg.h"

/* Makes what comes out of a decoder all alike: 8-bit 4:2:0 of one sample range, one colour matrix
 * and, if need be, one size; and says what is lost by that. */
struct bt_conform {
    const char *path; /* of the input, for sentences; borrowed */
    const struct bauta_log *log;
    struct bt_convert convert;
    struct bt_fit fit;
    AVRational shape; /* of the samples that come out */
    bool tells;       /* say also what the format and an odd size lose */
    bool reduced;     /* something was lost */
    bool said_range, said_matrix;
    int told_format, told_width, told_height; /* of what was told last */
};

/* What comes out is as `context` and `parameters` say of the first pictures. */
void bt_conform_init(struct bt_conform *conform, const char *path, const struct bauta_log *log,
                     const AVCodecContext *context, const AVCodecParameters *parameters);
/* Makes a picture of `frame`, of `width` x `height`, which are even, and notes in it
 * whether it had another size; `seconds` is its time.
 * BAUTA_ERR_UNSUPPORTED: a pixel format that cannot be converted; having said so. */
BAUTA_MUST_CHECK enum bauta_status bt_conform(struct bt_conform *conform, struct bt_frame *picture,
                                              const AVFrame *frame, int width, int height,
                                              double seconds);
/* From now on says what format and size lose, beginning with what was met already. */
void bt_conform_tell(struct bt_conform *conform);
void bt_conform_clear(struct bt_conform *conform);

#endif
