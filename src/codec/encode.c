/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>

#include "base/frame.h"
#include "codec/colour.h"
#include "codec/timing.h"
#include "demux/demux_state.h"
#include "demux/orientation.h"

enum { NEVER = 1 << 30 };

struct bt_encode {
    AVCodecContext *context;
    AVFrame *frame;
    AVPacket *packet;
    struct bt_timing timing;
    const char *name;
    const struct bauta_log *log;
};

/*
 * Keyframes are those we ask for. Where pictures come at one rate, the encoder is told how far
 * apart they will be, as its look-ahead must not reach far beyond the next (x264 at preset "medium"
 * takes a tenth more bits if it does); one picture of grace keeps it from setting one by itself.
 */
static int longest_gop(const struct bt_encode_settings *s)
{
    const AVStream *like = s->like->video;
    AVRational rate = like->r_frame_rate;
    if (s->gop_s <= 0 || rate.num <= 0 || rate.den <= 0 || av_cmp_q(rate, like->avg_frame_rate))
        return NEVER;
    double pictures = s->gop_s * av_q2d(rate);
    return pictures < 1 ? 2 : pictures < 10000 ? (int)pictures + 2 : NEVER;
}

static void set_x264(AVDictionary **options, const struct bt_encode_settings *s)
{
    char colour[256];
    if (s->lossless)
        av_dict_set(options, "qp", "0", 0);
    bt_colour_print(colour, sizeof(colour), s->like->video, false);
    av_dict_set(options, "x264-params", "scenecut=0", 0);
    av_dict_set(options, "x264-params", colour, AV_DICT_APPEND);
    /* FFmpeg says it with the first picture, when x264 has begun the other way round: what it
     * predicts from is then not what decoders predict from */
    if (bt_colour_interlaced(s->like->video) && !bt_colour_top_first(s->like->video))
        av_dict_set(options, "x264-params", ":bff=1", AV_DICT_APPEND);
}

static void set_x265(AVDictionary **options, const struct bt_encode_settings *s)
{
    av_dict_set(options, "x265-params",
                s->lossless
                    ? "log-level=none:scenecut=0:repeat-headers=1:annexb=1:open-gop=0:lossless=1"
                    : "log-level=none:scenecut=0:repeat-headers=1:annexb=1:open-gop=0",
                0);
    char colour[256];
    bt_colour_print(colour, sizeof(colour), s->like->video, true);
    av_dict_set(options, "x265-params", colour, AV_DICT_APPEND);
}

/* Adds the user's options; those of x264-params and x265-params come after ours, and the last of
 * one name counts. Negative if the text is not made of name=value. */
static int add_options(AVDictionary **options, const char *text)
{
    AVDictionary *more = NULL;
    const AVDictionaryEntry *o = NULL;
    int error = text ? av_dict_parse_string(&more, text, "=", ",", 0) : 0;
    while (error >= 0 && (o = av_dict_get(more, "", o, AV_DICT_IGNORE_SUFFIX))) {
        bool appends = av_dict_get(*options, o->key, NULL, 0) && strstr(o->key, "-params");
        if (appends)
            error = av_dict_set(options, o->key, ":", AV_DICT_APPEND);
        if (error >= 0)
            error = av_dict_set(options, o->key, o->value, appends ? AV_DICT_APPEND : 0);
    }
    av_dict_free(&more);
    return error;
}

static int codec_options(AVDictionary **options, const struct bt_encode_settings *s)
{
    if (!s->encoder) {
        if (s->preset)
            av_dict_set(options, "preset", s->preset, 0);
        av_dict_set(options, "forced-idr", "1", 0);
        if (!s->lossless && s->crf >= 0) {
            char crf[32];
            snprintf(crf, sizeof(crf), "%.2f", s->crf);
            av_dict_set(options, "crf", crf, 0);
        }
        (s->codec == BAUTA_CODEC_H265 ? set_x265 : set_x264)(options, s);
    }
    return add_options(options, s->options);
}

