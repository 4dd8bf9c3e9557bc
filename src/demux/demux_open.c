/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/demux.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libavutil/avstring.h>

#include "base/limits.h"
#include "demux/demux_state.h"

/* Only files and pipes: a path must not make us open connections. */
static const char allowed_protocols[] = "file,pipe";
/* A longer pause is a jump of the clock: in containers whose clock is the camera's own, and in
 * those that count from their start. */
static const int64_t longest_pause_us = 60000000, longest_gap_us = 600000000;
/* How far is read for the first picture of a stream that begins in the middle of a long GOP. */
static const int64_t longest_span = INT64_C(1) << 40; /* in ticks */
enum { MOST_COUNTED = 64 };                           /* pictures */
static const char far_bytes[] = "67108864", far_us[] = "120000000";

/* Formats that hold their pictures themselves; FFmpeg knows others that name files, or read them
 * (concat, hls, dash, imf, vobsub, sdp ...). */
static const char allowed_formats[] =
    "mov,matroska,avi,mpegts,mpegtsraw,mpeg,mpegvideo,m4v,flv,live_flv,asf,asf_o,h264,hevc,av1,obu,"
    "ivf,ogg,nut,mxf,gxf,dhav,dv,mjpeg,mjpeg_2000,mpjpeg,yuv4mpegpipe,gif,apng,wtv,rm,nsv,vc1,"
    "vc1test,h261,h263,cavsvideo,avs2,avs3,dnxhd,dirac,ty,pva,kux,ivr,ifv,iv8,lmlm4,luodat,lvf,"
    "mods,"
    "smjpeg,lxf,nuv,r3d,image2,bmp_pipe,"
    "gif_pipe,j2k_pipe,jpeg_pipe,jpegls_pipe,jpegxl_pipe,pam_pipe,pbm_pipe,pgm_pipe,pgmyuv_pipe,"
    "png_pipe,ppm_pipe,qoi_pipe,sgi_pipe,sunrast_pipe,tiff_pipe,webp_pipe";

/* One input is one file: playlists and the like, which name others, are refused. */
static int open_once(AVFormatContext *format, AVIOContext **io, const char *url, int flags,
                     AVDictionary **options)
{
    struct bt_demux *d = format->opaque;
    d->names_others |= d->opened;
    d->opened = true;
    return d->names_others ? AVERROR(EPERM) : d->open(format, io, url, flags, options);
}

static int is_refused(void *user)
{
    const struct bt_demux *d = user;
    return d->names_others || (d->stopped && d->stopped(d->user));
}

void bt_demux_stop_when(struct bt_demux *d, bool (*stopped)(void *user), void *user)
{
    d->stopped = stopped;
    d->user = user;
}

/* `flags` are AVFMT_FLAG_.... */
static int open_input(struct bt_demux *d, bool far, int flags)
{
    size_t size = strlen(d->path) + sizeof("file:");
    char *url = malloc(size);
    d->format = avformat_alloc_context();
    if (!url || !d->format) {
        free(url);
        return AVERROR(ENOMEM);
    }
    snprintf(url, size, "file:%s", d->path);
    d->opened = false;
    d->open = d->format->io_open;
    d->format->opaque = d;
    d->format->flags |= flags;
    d->format->io_open = open_once;
    d->format->interrupt_callback = (AVIOInterruptCB){is_refused, d};
    AVDictionary *options = NULL;
    av_dict_set(&options, "protocol_whitelist", allowed_protocols, 0);
    av_dict_set(&options, "format_whitelist", allowed_formats, 0);
    av_dict_set(&options, "pattern_type", "none", 0);    /* a still, not "%d" for many */
    av_dict_set(&options, "merge_pmt_versions", "1", 0); /* MPEG-TS: a track may change its PID */
    if (far) {
        av_dict_set(&options, "probesize", far_bytes, 0);
        av_dict_set(&options, "analyzeduration", far_us, 0);
    }
    int error =
        avformat_open_input(&d->format, strcmp(d->path, "-") ? url : "pipe:0", NULL, &options);
    av_dict_free(&options);
    free(url);
    return error;
}

static bool begins_as_mp4(const char *path)
{
    char head[8] = {0};
    FILE *file = fopen(path, "rb");
    bool read = file && fread(head, sizeof(head), 1, file) == 1;
    if (file)
        fclose(file);
    return read && memcmp(head + 4, "ftyp", 4) == 0;
}

/* The format that a file is in, where it is one that is not read; else NULL. */
static const char *other_format(const char *path)
{
    AVIOContext *io = NULL;
    const AVInputFormat *format = NULL;
    char url[4096];
    if (snprintf(url, sizeof(url), "file:%s", path) >= (int)sizeof(url) ||
        avio_open2(&io, url, AVIO_FLAG_READ, NULL, NULL) < 0)
        return NULL;
    int score = av_probe_input_buffer2(io, &format, path, NULL, 0, 0);
    avio_closep(&io);
    return score >= 0 && format && av_match_list(format->name, allowed_formats, ',') <= 0
               ? format->name
               : NULL;
}

