/* SPDX-License-Identifier: Apache-2.0 */
#include "media/demux.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "media/demux_private.h"

/* Only files and pipes: a path or a playlist must not make us open connections. */
static const char allowed_protocols[] = "file,pipe";

static enum bauta_status open_format(struct bt_demux *d)
{
    size_t size = strlen(d->path) + sizeof("file:");
    char *url = malloc(size);
    if (!url)
        return BAUTA_ERR_MEMORY;
    snprintf(url, size, "file:%s", d->path);
    AVDictionary *options = NULL;
    av_dict_set(&options, "protocol_whitelist", allowed_protocols, 0);
    int error =
        avformat_open_input(&d->format, strcmp(d->path, "-") ? url : "pipe:0", NULL, &options);
    av_dict_free(&options);
    free(url);
    if (error == AVERROR_INVALIDDATA || error == AVERROR_EOF)
        return bt_log_fail(d->log, BAUTA_ERR_FORMAT, "%s: not a video file", d->path);
    if (error < 0)
        return bt_ffmpeg_fail(d->log, error, BAUTA_ERR_FORMAT, d->path, "cannot be opened");
    error = avformat_find_stream_info(d->format, NULL);
    if (error < 0)
        return bt_ffmpeg_fail(d->log, error, BAUTA_ERR_FORMAT, d->path, "not a video file");
    return BAUTA_OK;
}