static void describe(AVCodecContext *c, const struct bt_encode_settings *s)
{
    const AVStream *like = s->like->video;
    const AVCodecParameters *p = like->codecpar;
    AVRational rate = av_guess_frame_rate(s->like->format, s->like->video, NULL);
    c->width = s->width;
    c->height = s->height;
    c->pix_fmt = AV_PIX_FMT_YUV420P;
    c->time_base = like->time_base;
    if (rate.num > 0 && rate.den > 0)
        c->framerate = rate;
    c->sample_aspect_ratio = bt_orientation_shape(&s->view);
    c->color_range = s->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    if (p->color_space != AVCOL_SPC_RGB) {
        c->colorspace = p->color_space;
        c->color_primaries = p->color_primaries;
        c->color_trc = p->color_trc;
    }
    const AVPixFmtDescriptor *from = av_pix_fmt_desc_get((enum AVPixelFormat)p->format);
    if (from && from->flags & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL))
        c->colorspace = AVCOL_SPC_SMPTE170M; /* what codec/convert.h makes of RGB */
    c->chroma_sample_location = p->chroma_location;
    if (bt_colour_interlaced(like)) {
        c->field_order = p->field_order;
        c->flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    }
    c->thread_count = s->n_threads;
    c->gop_size = longest_gop(s);
}

static enum bauta_status find_encoder(const AVCodec **found, const struct bt_encode_settings *s)
{
    bool h265 = s->codec == BAUTA_CODEC_H265;
    const char *name = s->encoder ? s->encoder : h265 ? "libx265" : "libx264";
    const AVCodec *codec = avcodec_find_encoder_by_name(name);
    const char *problem = NULL;
    if (!codec)
        problem = "FFmpeg has no encoder";
    else if (bt_ffmpeg_syntax(codec->id) != s->codec)
        problem = h265 ? "H.265 cannot be made by" : "H.264 cannot be made by";
    const enum AVPixelFormat *f = codec ? codec->pix_fmts : NULL;
    while (f && *f != AV_PIX_FMT_YUV420P && *f != AV_PIX_FMT_NONE)
        f++;
    if (!problem && f && *f == AV_PIX_FMT_NONE)
        problem = "planar 4:2:0 pictures are not taken by";
    *found = codec;
    return problem ? bt_log_fail(s->log, BAUTA_ERR_UNSUPPORTED, "%s: %s %s", s->name, problem, name)
                   : BAUTA_OK;
}

/* Opens the encoder; an option that it does not know is an error. */
static enum bauta_status open_with(struct bt_encode *e, const struct bt_encode_settings *s,
                                   const AVCodec *codec, AVDictionary **options)
{
    if (codec_options(options, s) < 0)
        return bt_log_fail(s->log, BAUTA_ERR_ARGUMENT,
                           "%s: encoder options are name=value,name=value, not '%s'", s->name,
                           s->options);
    int error = avcodec_open2(e->context, codec, options);
    if (error < 0)
        return bt_ffmpeg_fail(s->log, error, BAUTA_ERR_CODEC, s->name,
                              "its encoder cannot be opened (are preset and options right?)");
    const AVDictionaryEntry *left = av_dict_get(*options, "", NULL, AV_DICT_IGNORE_SUFFIX);
    return left ? bt_log_fail(s->log, BAUTA_ERR_ARGUMENT, "%s: %s has no option %s", s->name,
                              codec->name, left->key)
                : BAUTA_OK;
}

static enum bauta_status open_context(struct bt_encode *e, const struct bt_encode_settings *s)
{
    const AVCodec *codec;
    enum bauta_status status = find_encoder(&codec, s);
    if (status)
        return status;
    e->context = avcodec_alloc_context3(codec);
    if (!e->context)
        return BAUTA_ERR_MEMORY;
    describe(e->context, s);
    AVDictionary *options = NULL;
    status = open_with(e, s, codec, &options);
    av_dict_free(&options);
    return status;
}