static enum bauta_status fail_to_open(const struct bt_demux *d, int error)
{
    if (d->names_others)
        return bt_log_fail(d->log, BAUTA_ERR_UNSUPPORTED,
                           "%s: is no video but names other files, as playlists do: give those, or "
                           "join them to one file",
                           d->path);
    if (error == AVERROR_INVALIDDATA && strcmp(d->path, "-") && begins_as_mp4(d->path))
        return bt_log_fail(
            d->log, BAUTA_ERR_FORMAT,
            "%s: has no index of an MP4 that can be read, as where a recording broke "
            "off before it was written",
            d->path);
    if (error == AVERROR_INVALIDDATA || error == AVERROR_EOF)
        return bt_log_fail(d->log, BAUTA_ERR_FORMAT, "%s: not a video file", d->path);
    const char *other = error == AVERROR(EINVAL) ? other_format(d->path) : NULL;
    if (other)
        return bt_log_fail(d->log, BAUTA_ERR_UNSUPPORTED,
                           "%s: is of the format %s, which is not read here: it is no video, or "
                           "names other files, as playlists do: give those, or join them to one",
                           d->path, other);
    return bt_ffmpeg_fail(d->log, error, BAUTA_ERR_FORMAT, d->path, "cannot be opened");
}

static enum bauta_status open_format(struct bt_demux *d, bool far)
{
    if (strcmp(d->path, "-") != 0 && access(d->path, F_OK) != 0)
        return bt_log_fail(d->log, BAUTA_ERR_IO, "%s: %s", d->path, strerror(errno));
    int error = open_input(d, far, 0);
    /* FFmpeg first reads the indexes of all fragments of an MP4, and gives up the whole file where
     * the last one is cut, unless it is told to read on one by one. */
    bool cut = (error == AVERROR_INVALIDDATA || error == AVERROR_EOF) && strcmp(d->path, "-");
    if (cut)
        error = open_input(d, far, AVFMT_FLAG_IGNIDX);
    if (error < 0)
        return fail_to_open(d, error);
    error = avformat_find_stream_info(d->format, NULL);
    if (d->names_others)
        return fail_to_open(d, error);
    if (error < 0)
        return bt_ffmpeg_fail(d->log, error, BAUTA_ERR_FORMAT, d->path, "not a video file");
    d->n_streams = (int)d->format->nb_streams;
    return BAUTA_OK;
}

static bool is_video_track(const AVStream *stream)
{
    return stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
           !(stream->disposition & AV_DISPOSITION_ATTACHED_PIC);
}

