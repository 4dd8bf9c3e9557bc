/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/object_avcodec.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "demux/ffmpeg.h"

struct object_decoder {
    AVCodecContext *context;
    AVFrame *frame;
    AVPacket *packet;
};

void bt_object_decoder_free(void **decoder)
{
    struct object_decoder *d = *decoder;
    if (!d)
        return;
    avcodec_free_context(&d->context);
    av_frame_free(&d->frame);
    av_packet_free(&d->packet);
    free(d);
    *decoder = NULL;
}

enum bauta_status bt_object_decoder_new(void **decoder, const struct bauta_object_codec *codec,
                                        enum bauta_codec id)
{
    (void)codec;
    bt_ffmpeg_quiet();
    *decoder = NULL;
    const AVCodec *found = id == BAUTA_CODEC_H264   ? avcodec_find_decoder(AV_CODEC_ID_H264)
                           : id == BAUTA_CODEC_H265 ? avcodec_find_decoder(AV_CODEC_ID_HEVC)
                                                    : NULL;
    if (!found)
        return BAUTA_ERR_UNSUPPORTED;
    struct object_decoder *d = calloc(1, sizeof(*d));
    if (!d)
        return BAUTA_ERR_MEMORY;
    void *made = d;
    d->context = avcodec_alloc_context3(found);
    d->frame = av_frame_alloc();
    d->packet = av_packet_alloc();
    if (d->context) {
        d->context->thread_count = 1;
        d->context->flags |= AV_CODEC_FLAG_LOW_DELAY;
        d->context->err_recognition = AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER;
        d->context->error_concealment = 0; /* a guessed picture is worse than a masked one */
        d->context->max_pixels = (int64_t)BT_MAX_SIDE * BT_MAX_SIDE;
    }
    if (!d->context || !d->frame || !d->packet || avcodec_open2(d->context, found, NULL) < 0) {
        bt_object_decoder_free(&made);
        return BAUTA_ERR_CODEC;
    }
    *decoder = made;
    return BAUTA_OK;
}

/* libavcodec compares sizes that are aligned to blocks, and rows to its widest registers. */
void bt_object_decoder_limit(void *decoder, int width, int height)
{
    struct object_decoder *d = decoder;
    enum { ROW = 64, BLOCK = 64 };
    const int64_t rows = (height + BLOCK - 1) / BLOCK * BLOCK;
    d->context->max_pixels = (width + ROW - 1) / ROW * ROW * rows;
}

static bool is_whole(const AVFrame *f)
{
    return (f->format == AV_PIX_FMT_YUV420P || f->format == AV_PIX_FMT_YUVJ420P) &&
           !f->decode_error_flags && !(f->flags & AV_FRAME_FLAG_CORRUPT) && f->width % 2 == 0 &&
           f->height % 2 == 0;
}

enum bauta_status bt_object_decode(void *decoder, struct bauta_picture *picture,
                                   struct bauta_bytes unit)
{
    struct object_decoder *d = decoder;
    av_frame_unref(d->frame);
    if (unit.size > BT_MAX_OBJECT_SIZE * 2 || av_new_packet(d->packet, (int)unit.size) < 0)
        return BAUTA_ERR_MEMORY;
    memcpy(d->packet->data, unit.data, unit.size);
    int error = avcodec_send_packet(d->context, d->packet);
    av_packet_unref(d->packet);
    if (error < 0 || avcodec_receive_frame(d->context, d->frame) < 0 || !is_whole(d->frame))
        return BAUTA_ERR_CODEC;
    *picture = (struct bauta_picture){.width = d->frame->width, .height = d->frame->height};
    for (int i = 0; i < 3; i++) {
        picture->planes[i] = d->frame->data[i];
        picture->strides[i] = d->frame->linesize[i];
    }
    return BAUTA_OK;
}