static enum bauta_status find_video(struct bt_demux *d)
{
    int index = av_find_best_stream(d->format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    if (index < 0)
        return bt_log_fail(d->log, BAUTA_ERR_FORMAT, "%s: holds no video", d->path);
    d->video = d->format->streams[index];
    const AVCodecParameters *p = d->video->codecpar;
    if (p->width <= 0 || p->height <= 0)
        return bt_log_fail(d->log, BAUTA_ERR_FORMAT, "%s: its video has no readable picture",
                           d->path);
    if (p->width > BT_MAX_SIDE || p->height > BT_MAX_SIDE)
        return bt_log_fail(d->log, BAUTA_ERR_LIMIT,
                           "%s: pictures of %dx%d are larger than %d pixels a side", d->path,
                           p->width, p->height, BT_MAX_SIDE);
    return BAUTA_OK;
}

/* MP4 and Matroska hold NAL units with sizes; everything of ours reads start codes. */
static enum bauta_status open_filter(struct bt_demux *d)
{
    enum AVCodecID id = d->video->codecpar->codec_id;
    if (!bt_ffmpeg_syntax(id))
        return BAUTA_OK;
    const AVBitStreamFilter *filter =
        av_bsf_get_by_name(id == AV_CODEC_ID_H264 ? "h264_mp4toannexb" : "hevc_mp4toannexb");
    int error = filter ? av_bsf_alloc(filter, &d->to_annexb) : AVERROR_BSF_NOT_FOUND;
    if (!error)
        error = avcodec_parameters_copy(d->to_annexb->par_in, d->video->codecpar);
    if (!error) {
        d->to_annexb->time_base_in = d->video->time_base;
        error = av_bsf_init(d->to_annexb);
    }
    return error < 0 ? bt_ffmpeg_fail(d->log, error, BAUTA_ERR_FORMAT, d->path,
                                      "its video headers cannot be read")
                     : BAUTA_OK;
}

enum bauta_status bt_demux_open(struct bt_demux **demux, const char *path,
                                const struct bauta_log *log)
{
    bt_ffmpeg_quiet();
    *demux = NULL;
    struct bt_demux *d = calloc(1, sizeof(*d));
    if (!d)
        return BAUTA_ERR_MEMORY;
    d->log = log;
    d->video_start = AV_NOPTS_VALUE;
    d->path = strdup(path);
    enum bauta_status status = d->path ? open_format(d) : BAUTA_ERR_MEMORY;
    if (!status)
        status = find_video(d);
    if (!status)
        status = open_filter(d);
    if (status)
        bt_demux_free(&d);
    *demux = d;
    return status;
}

void bt_demux_free(struct bt_demux **demux)
{
    struct bt_demux *d = *demux;
    if (!d)
        return;
    av_bsf_free(&d->to_annexb);
    avformat_close_input(&d->format);
    free(d->path);
    free(d);
    *demux = NULL;
}

const char *bt_demux_path(const struct bt_demux *d)
{
    return d->path;
}

static double duration_of(const struct bt_demux *d)
{
    if (d->video->duration > 0)
        return (double)d->video->duration * av_q2d(d->video->time_base);
    return d->format->duration > 0 ? (double)d->format->duration / AV_TIME_BASE : -1.0;
}

void bt_demux_video_info(const struct bt_demux *d, struct bt_video_info *info)
{
    AVRational rate = av_guess_frame_rate(d->format, d->video, NULL);
    if (rate.num <= 0 || rate.den <= 0 || av_q2d(rate) > 1000.0)
        rate = (AVRational){0, 1};
    *info =
        (struct bt_video_info){.codec = bt_ffmpeg_syntax(d->video->codecpar->codec_id),
                               .width = d->video->codecpar->width,
                               .height = d->video->codecpar->height,
                               .rate_num = rate.num,
                               .rate_den = rate.den,
                               .tick_num = d->video->time_base.num,
                               .tick_den = d->video->time_base.den,
                               .duration_s = duration_of(d),
                               .full_range = d->video->codecpar->color_range == AVCOL_RANGE_JPEG};
    if (d->video->nb_frames > 0)
        info->n_pictures = (uint64_t)d->video->nb_frames;
    else if (info->duration_s > 0 && rate.num)
        info->n_pictures = (uint64_t)(info->duration_s * av_q2d(rate) + 0.5);
}

/* Puts a packet through the filter, which gives exactly one for one. */
static int filter_packet(const struct bt_demux *d, AVPacket *av)
{
    int error = av_bsf_send_packet(d->to_annexb, av);
    return error < 0 ? error : av_bsf_receive_packet(d->to_annexb, av);
}

static void note_time(struct bt_demux *d, struct bt_packet *p)
{
    int64_t stamp = p->av->pts != AV_NOPTS_VALUE ? p->av->pts : p->av->dts;
    AVRational rate = av_guess_frame_rate(d->format, d->video, NULL);
    if (stamp != AV_NOPTS_VALUE) {
        if (d->video_start == AV_NOPTS_VALUE)
            d->video_start = stamp;
        p->seconds = (double)(stamp - d->video_start) * av_q2d(p->tick);
        int64_t end = stamp - d->video_start + p->av->duration;
        d->last_end = end > d->last_end ? end : d->last_end;
    } else if (rate.num > 0) {
        p->seconds = (double)p->unit / av_q2d(rate);
    }
}

/* Whether the container promises clearly more video than there was. */
static bool ended_early(const struct bt_demux *d)
{
    if (d->video->nb_frames > 0)
        return d->n_units < d->video->nb_frames;
    if (d->video->duration > 0 && d->n_units > 0 && d->last_end > 0)
        return d->last_end <
               d->video->duration - d->video->duration / 20 - d->last_end / d->n_units;
    return d->n_units == 0;
}

/* Whether a packet belongs to a stream that anybody wants. */
static bool is_wanted(const struct bt_demux *d, const AVPacket *av)
{
    const AVStream *stream = d->format->streams[av->stream_index];
    return stream == d->video || stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
}

enum bauta_status bt_demux_read(struct bt_demux *d, struct bt_packet **packet)
{
    *packet = NULL;
    struct bt_packet *p = calloc(1, sizeof(*p));
    if (p)
        p->av = av_packet_alloc();
    if (!p || !p->av) {
        bt_packet_free(&p);
        return BAUTA_ERR_MEMORY;
    }
    int error;
    while ((error = av_read_frame(d->format, p->av)) >= 0) {
        bool video = p->av->stream_index == d->video->index;
        if (!is_wanted(d, p->av) || (video && p->av->size == 0)) {
            av_packet_unref(p->av);
            continue;
        }
        if (p->av->flags & AV_PKT_FLAG_CORRUPT)
            d->truncated = true;
        p->stream = p->av->stream_index;
        p->tick = d->format->streams[p->stream]->time_base;
        p->video = video;
        if (video && d->to_annexb && filter_packet(d, p->av) < 0) {
            d->truncated = true; /* damaged beyond reading: as good as not there */
            av_packet_unref(p->av);
            continue;
        }
        p->unit = video ? d->n_units++ : 0;
        if (video)
            note_time(d, p);
        *packet = p;
        return BAUTA_OK;
    }
    bt_packet_free(&p);
    if (error == AVERROR(ENOMEM))
        return BAUTA_ERR_MEMORY;
    d->truncated |=
        error != AVERROR_EOF || ended_early(d) || (d->format->pb && d->format->pb->error < 0);
    return BAUTA_OK;
}

bool bt_demux_truncated(const struct bt_demux *d)
{
    return d->truncated;
}

bool bt_packet_is_video(const struct bt_packet *p)
{
    return p->video;
}

struct bauta_bytes bt_packet_bytes(const struct bt_packet *p)
{
    return (struct bauta_bytes){p->av->data, p->av->size > 0 ? (size_t)p->av->size : 0};
}

int64_t bt_packet_unit(const struct bt_packet *p)
{
    return p->unit;
}

double bt_packet_seconds(const struct bt_packet *p)
{
    return p->seconds;
}

void bt_packet_free(struct bt_packet **packet)
{
    if (*packet)
        av_packet_free(&(*packet)->av);
    free(*packet);
    *packet = NULL;
}