/* The `track`th video track, from 1; with 0 the best one. */
static AVStream *choose_video(const struct bt_demux *d, int track)
{
    int best = av_find_best_stream(d->format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    if (!track && best >= 0 && is_video_track(d->format->streams[best]))
        return d->format->streams[best];
    for (unsigned i = 0, n = 0; i < d->format->nb_streams; i++)
        if (is_video_track(d->format->streams[i]) && ++n == (unsigned)(track ? track : 1))
            return d->format->streams[i];
    return NULL;
}

static enum bauta_status check_size(const struct bt_demux *d)
{
    const AVCodecParameters *p = d->video->codecpar;
    if (p->codec_tag == MKTAG('e', 'n', 'c', 'v'))
        return bt_log_fail(d->log, BAUTA_ERR_UNSUPPORTED,
                           "%s: is encrypted (CENC): decrypt it first", d->path);
    if (p->width <= 0 || p->height <= 0)
        return bt_log_fail(d->log, BAUTA_ERR_FORMAT, "%s: its video has no readable picture",
                           d->path);
    if (p->width > BT_MAX_SIDE || p->height > BT_MAX_SIDE)
        return bt_log_fail(d->log, BAUTA_ERR_LIMIT,
                           "%s: pictures of %dx%d are larger than %d pixels a side", d->path,
                           p->width, p->height, BT_MAX_SIDE);
    return BAUTA_OK;
}

static enum bauta_status find_video(struct bt_demux *d, int track)
{
    int n = 0;
    for (unsigned i = 0; i < d->format->nb_streams; i++)
        n += is_video_track(d->format->streams[i]);
    d->n_video_tracks = n;
    if (n > 0 && track > n)
        return bt_log_fail(d->log, BAUTA_ERR_ARGUMENT, "%s: has no video track %d, but %d", d->path,
                           track, n);
    d->video = choose_video(d, track);
    return d->video ? BAUTA_OK
                    : bt_log_fail(d->log, BAUTA_ERR_FORMAT, "%s: holds no video", d->path);
}

/* Opens the file and finds its video. A stream that begins in the middle of a long GOP needs a
 * farther look; a pipe can be looked at once only. */
static enum bauta_status open_video(struct bt_demux *d, int track)
{
    bool far = strcmp(d->path, "-") == 0;
    enum bauta_status status = open_format(d, far);
    if (!status)
        status = find_video(d, track);
    if (!status && !far && d->video->codecpar->width <= 0) {
        avformat_close_input(&d->format);
        status = open_format(d, true);
        if (!status)
            status = find_video(d, track);
    }
    return status ? status : check_size(d);
}

/* The earliest time of what is shown or heard, which becomes 0. What an edit list hides lies before
 * 0. */
static int64_t find_zero(const struct bt_demux *d)
{
    int64_t zero = INT64_MAX;
    for (unsigned i = 0; i < d->format->nb_streams; i++) {
        const AVStream *s = d->format->streams[i];
        if ((s != d->video && s->codecpar->codec_type != AVMEDIA_TYPE_AUDIO) ||
            s->start_time == AV_NOPTS_VALUE)
            continue;
        int64_t start = av_rescale_q(s->start_time, s->time_base, AV_TIME_BASE_Q);
        zero = start < zero ? start : zero;
    }
    if (zero == INT64_MAX)
        return 0;
    return zero < 0 && d->kind.mov ? 0 : zero;
}

static struct bt_demux_kind kind_of(const AVInputFormat *format)
{
    const char *name = format->name;
    struct bt_demux_kind kind = {.mov = strstr(name, "mp4") != NULL,
                                 .matroska = strstr(name, "matroska") != NULL,
                                 .avi = strcmp(name, "avi") == 0,
                                 .mpegts = strcmp(name, "mpegts") == 0,
                                 .utc = strcmp(name, "dhav") == 0,
                                 .anew = (format->flags & AVFMT_TS_DISCONT) != 0,
                                 .untimed = (format->flags & AVFMT_NOTIMESTAMPS) != 0};
    kind.numbers_only = kind.mov || kind.matroska || kind.avi || strcmp(name, "nut") == 0;
    return kind;
}

/* Pictures a second of the first ones; 0/1 if all have a time, or none. */
static AVRational count_rate(struct bt_demux *d)
{
    const AVPacket *next;
    AVRational rate = {0, 1}, tick = d->video->time_base;
    int64_t n = 0, n_timed = 0, first = 0, since = 0, last = 0, until = 0;
    for (int i = 0; n < MOST_COUNTED && (next = bt_demux_peek(d, i)); i++) {
        if (next->stream_index != d->video->index)
            continue;
        if (next->dts != AV_NOPTS_VALUE && n_timed++ == 0) {
            first = n;
            since = next->dts;
        } else if (next->dts != AV_NOPTS_VALUE) {
            last = n;
            until = next->dts;
        }
        n++;
    }
    int64_t span = av_sat_sub64(until, since);
    if (n_timed < n && last > first && span > 0 && span < longest_span)
        av_reduce(&rate.num, &rate.den, (last - first) * tick.den, span * tick.num, INT_MAX);
    return rate;
}

/* FFmpeg goes by times: where not every picture has one, it takes the distance of those that do for
 * the rate. */
static AVRational rate_of(struct bt_demux *d)
{
    AVRational counted = d->kind.numbers_only ? (AVRational){0, 1} : count_rate(d);
    if (counted.num > 0)
        d->video->r_frame_rate = d->video->avg_frame_rate = counted; /* for all who ask FFmpeg */
    AVRational rate = av_guess_frame_rate(d->format, d->video, NULL);
    if (rate.num <= 0 || rate.den <= 0 || av_q2d(rate) > 1000.0)
        return (AVRational){0, 1};
    return rate;
}

enum bauta_status bt_demux_open_track(struct bt_demux **demux, const char *path, int track,
                                      const struct bauta_log *log)
{
    bt_ffmpeg_quiet();
    *demux = NULL;
    struct bt_demux *d = calloc(1, sizeof(*d));
    if (!d)
        return BAUTA_ERR_MEMORY;
    d->log = log;
    d->damaged_at = d->jumped_at = BT_DEMUX_NEVER;
    d->path = strdup(path);
    enum bauta_status status = d->path ? open_video(d, track) : BAUTA_ERR_MEMORY;
    if (!status)
        status = bt_demux_open_filter(d, d->video->codecpar);
    if (!status) {
        bool jumps = d->format->iformat->flags & AVFMT_TS_DISCONT;
        d->kind = kind_of(d->format->iformat);
        d->rate = rate_of(d);
        d->last_dts = AV_NOPTS_VALUE;
        d->zero_us = find_zero(d);
        bt_timeline_init(&d->timeline, d->zero_us, jumps ? longest_pause_us : longest_gap_us);
    } else {
        bt_demux_free(&d);
    }
    *demux = d;
    return status;
}

enum bauta_status bt_demux_open(struct bt_demux **demux, const char *path,
                                const struct bauta_log *log)
{
    return bt_demux_open_track(demux, path, 0, log);
}