enum bauta_status bt_encode_new(struct bt_encode **encode,
                                const struct bt_encode_settings *settings)
{
    *encode = NULL;
    struct bt_encode *e = calloc(1, sizeof(*e));
    if (!e)
        return BAUTA_ERR_MEMORY;
    e->name = settings->name;
    e->log = settings->log;
    e->frame = av_frame_alloc();
    e->packet = av_packet_alloc();
    enum bauta_status status = e->frame && e->packet ? BAUTA_OK : BAUTA_ERR_MEMORY;
    if (!status)
        status = open_context(e, settings);
    if (!status) {
        e->frame->format = e->context->pix_fmt;
        e->frame->width = e->context->width;
        e->frame->height = e->context->height;
        e->frame->interlaced_frame = bt_colour_interlaced(settings->like->video);
        e->frame->top_field_first = bt_colour_top_first(settings->like->video);
        /* with a decoder's buffer model (HRD) the encoder's ticks count more than times */
        if (!settings->options || !strstr(settings->options, "hrd"))
            bt_timing_init(&e->timing, settings->codec, settings->like->format,
                           settings->like->video);
    }
    if (status)
        bt_encode_free(&e);
    *encode = e;
    return status;
}

void bt_encode_free(struct bt_encode **encode)
{
    struct bt_encode *e = *encode;
    if (!e)
        return;
    avcodec_free_context(&e->context);
    av_frame_free(&e->frame);
    av_packet_free(&e->packet);
    bt_timing_clear(&e->timing);
    free(e);
    *encode = NULL;
}

/* The encoder copies the samples during the call, so a view is enough. */
static enum bauta_status push(struct bt_encode *e, const struct bauta_picture *p, int64_t pts,
                              bool random_access)
{
    for (int i = 0; i < 3; i++) {
        e->frame->data[i] = p->planes[i];
        e->frame->linesize[i] = (int)p->strides[i];
    }
    e->frame->pts = pts;
    e->frame->pict_type = random_access ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    e->frame->color_range = e->context->color_range;
    int error = avcodec_send_frame(e->context, e->frame);
    return error < 0 ? bt_ffmpeg_fail(e->log, error, BAUTA_ERR_CODEC, e->name,
                                      "a picture could not be encoded")
                     : BAUTA_OK;
}

enum bauta_status bt_encode_push_masked(struct bt_encode *e, const struct bt_masked *picture,
                                        int64_t pts, bool random_access)
{
    return push(e, &picture->picture, pts, random_access);
}

enum bauta_status bt_encode_push_revealed(struct bt_encode *e, const struct bt_revealed *picture,
                                          int64_t pts, bool random_access)
{
    return push(e, &picture->picture, pts, random_access);
}

enum bauta_status bt_encode_drain(struct bt_encode *e)
{
    int error = avcodec_send_frame(e->context, NULL);
    return error < 0 && error != AVERROR_EOF
               ? bt_ffmpeg_fail(e->log, error, BAUTA_ERR_CODEC, e->name, "encoding failed")
               : BAUTA_OK;
}

enum bauta_status bt_encode_pull(struct bt_encode *e, struct bt_coded *coded, bool *some)
{
    *some = false;
    av_packet_unref(e->packet);
    int error = avcodec_receive_packet(e->context, e->packet);
    if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
        return BAUTA_OK;
    if (error < 0)
        return bt_ffmpeg_fail(e->log, error, BAUTA_ERR_CODEC, e->name, "encoding failed");
    *coded = (struct bt_coded){{e->packet->data, (size_t)e->packet->size},
                               e->packet->pts,
                               e->packet->dts,
                               (e->packet->flags & AV_PKT_FLAG_KEY) != 0};
    *some = true;
    return bt_timing_tell(&e->timing, &coded->bytes);
}
