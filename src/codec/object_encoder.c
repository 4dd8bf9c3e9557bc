/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/object_avcodec.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "bitstream/access_unit.h"
#include "demux/ffmpeg.h"

/* Object streams over libx264 and libx265: one thread, no reordering, no look-ahead, one unit at
 * once. */
struct object_encoder {
    AVCodecContext *context;
    AVFrame *frame;
    AVPacket *packet;
    enum bauta_codec codec;
    struct bt_buffer unit;
};

void bt_object_encoder_free(void **encoder)
{
    struct object_encoder *e = *encoder;
    if (!e)
        return;
    avcodec_free_context(&e->context);
    av_frame_free(&e->frame);
    av_packet_free(&e->packet);
    bt_buffer_wipe(&e->unit);
    free(e);
    *encoder = NULL;
}

/*
 * Measured on PETS09-S2L1 (bench/): originals are evidence, so the bits go where they bring the
 * samples closest to the source, not where they look best. One quantiser for all, without
 * psychovisual and adaptive quantisation, takes a fifth fewer bits at equal PSNR than a rate
 * factor, which starves what moves, and a third fewer than x264's defaults. Key units return every
 * epoch, so they get less of a bonus than usual.
 */
static void set_h264(AVDictionary **options, const struct bauta_object_codec *codec)
{
    av_dict_set_int(options, "qp", codec->qp, 0);
    av_dict_set(options, "x264-params", "scenecut=0:no-psy=1:aq-mode=0:ipratio=1.2", 0);
}

/* One thread for one picture, and nothing that waits for the next one. Blocks of 32, since those of
 * 64 make x265 3.5 predict from samples that a decoder does not have where pictures are narrow. */
static void set_h265(AVDictionary **options, const struct bauta_object_codec *codec)
{
    char parameters[256];
    int n = snprintf(parameters, sizeof(parameters),
                     "log-level=none:info=0:scenecut=0:aq-mode=0:cutree=0:psy-rd=0:psy-rdoq=0:"
                     "ipratio=1.2:pools=none:frame-threads=1:wpp=0:bframes=0:rc-lookahead=0:"
                     "lookahead-slices=0:repeat-headers=1:annexb=1:ctu=32:");
    if (codec->qp > 0)
        snprintf(parameters + n, sizeof(parameters) - (size_t)n, "qp=%d", codec->qp);
    else
        snprintf(parameters + n, sizeof(parameters) - (size_t)n, "lossless=1");
    av_dict_set(options, "x265-params", parameters, 0);
}

static int open_encoder(struct object_encoder *e, const struct bauta_object_codec *codec, int width,
                        int height)
{
    bool h265 = codec->id == BAUTA_CODEC_H265;
    const AVCodec *found = avcodec_find_encoder_by_name(h265 ? "libx265" : "libx264");
    e->context = found ? avcodec_alloc_context3(found) : NULL;
    if (!e->context)
        return AVERROR_ENCODER_NOT_FOUND;
    AVCodecContext *c = e->context;
    c->width = width;
    c->height = height;
    c->pix_fmt = AV_PIX_FMT_YUV420P;
    c->color_range = codec->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    c->time_base = (AVRational){1, 25}; /* no meaning: the units' times are their pictures' */
    c->thread_count = 1;
    c->max_b_frames = 0;
    c->gop_size = 1 << 30; /* key units are asked for */
    AVDictionary *options = NULL;
    av_dict_set(&options, "preset", codec->preset, 0);
    av_dict_set(&options, "tune", "zerolatency", 0);
    av_dict_set(&options, "forced-idr", "1", 0);
    (h265 ? set_h265 : set_h264)(&options, codec);
    int error = avcodec_open2(c, found, &options);
    av_dict_free(&options);
    return error;
}

enum bauta_status bt_object_encoder_new(void **encoder, const struct bauta_object_codec *codec,
                                        int width, int height)
{
    bt_ffmpeg_quiet();
    *encoder = NULL;
    struct object_encoder *e = calloc(1, sizeof(*e));
    if (!e)
        return BAUTA_ERR_MEMORY;
    void *made = e;
    e->codec = codec->id;
    e->frame = av_frame_alloc();
    e->packet = av_packet_alloc();
    if (!e->frame || !e->packet || open_encoder(e, codec, width, height) < 0) {
        bt_object_encoder_free(&made);
        return BAUTA_ERR_CODEC;
    }
    e->frame->format = AV_PIX_FMT_YUV420P;
    e->frame->width = width;
    e->frame->height = height;
    e->frame->color_range = e->context->color_range;
    *encoder = made;
    return BAUTA_OK;
}

enum bauta_status bt_object_encode(void *encoder, struct bauta_bytes *unit,
                                   const struct bauta_picture *picture, bool key)
{
    struct object_encoder *e = encoder;
    for (int i = 0; i < 3; i++) {
        e->frame->data[i] = picture->planes[i];
        e->frame->linesize[i] = (int)picture->strides[i];
    }
    e->frame->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_P;
    if (avcodec_send_frame(e->context, e->frame) < 0 ||
        avcodec_receive_packet(e->context, e->packet) < 0)
        return BAUTA_ERR_CODEC;
    e->frame->pts++;
    bool is_key = (e->packet->flags & AV_PKT_FLAG_KEY) != 0;
    bt_buffer_reset(&e->unit);
    bt_access_unit_strip(&e->unit, e->codec,
                         (struct bauta_bytes){e->packet->data, (size_t)e->packet->size});
    av_packet_unref(e->packet);
    *unit = bt_buffer_view(&e->unit);
    return is_key == key ? bt_buffer_status(&e->unit) : BAUTA_ERR_CODEC;
}
