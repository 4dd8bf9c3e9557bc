/* SPDX-License-Identifier: Apache-2.0 */
#include "media/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "media/convert.h"
#include "media/demux_private.h"
#include "media/fields.h"
#include "media/orientation.h"

enum { N_STAMPS = 1024 }; /* more than any decoder holds back */

struct bt_decode {
    const struct bt_demux *demux;
    AVCodecContext *context;
    AVFrame *frame;
    AVPacket *packet;
    struct bt_convert convert;
    struct bt_orientation orientation;
    bool odd_view;          /* it was said that no right angle is meant */
    int width, height;      /* of what comes out */
    struct bt_decode_unit { /* unit n at n % N_STAMPS */
        int64_t pts;
        bool waits; /* for its picture */
    } units[N_STAMPS];
    struct bt_decode_times { /* of units without a presentation time, in the order of decoding */
        int64_t items[N_STAMPS];
        int first, n_items;
    } times;
    struct bt_fields fields;
    int64_t last_pts, step;
    bool started;
    uint64_t n_errors, n_lost;
};

static enum bauta_status open_context(struct bt_decode *d, int n_threads)
{
    const AVStream *stream = d->demux->video;
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    if (!codec)
        return bt_log_fail(d->demux->log, BAUTA_ERR_UNSUPPORTED, "%s: no decoder for '%s' video",
                           d->demux->path, avcodec_get_name(stream->codecpar->codec_id));
    d->context = avcodec_alloc_context3(codec);
    if (!d->context)
        return BAUTA_ERR_MEMORY;
    int error = avcodec_parameters_to_context(d->context, stream->codecpar);
    d->context->thread_count = n_threads;
    d->context->pkt_timebase = stream->time_base;
    d->context->max_pixels = (int64_t)BT_MAX_SIDE * BT_MAX_SIDE;
    if (!error && d->demux->to_annexb) /* packets come as Annex B, so the headers must be too */
        error = avcodec_parameters_to_context(d->context, d->demux->to_annexb->par_out);
    if (!error)
        error = avcodec_open2(d->context, codec, NULL);
    return error < 0 ? bt_ffmpeg_fail(d->demux->log, error, BAUTA_ERR_UNSUPPORTED, d->demux->path,
                                      "its decoder cannot be opened")
                     : BAUTA_OK;
}

enum bauta_status bt_decode_new(struct bt_decode **decode, const struct bt_demux *demux,
                                int n_threads)
{
    *decode = NULL;
    struct bt_decode *d = calloc(1, sizeof(*d));
    if (!d)
        return BAUTA_ERR_MEMORY;
    d->demux = demux;
    d->width = (demux->video->codecpar->width + 1) & ~1;
    d->height = (demux->video->codecpar->height + 1) & ~1;
    AVRational rate = av_guess_frame_rate(demux->format, demux->video, NULL);
    d->step = rate.num > 0 ? av_rescale_q(1, av_inv_q(rate), demux->video->time_base) : 1;
    if (d->step < 1)
        d->step = 1;
    d->frame = av_frame_alloc();
    d->packet = av_packet_alloc();
    enum bauta_status status = d->frame && d->packet ? BAUTA_OK : BAUTA_ERR_MEMORY;
    if (!status)
        status = open_context(d, n_threads);
    if (!status)
        status = bt_fields_open(&d->fields, d->context);
    if (!status && (d->width < BT_MIN_SIDE || d->height < BT_MIN_SIDE))
        status = bt_log_fail(demux->log, BAUTA_ERR_UNSUPPORTED,
                             "%s: pictures of %dx%d are smaller than %d pixels a side", demux->path,
                             d->width, d->height, BT_MIN_SIDE);
    if (status)
        bt_decode_free(&d);
    *decode = d;
    return status;
}

void bt_decode_free(struct bt_decode **decode)
{
    struct bt_decode *d = *decode;
    if (!d)
        return;
    bt_convert_clear(&d->convert);
    bt_fields_clear(&d->fields);
    av_frame_free(&d->frame);
    av_packet_free(&d->packet);
    avcodec_free_context(&d->context);
    free(d);
    *decode = NULL;
}

void bt_decode_size(const struct bt_decode *d, int *width, int *height)
{
    *width = d->width;
    *height = d->height;
}

/* The n-th picture shown takes the n-th time: a container that has times in the order of decoding
 * only (AVI) has a place for each picture. */
static void push_time(struct bt_decode_times *t, int64_t time)
{
    if (t->n_items == N_STAMPS) {
        t->first = (t->first + 1) % N_STAMPS;
        t->n_items--;
    }
    t->items[(t->first + t->n_items++) % N_STAMPS] = time;
}

static int64_t take_time(struct bt_decode_times *t)
{
    if (t->n_items == 0)
        return AV_NOPTS_VALUE;
    int64_t time = t->items[t->first];
    t->first = (t->first + 1) % N_STAMPS;
    t->n_items--;
    return time;
}

/* Every unit has a picture to come out, but for those that nobody is shown. The second field of a
 * frame comes out with the first. */
