/* SPDX-License-Identifier: Apache-2.0 */
#include "media/convert.h"

#include <string.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

/* Formats that differ from yuv420p in name and range only. */
static enum AVPixelFormat without_range(enum AVPixelFormat format)
{
    switch ((int)format) {
    case AV_PIX_FMT_YUVJ420P:
        return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
        return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
        return AV_PIX_FMT_YUV444P;
    default:
        return format;
    }
}

static void copy_planes(const struct bauta_picture *picture, const AVFrame *frame)
{
    for (int i = 0; i < 3; i++) {
        int w = i ? (frame->width + 1) / 2 : frame->width;
        int h = i ? (frame->height + 1) / 2 : frame->height;
        for (int y = 0; y < h; y++)
            memcpy(picture->planes[i] + y * picture->strides[i],
                   frame->data[i] + y * frame->linesize[i], (size_t)w);
    }
}

/* Same size, other samples. RGB becomes limited range; YCbCr keeps the range it has. */
static enum bauta_status scale(struct bt_convert *c, const struct bauta_picture *picture,
                               const AVFrame *frame)
{
    enum AVPixelFormat from = without_range((enum AVPixelFormat)frame->format);
    if (!sws_isSupportedInput(from))
        return BAUTA_ERR_UNSUPPORTED;
    c->scaler = sws_getCachedContext(c->scaler, frame->width, frame->height, from, frame->width,
                                     frame->height, AV_PIX_FMT_YUV420P,
                                     SWS_BICUBIC | SWS_ACCURATE_RND, NULL, NULL, NULL);
    if (!c->scaler)
        return BAUTA_ERR_UNSUPPORTED;
    uint8_t *planes[4] = {picture->planes[0], picture->planes[1], picture->planes[2], NULL};
    int strides[4] = {(int)picture->strides[0], (int)picture->strides[1], (int)picture->strides[2],
                      0};
    int rows = sws_scale(c->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0,
                         frame->height, planes, strides);
    return rows == frame->height ? BAUTA_OK : BAUTA_ERR_UNSUPPORTED;
}

/* Repeats luma's last column and row where the size was made even; chroma is rounded up already. */
static void repeat_edge(const struct bauta_picture *picture, int width, int height)
{
    uint8_t *luma = picture->planes[0];
    ptrdiff_t stride = picture->strides[0];
    if (picture->width > width)
        for (int y = 0; y < height; y++)
            luma[y * stride + width] = luma[y * stride + width - 1];
    if (picture->height > height)
        memcpy(luma + height * stride, luma + (height - 1) * stride, (size_t)picture->width);
}

enum bauta_status bt_convert(struct bt_convert *c, const struct bauta_picture *picture,
                             const AVFrame *frame)
{
    enum bauta_status status = BAUTA_OK;
    if (without_range((enum AVPixelFormat)frame->format) == AV_PIX_FMT_YUV420P)
        copy_planes(picture, frame);
    else
        status = scale(c, picture, frame);
    if (!status)
        repeat_edge(picture, frame->width, frame->height);
    return status;
}

const char *bt_convert_format_name(const AVFrame *frame)
{
    const char *name = av_get_pix_fmt_name((enum AVPixelFormat)frame->format);
    return name ? name : "unknown";
}

void bt_convert_clear(struct bt_convert *c)
{
    sws_freeContext(c->scaler);
    c->scaler = NULL;
}
