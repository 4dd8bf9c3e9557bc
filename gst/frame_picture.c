/* SPDX-License-Identifier: Apache-2.0 */
#include "frame_picture.h"

struct bauta_picture frame_picture(const GstVideoFrame *frame)
{
    struct bauta_picture picture = {
        GST_VIDEO_FRAME_WIDTH(frame), GST_VIDEO_FRAME_HEIGHT(frame), {NULL}, {0}};
    for (int i = 0; i < 3; i++) {
        picture.planes[i] = GST_VIDEO_FRAME_PLANE_DATA(frame, i);
        picture.strides[i] = GST_VIDEO_FRAME_PLANE_STRIDE(frame, i);
    }
    return picture;
}