static void note_unit(struct bt_decode *d, const struct bt_packet *packet)
{
    struct bt_decode_unit *unit = &d->units[packet->unit % N_STAMPS];
    int64_t pts = packet->av->pts, dts = packet->av->dts;
    d->n_lost += unit->waits;
    bool second = bt_fields_second(&d->fields, packet->av);
    *unit = (struct bt_decode_unit){pts, d->demux->to_annexb && !packet->hidden && !second};
    if (pts != AV_NOPTS_VALUE || dts == AV_NOPTS_VALUE || packet->hidden || second)
        return;
    if (d->context->has_b_frames == 0)
        unit->pts = dts;
    else
        push_time(&d->times, dts);
}

/* The packet's number goes through the decoder as its time stamp, so that pictures can be told
 * apart whatever the stamps of the file are worth. */
enum bauta_status bt_decode_push(struct bt_decode *d, const struct bt_packet *packet)
{
    if (!packet) {
        int error = avcodec_send_packet(d->context, NULL);
        return error == AVERROR(ENOMEM) ? BAUTA_ERR_MEMORY : BAUTA_OK;
    }
    av_packet_unref(d->packet);
    if (av_packet_ref(d->packet, packet->av) < 0)
        return BAUTA_ERR_MEMORY;
    note_unit(d, packet);
    d->packet->pts = d->packet->dts = packet->unit;
    int error = avcodec_send_packet(d->context, d->packet);
    av_packet_unref(d->packet);
    if (error == AVERROR(ENOMEM))
        return BAUTA_ERR_MEMORY;
    d->n_errors += error < 0;
    return BAUTA_OK;
}

static int64_t next_pts(struct bt_decode *d, int64_t unit)
{
    struct bt_decode_unit *u = &d->units[unit % N_STAMPS];
    int64_t pts = u->pts != AV_NOPTS_VALUE ? u->pts : take_time(&d->times);
    u->waits = false;
    if (pts == AV_NOPTS_VALUE)
        pts = d->started ? d->last_pts + d->step : 0;
    if (d->started && pts <= d->last_pts)
        pts = d->last_pts + d->step;
    d->started = true;
    d->last_pts = pts;
    return pts;
}

/* At the end: what still waits never came. */
static void count_lost(struct bt_decode *d)
{
    for (int i = 0; i < N_STAMPS; i++) {
        d->n_lost += d->units[i].waits;
        d->units[i].waits = false;
    }
}

static struct bauta_view view_of(struct bt_decode *d)
{
    bool exact;
    struct bauta_view view =
        bt_orientation_of(&d->orientation, &exact, d->demux->format, d->demux->video, d->frame);
    if (!exact && !d->odd_view)
        bt_log(d->demux->log, BAUTA_LOG_WARNING,
               "%s: its pictures are to be shown askew; they are taken as turned by %d degrees%s",
               d->demux->path, view.turn, view.mirrored ? ", mirrored" : "");
    d->odd_view |= !exact;
    return view;
}

enum bauta_status bt_decode_pull(struct bt_decode *d, struct bt_decoded *decoded, bool *some)
{
    *decoded = (struct bt_decoded){.unit = -1};
    *some = false;
    int error;
    while ((error = avcodec_receive_frame(d->context, d->frame)) < 0) {
        if (error == AVERROR(ENOMEM))
            return BAUTA_ERR_MEMORY;
        if (error == AVERROR_EOF)
            count_lost(d);
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
            return BAUTA_OK;
        d->n_errors++;
    }
    int width = (d->frame->width + 1) & ~1, height = (d->frame->height + 1) & ~1;
    if (width != d->width || height != d->height)
        return bt_log_fail(d->demux->log, BAUTA_ERR_UNSUPPORTED,
                           "%s: its pictures change from %dx%d to %dx%d, which is not supported",
                           d->demux->path, d->width, d->height, width, height);
    enum bauta_status status = bt_frame_init(&decoded->frame, width, height);
    if (!status)
        status = bt_convert(&d->convert, &decoded->frame.picture, d->frame);
    if (status == BAUTA_ERR_UNSUPPORTED)
        status = bt_log_fail(d->demux->log, status, "%s: pixel format '%s' is not supported",
                             d->demux->path, bt_convert_format_name(d->frame));
    decoded->view = view_of(d);
    decoded->unit = d->frame->pts != AV_NOPTS_VALUE ? d->frame->pts : 0;
    decoded->pts = next_pts(d, decoded->unit);
    decoded->seconds = (double)decoded->pts * av_q2d(d->demux->video->time_base);
    av_frame_unref(d->frame);
    if (status)
        bt_decoded_clear(decoded);
    *some = status == BAUTA_OK;
    return status;
}

uint64_t bt_decode_errors(const struct bt_decode *d)
{
    return d->n_errors;
}

uint64_t bt_decode_lost(const struct bt_decode *d)
{
    return d->n_lost;
}

bool bt_decode_full_range(const struct bt_decode *d)
{
    enum AVPixelFormat f = d->context->pix_fmt;
    return d->context->color_range == AVCOL_RANGE_JPEG || f == AV_PIX_FMT_YUVJ420P ||
           f == AV_PIX_FMT_YUVJ422P || f == AV_PIX_FMT_YUVJ444P;
}

void bt_decoded_view_clear(struct bt_clear *clear, const struct bt_decoded *decoded)
{
    clear->picture = decoded->frame.picture;
}

void bt_decoded_view_masked(struct bt_masked *masked, const struct bt_decoded *decoded)
{
    masked->picture = decoded->frame.picture;
}

void bt_decoded_clear(struct bt_decoded *decoded)
{
    bt_frame_clear(&decoded->frame);
}
