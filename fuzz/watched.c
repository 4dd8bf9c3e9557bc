/* SPDX-License-Identifier: Apache-2.0 */
#include "watched.h"

#include <libavcodec/avcodec.h>

#include "law.h"
#include "pieces.h"

/* Of 8x8 pixels: how much of the pattern is in them, in levels. It has 102 itself; the means of a
 * mosaic have next to nothing of it, but in a corner of a mask that is cut small. */
enum { BLOCK = 8, CLEAR_LIKENESS = 60, HIDDEN_LIKENESS = 30 };

static int likeness(const AVFrame *frame, int x, int y)
{
    int sum = 0;
    for (int row = y; row < y + BLOCK; row++)
        for (int column = x; column < x + BLOCK; column++) {
            int value = frame->data[0][row * frame->linesize[0] + column];
            sum += piece_is_bright(column, row) ? value : -value;
        }
    return sum / (BLOCK * BLOCK);
}

static void look(struct watched *w, const AVFrame *frame)
{
    int n = 0, n_clear = 0, n_hidden = 0;
    int right = PIECE_SQUARE_X + PIECE_SQUARE, low = PIECE_SQUARE_Y + PIECE_SQUARE;
    for (int y = PIECE_SQUARE_Y; y + BLOCK <= low && y + BLOCK <= frame->height; y += BLOCK)
        for (int x = PIECE_SQUARE_X; x + BLOCK <= right && x + BLOCK <= frame->width; x += BLOCK) {
            n++;
            n_clear += likeness(frame, x, y) > CLEAR_LIKENESS;
            n_hidden += likeness(frame, x, y) < HIDDEN_LIKENESS;
        }
    w->n_clear += n_clear == n;
    w->n_hidden += n_hidden == n;
}

static void take_pictures(struct watched *w, AVCodecContext *decoder, const AVStream *stream)
{
    AVFrame *frame = av_frame_alloc();
    while (frame && avcodec_receive_frame(decoder, frame) == 0) {
        int64_t at = av_rescale_q(frame->best_effort_timestamp, stream->time_base, AV_TIME_BASE_Q);
        if (w->n_pictures++ == 0)
            w->first_us = at;
        else if (at <= w->last_us)
            w->rising = false;
        w->last_us = at;
        look(w, frame);
    }
    av_frame_free(&frame);
}

static AVCodecContext *open_decoder(const AVStream *stream)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    LAW(decoder && avcodec_parameters_to_context(decoder, stream->codecpar) >= 0);
    decoder->thread_count = 1;
    decoder->pkt_timebase = stream->time_base;
    LAW(avcodec_open2(decoder, codec, NULL) == 0);
    return decoder;
}

static void note_start(struct watched *w, const AVPacket *packet, const AVStream *stream)
{
    int64_t at = packet->pts != AV_NOPTS_VALUE ? packet->pts : packet->dts;
    at = at != AV_NOPTS_VALUE ? av_rescale_q(at, stream->time_base, AV_TIME_BASE_Q) : INT64_MAX;
    bool shown = !(packet->flags & AV_PKT_FLAG_DISCARD);
    w->start_us = shown && at < w->start_us ? at : w->start_us;
}

static void watch_track(struct watched *w, AVFormatContext *file, const AVStream *stream)
{
    AVCodecContext *decoder = open_decoder(stream);
    AVPacket *packet = av_packet_alloc();
    while (packet && av_read_frame(file, packet) == 0) {
        note_start(w, packet, file->streams[packet->stream_index]);
        if (packet->stream_index == stream->index && avcodec_send_packet(decoder, packet) == 0)
            take_pictures(w, decoder, stream);
        av_packet_unref(packet);
    }
    LAW(avcodec_send_packet(decoder, NULL) == 0);
    take_pictures(w, decoder, stream);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
}

bool watch(struct watched *w, const char *path)
{
    AVFormatContext *file = NULL;
    *w = (struct watched){.rising = true, .start_us = INT64_MAX};
    if (avformat_open_input(&file, path, NULL, NULL) < 0)
        return false;
    int video = avformat_find_stream_info(file, NULL) < 0
                    ? -1
                    : av_find_best_stream(file, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    if (video >= 0)
        watch_track(w, file, file->streams[video]);
    avformat_close_input(&file);
    return video >= 0;
}
