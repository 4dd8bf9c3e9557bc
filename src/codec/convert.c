/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/convert.h"

#include <stdio.h>
#include <string.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

/* Formats that differ from yuv420p and others in name and range only. */
static enum AVPixelFormat without_range(enum AVPixelFormat format)
{
    switch ((int)format) {
    case AV_PIX_FMT_YUVJ420P:
        return AV_PIX_FMT_YUV420P;
    case AV_PIX_FMT_YUVJ422P:
        return AV_PIX_FMT_YUV422P;
    case AV_PIX_FMT_YUVJ444P:
        return AV_PIX_FMT_YUV444P;
    case AV_PIX_FMT_YUVJ440P:
        return AV_PIX_FMT_YUV440P;
    case AV_PIX_FMT_YUVJ411P:
        return AV_PIX_FMT_YUV411P;
    default:
        return format;
    }
}

/* Colours rather than luma and chroma: they have no range of their own. */
static bool is_rgb(const AVPixFmtDescriptor *d)
{
    return d && (d->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
}

static bool is_grey(const AVPixFmtDescriptor *d)
{
    return d && d->nb_components == 1 &&
           !(d->flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_BAYER |
                         AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_RGB));
}

static const AVPixFmtDescriptor *kind_of(const AVFrame *frame)
{
    return av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
}

/* FFmpeg's decoders keep a format of full range when the stream says limited later: what it says
 * counts. */
static bool is_full(enum AVPixelFormat format, enum AVColorRange range)
{
    return range == AVCOL_RANGE_JPEG ||
           (range != AVCOL_RANGE_MPEG && without_range(format) != format);
}

/* Grey pictures that say nothing use all values, but for codecs whose standard says otherwise
 * (H.264 E.2.1, H.265 E.3.1: video_full_range_flag is inferred to be 0). */
bool bt_convert_full_range(enum AVPixelFormat format, enum AVColorRange range, bool h26x)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(format);
    if (is_rgb(d))
        return false;
    return is_full(format, range) || (is_grey(d) && range == AVCOL_RANGE_UNSPECIFIED && !h26x);
}

bool bt_convert_other_range(const struct bt_convert *c, const AVFrame *frame)
{
    enum AVPixelFormat format = (enum AVPixelFormat)frame->format;
    bool full = is_full(format, frame->color_range);
    bool says = full || frame->color_range == AVCOL_RANGE_MPEG;
    return says && !is_rgb(kind_of(frame)) && full != c->full_range;
}

bool bt_convert_other_matrix(const struct bt_convert *c, const AVFrame *frame)
{
    const AVPixFmtDescriptor *d = kind_of(frame);
    return c->matrix != AVCOL_SPC_UNSPECIFIED && frame->colorspace != AVCOL_SPC_UNSPECIFIED &&
           !is_rgb(d) && !is_grey(d) &&
           sws_getCoefficients((int)c->matrix) != sws_getCoefficients((int)frame->colorspace);
}

static void copy_planes(const struct bauta_picture *picture, const AVFrame *frame, int n_planes)
{
    for (int i = 0; i < n_planes; i++) {
        int w = i ? (frame->width + 1) / 2 : frame->width;
        int h = i ? (frame->height + 1) / 2 : frame->height;
        for (int y = 0; y < h; y++)
            memcpy(picture->planes[i] + y * picture->strides[i],
                   frame->data[i] + y * frame->linesize[i], (size_t)w);
    }
}

/* A scaler of one size. The ranges must stand before it is opened: what needs no conversion takes
 * other ways in it. */
static struct SwsContext *new_scaler(const struct bt_convert_key *k, const struct bt_convert *c,
                                     enum AVPixelFormat to)
{
    struct SwsContext *s = sws_alloc_context();
    if (!s)
        return NULL;
    av_opt_set_int(s, "srcw", k->width, 0);
    av_opt_set_int(s, "srch", k->height, 0);
    av_opt_set_int(s, "dstw", k->width, 0);
    av_opt_set_int(s, "dsth", k->height, 0);
    av_opt_set_int(s, "src_format", k->format, 0);
    av_opt_set_int(s, "dst_format", to, 0);
    av_opt_set_int(s, "src_range", k->full_range, 0);
    av_opt_set_int(s, "dst_range", c->full_range, 0);
    av_opt_set_int(s, "sws_flags", SWS_BICUBIC | SWS_ACCURATE_RND, 0);
    bool open = sws_init_context(s, NULL, NULL) >= 0;
    if (open && k->matrix != AVCOL_SPC_UNSPECIFIED)
        open = sws_setColorspaceDetails(s, sws_getCoefficients(k->matrix), k->full_range,
                                        sws_getCoefficients((int)c->matrix), c->full_range, 0,
                                        1 << 16, 1 << 16) >= 0;
    if (!open) {
        sws_freeContext(s);
        s = NULL;
    }
    return s;
}

