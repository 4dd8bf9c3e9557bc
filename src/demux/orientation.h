/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ORIENTATION_H
#define BT_ORIENTATION_H

#include <bauta/view.h>

#include "demux/ffmpeg.h"

/*
 * How a file says that its pictures are to be shown: a display matrix of the container (ISO/IEC
 * 14496-12, 8.3.2) or a display orientation SEI message (bauta_view_read()) or EXIF data of a
 * JPEG, which win, as in ffmpeg and mpv; and the shape of a pixel, of which that of the container
 * wins.
 */

/* What messages say. */
struct bt_orientation_message {
    bool some;  /* they say anything */
    bool exact; /* `view` is that, not only the nearest to it */
    struct bauta_view view;
};

/* Of one decoded picture; `message`: what the stream says of it, or NULL; `frame` NULL: what the
 * container says. `*exact` is false where it is no multiple of 90 degrees or is skewed: the view is
 * then the nearest. */
struct bauta_view bt_orientation_of(const struct bt_orientation_message *message, bool *exact,
                                    AVFormatContext *format, AVStream *stream, AVFrame *frame);
/* Lets `stream`, of pictures of `width` x `height`, say how they are shown. BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status
bt_orientation_tell(AVStream *stream, const struct bauta_view *view, int width, int height);
/* The shape of a stored pixel as FFmpeg has it; 0/1 if it is not told. */
AVRational bt_orientation_shape(const struct bauta_view *view);

#endif
