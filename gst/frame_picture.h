/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FRAME_PICTURE_H
#define FRAME_PICTURE_H

#include <gst/video/video.h>

#include <bauta/picture.h>

/* The view of a mapped frame. */
struct bauta_picture frame_picture(const GstVideoFrame *frame);

#endif