/* Same size, other samples. */
static enum bauta_status scale(struct bt_convert *c, const struct bauta_picture *picture,
                               const AVFrame *frame, enum AVPixelFormat to)
{
    enum AVPixelFormat from = without_range((enum AVPixelFormat)frame->format);
    const struct bt_convert_key key = {
        from, frame->width, frame->height,
        bt_convert_other_range(c, frame) ? !c->full_range : c->full_range,
        bt_convert_other_matrix(c, frame) ? (int)frame->colorspace : AVCOL_SPC_UNSPECIFIED};
    if (!sws_isSupportedInput(from))
        return BAUTA_ERR_UNSUPPORTED;
    if (!c->scaler || memcmp(&key, &c->key, sizeof(key)) != 0) {
        sws_freeContext(c->scaler);
        c->scaler = new_scaler(&key, c, to);
        c->key = key;
    }
    if (!c->scaler)
        return BAUTA_ERR_UNSUPPORTED;
    uint8_t *planes[4] = {picture->planes[0], picture->planes[1], picture->planes[2], NULL};
    int strides[4] = {(int)picture->strides[0], (int)picture->strides[1], (int)picture->strides[2],
                      0};
    int rows = sws_scale(c->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0,
                         frame->height, planes, strides);
    return rows == frame->height ? BAUTA_OK : BAUTA_ERR_UNSUPPORTED;
}

/* libswscale takes all grey to use all values, whatever it says; so its range must not be
 * converted there. */
static enum bauta_status convert_grey(struct bt_convert *c, const struct bauta_picture *picture,
                                      const AVFrame *frame)
{
    for (int i = 1; i < 3; i++)
        for (int y = 0; y < picture->height / 2; y++)
            memset(picture->planes[i] + y * picture->strides[i], 128, (size_t)picture->width / 2);
    if (bt_convert_other_range(c, frame)) {
        AVFrame luma = *frame; /* a view: as 4:2:0 of which only the luma is read and written */
        luma.data[1] = picture->planes[1];
        luma.data[2] = picture->planes[2];
        luma.linesize[1] = (int)picture->strides[1];
        luma.linesize[2] = (int)picture->strides[2];
        luma.colorspace = AVCOL_SPC_UNSPECIFIED;
        if (frame->format == AV_PIX_FMT_GRAY8)
            luma.format = AV_PIX_FMT_YUV420P;
        return scale(c, picture, &luma, AV_PIX_FMT_YUV420P);
    }
    if (frame->format != AV_PIX_FMT_GRAY8)
        return scale(c, picture, frame, AV_PIX_FMT_GRAY8);
    copy_planes(picture, frame, 1);
    return BAUTA_OK;
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
    bool same = !bt_convert_other_range(c, frame) && !bt_convert_other_matrix(c, frame);
    if (same && without_range((enum AVPixelFormat)frame->format) == AV_PIX_FMT_YUV420P)
        copy_planes(picture, frame, 3);
    else if (is_grey(kind_of(frame)))
        status = convert_grey(c, picture, frame);
    else
        status = scale(c, picture, frame, AV_PIX_FMT_YUV420P);
    if (!status)
        repeat_edge(picture, frame->width, frame->height);
    return status;
}

const char *bt_convert_format_name(const AVFrame *frame)
{
    const char *name = av_get_pix_fmt_name((enum AVPixelFormat)frame->format);
    return name ? name : "unknown";
}

/* "4:4:4" and so on (Poynton's J:a:b); colours are said by name. */
static const char *sampling(const AVPixFmtDescriptor *d)
{
    static const char *const names[3][3] = {
        {"4:4:4", "4:4:0", "4:4:0"}, {"4:2:2", "4:2:0", "4:2:0"}, {"4:1:1", "4:1:0", "4:1:0"}};
    if (is_rgb(d))
        return "RGB";
    if (d->nb_components < 3)
        return "grey";
    return names[d->log2_chroma_w > 2 ? 2 : d->log2_chroma_w]
                [d->log2_chroma_h > 2 ? 2 : d->log2_chroma_h];
}

bool bt_convert_reduced(char *words, enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *d = av_pix_fmt_desc_get(format);
    if (!d)
        return false;
    bool alpha = (d->flags & AV_PIX_FMT_FLAG_ALPHA) && !(d->flags & AV_PIX_FMT_FLAG_PAL);
    const char *chroma = sampling(d);
    snprintf(words, 32, "%d-bit %s%s", d->comp[0].depth, chroma, alpha ? " with alpha" : "");
    return d->comp[0].depth > 8 || alpha ||
           (strcmp(chroma, "4:2:0") != 0 && strcmp(chroma, "grey") != 0);
}

void bt_convert_clear(struct bt_convert *c)
{
    sws_freeContext(c->scaler);
    c->scaler = NULL;
}
