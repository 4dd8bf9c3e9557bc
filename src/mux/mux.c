/* SPDX-License-Identifier: Apache-2.0 */
#include "mux/mux.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <libavutil/mathematics.h>

#include "base/buffer.h"
#include "codec/colour.h"
#include "demux/demux_state.h"
#include "demux/orientation.h"
#include "mux/container.h"
#include "mux/left_out.h"
#include "mux/mux_io.h"
#include "mux/tag_copy.h"
#include "mux/tracks.h"
#include "mux/waiting.h"

struct bt_mux {
    struct bt_mux_settings settings;
    struct bauta_work_file *file;
    AVFormatContext *format;
    AVStream *video;
    struct bt_tracks tracks;
    struct bt_waiting waiting;
    int64_t first_pts; /* of a video that is rewritten, and how many of its packets */
    int n_undated;     /* had no decoding time */
    uint64_t n_lost;   /* packets before the first picture */
    uint64_t n_sound;  /* packets */
    bool header_written, completed;
};

/* Whether the file's name is that of a picture, which has no place for recovery data. */
static bool is_still(const char *path)
{
    static const char *const ends[] = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof(ends) / sizeof(ends[0]); i++)
        if (strcasecmp(dot, ends[i]) == 0)
            return true;
    return false;
}

enum bauta_status bt_mux_check(const char *path, const char *format, enum bauta_codec codec,
                               const struct bauta_log *log)
{
    const struct bt_container *c = bt_container_find(path, format);
    if (!c && !format && is_still(path))
        return bt_log_fail(
            log, BAUTA_ERR_ARGUMENT,
            "%s: stills are not written, they have no place for recovery data: name "
            "a video, as one.mp4, and take a still out of it with: ffmpeg -i one.mp4 "
            "-frames:v 1 still.png",
            path);
    if (!c)
        return bt_log_fail(log, BAUTA_ERR_ARGUMENT,
                           "%s: %s; the containers are mp4, m4v, mov, mkv, ts, m2ts, mts, and raw "
                           "h264, 264, avc, h265, 265, hevc",
                           path,
                           strcmp(path, "-") == 0 && !format
                               ? "standard output needs a container to be named"
                               : "no container of that name");
    if (c->codec && c->codec != codec)
        return bt_log_fail(log, BAUTA_ERR_ARGUMENT, "%s: a raw .%s file cannot hold %s", path,
                           c->name, codec == BAUTA_CODEC_H264 ? "H.264" : "H.265");
    if (bauta_is_stream(path) && strcmp(c->muxer, "mov") == 0)
        return bt_log_fail(log, BAUTA_ERR_ARGUMENT, "%s: a mov file cannot be written to a pipe",
                           path);
    return BAUTA_OK;
}

bool bt_mux_tells_turns(const char *path, const char *format)
{
    const struct bt_container *c = bt_container_find(path, format);
    return c && bt_container_tells_turns(c);
}

bool bt_mux_carries(const struct bt_mux_settings *s, int stream)
{
    const AVFormatContext *from = s->like->format;
    return stream >= 0 && stream < (int)from->nb_streams &&
           bt_tracks_carries(from->streams[stream], s);
}

static enum bauta_status fail(const struct bt_mux *m, int error, const char *what)
{
    return bt_ffmpeg_fail(m->settings.log, error, BAUTA_ERR_IO, m->settings.path, what);
}

static enum bauta_status open_output(struct bt_mux *m)
{
    const struct bt_mux_settings *s = &m->settings;
    const struct bauta_work_file_settings settings = {
        .replace = s->replace, .mode = s->mode, .log = s->log};
    enum bauta_status status = bauta_work_file_open(&m->file, s->path, &settings);
    return status ? status : bt_mux_io_open(m->format, m->file, s->path);
}

static enum bauta_status add_video(struct bt_mux *m)
{
    const struct bt_mux_settings *s = &m->settings;
    m->video = avformat_new_stream(m->format, NULL);
    if (!m->video)
        return BAUTA_ERR_MEMORY;
    AVCodecParameters *p = m->video->codecpar;
    p->codec_type = AVMEDIA_TYPE_VIDEO;
    p->codec_id = s->codec == BAUTA_CODEC_H265 ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264;
    if (s->codec == BAUTA_CODEC_H265 && strcmp(m->format->oformat->name, "mp4") == 0)
        p->codec_tag = MKTAG('h', 'v', 'c', '1'); /* what Apple's players ask for */
    bool is_mov = strcmp(m->format->oformat->name, "mp4") == 0 ||
                  strcmp(m->format->oformat->name, "mov") == 0;
    if (s->sets_vary && is_mov)
        /* ISO/IEC 14496-15, 5.3 and 8.3: only these may have other parameter sets in samples */
        p->codec_tag =
            s->codec == BAUTA_CODEC_H265 ? MKTAG('h', 'e', 'v', '1') : MKTAG('a', 'v', 'c', '3');
    p->width = s->width;
    p->height = s->height;
    p->format = AV_PIX_FMT_YUV420P;
    p->color_range = s->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    p->field_order = bt_colour_interlaced(s->like->video) ? s->like->video->codecpar->field_order
                                                          : AV_FIELD_PROGRESSIVE;
    enum bauta_status status = bt_colour_copy(m->video, s->like->video);
    if (status)
        return status;
    m->video->time_base = s->like->video->time_base;
    m->video->avg_frame_rate = av_guess_frame_rate(s->like->format, s->like->video, NULL);
    return bt_orientation_tell(m->video, &s->view, s->width, s->height);
}

/* The streams of the output, and what it says of itself. */
static enum bauta_status add_streams(struct bt_mux *m)
{
    enum bauta_status status = add_video(m);
    if (!status)
        status = bt_tag_copy(m->format, m->video, &m->settings);
    if (!status)
        status = bt_tracks_add(&m->tracks, m->format, &m->settings);
    if (!status)
        status = bt_waiting_init(&m->waiting, (int)m->format->nb_streams);
    for (unsigned i = 0; !status && i < m->format->nb_streams; i++)
        if (m->format->streams[i]->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE)
            bt_waiting_sparse(&m->waiting, (int)i);
    if (!status)
        bt_left_out_say(m->format, &m->settings);
    return status;
}

enum bauta_status bt_mux_open(struct bt_mux **mux, const struct bt_mux_settings *settings)
{
    bt_ffmpeg_quiet();
    *mux = NULL;
    enum bauta_status status =
        bt_mux_check(settings->path, settings->format, settings->codec, settings->log);
    if (status)
        return status;
    struct bt_mux *m = calloc(1, sizeof(*m));
    if (!m)
        return BAUTA_ERR_MEMORY;
    m->settings = *settings;
    const char *muxer = bt_container_find(settings->path, settings->format)->muxer;
    int error = bt_container_new(&m->format, muxer);
    if (error < 0)
        status = fail(m, error, "its container cannot be made");
    if (!status)
        status = open_output(m);
    if (!status)
        status = add_streams(m);
    if (status)
        bt_mux_free(&m);
    *mux = m;
    return status;
}

/* The container's copy of the parameter sets: those of the first access unit. */
static enum bauta_status take_parameters(struct bt_mux *m, struct bauta_bytes au)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    struct bt_buffer sets = {0};
    bt_nal_reader_init(&r, au);
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(m->settings.codec, nal) == BT_NAL_PARAMETERS)
            bt_nal_copy(&sets, nal);
    enum bauta_status status = bt_buffer_status(&sets);
    AVCodecParameters *p = m->video->codecpar;
    p->extradata = status ? NULL : av_mallocz(sets.size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (p->extradata && sets.size) {
        memcpy(p->extradata, sets.data, sets.size);
        p->extradata_size = (int)sets.size;
    }
    bt_buffer_clear(&sets);
    return p->extradata ? BAUTA_OK : BAUTA_ERR_MEMORY;
}

/* Sound in packets that are shorter than a tick of the input (TrueHD in MKV) has some at one time;
 * most containers want each later than the one before. */
static void keep_apart(struct bt_mux *m, AVPacket *av)
{
    struct bt_waiting_line *line = &m->waiting.lines[av->stream_index];
    AVRational tick = m->format->streams[av->stream_index]->time_base;
    int64_t behind = av->dts <= line->written_dts ? line->written_dts + 1 - av->dts : 0;
    bool strict = !(m->format->oformat->flags & AVFMT_TS_NONSTRICT);
    if (strict && av->stream_index != m->video->index &&
        behind <= av_rescale_q(1, av->time_base, tick))
        av->dts += behind;
    if (behind > 0 && av->pts < av->dts)
        av->pts = av->dts;
    line->written_dts = av->dts;
}

/* A packet of another track that the container refuses ends that track; a picture that it refuses,
 * or a disk that fails, ends the run. */
static enum bauta_status write_packet(struct bt_mux *m, AVPacket *av)
{
    AVIOContext *io = m->format->pb;
    av_packet_rescale_ts(av, av->time_base, m->format->streams[av->stream_index]->time_base);
    keep_apart(m, av);
    int error =
        bt_tracks_suits(m->format, av) ? av_write_frame(m->format, av) : AVERROR_INVALIDDATA;
    if (io->error < 0)
        error = io->error;
    if (error >= 0)
        return BAUTA_OK;
    if (io->error < 0 || error == AVERROR(ENOMEM) || av->stream_index == m->video->index)
        return fail(m, error, "cannot be written");
    bt_tracks_drop(&m->tracks, av->stream_index, error, &m->settings);
    bt_waiting_close(&m->waiting, av->stream_index);
    return BAUTA_OK;
}

/* Writes what need not wait any longer; with `all`, everything. */
static enum bauta_status write_waiting(struct bt_mux *m, bool all)
{
    enum bauta_status status = BAUTA_OK;
    AVPacket *av;
    while (!status && (av = bt_waiting_take(&m->waiting, all))) {
        status = write_packet(m, av);
        av_packet_free(&av);
    }
    return status;
}

static enum bauta_status write_header(struct bt_mux *m, struct bauta_bytes first)
{
    enum bauta_status status = take_parameters(m, first);
    if (status)
        return status;
    int error = bt_container_begin(m->format, !bauta_is_stream(m->settings.path));
    if (error < 0)
        return fail(m, error, "cannot be written");
    m->header_written = true;
    return BAUTA_OK;
}

/* Counts time from the origin on. */
static void move(const struct bt_mux *m, AVPacket *av, AVRational tick)
{
    int64_t origin = av_rescale_q(m->settings.origin, m->settings.like->video->time_base, tick);
    if (av->pts != AV_NOPTS_VALUE)
        av->pts -= origin;
    if (av->dts != AV_NOPTS_VALUE)
        av->dts -= origin;
}

static enum bauta_status write_unit(struct bt_mux *m, const struct bt_coded *coded,
                                    int64_t duration)
{
    enum bauta_status status = m->header_written ? BAUTA_OK : write_header(m, coded->bytes);
    if (status)
        return status;
    AVPacket *av = av_packet_alloc();
    if (!av || av_new_packet(av, (int)coded->bytes.size) < 0) {
        av_packet_free(&av);
        return BAUTA_ERR_MEMORY;
    }
    memcpy(av->data, coded->bytes.data, coded->bytes.size);
    av->stream_index = m->video->index;
    av->flags = coded->key ? AV_PKT_FLAG_KEY : 0;
    av->pts = coded->pts;
    av->dts = coded->dts;
    av->duration = duration;
    av->time_base = m->settings.like->video->time_base;
    move(m, av, av->time_base);
    status = bt_waiting_push(&m->waiting, av);
    return status ? status : write_waiting(m, false);
}

enum bauta_status bt_mux_write_video(struct bt_mux *m, const struct bt_coded *coded)
{
    return write_unit(m, coded, 0);
}

/* How many pictures are decoded before the first is shown, as the parameter sets tell: a demuxer of
 * H.265 does not know it. */
static int delay_of(const AVCodecParameters *video)
{
    int delay = video->video_delay;
    const AVCodec *codec = avcodec_find_decoder(video->codec_id);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (decoder && avcodec_parameters_to_context(decoder, video) >= 0) {
        decoder->thread_count = 1;
        if (avcodec_open2(decoder, codec, NULL) == 0 && decoder->has_b_frames > delay)
            delay = decoder->has_b_frames;
    }
    avcodec_free_context(&decoder);
    return delay;
}

/* Matroska has no decoding times. A demuxer makes them up, but for the first packets, as many as
 * pictures are reordered: theirs lie before that of the first picture that is shown. */
static int64_t decoding_time(struct bt_mux *m, const AVPacket *av)
{
    if (!m->header_written && m->n_undated == 0) {
        m->video->codecpar->video_delay = delay_of(m->settings.like->video->codecpar);
        m->first_pts = av->pts;
    }
    if (av->dts != AV_NOPTS_VALUE || av->pts == AV_NOPTS_VALUE ||
        m->n_undated >= m->video->codecpar->video_delay)
        return av->dts;
    int64_t step = av->duration > 0 ? av->duration : 1;
    return m->first_pts - (m->video->codecpar->video_delay - m->n_undated++) * step;
}

enum bauta_status bt_mux_rewrite_video(struct bt_mux *m, const struct bt_packet *packet,
                                       struct bauta_bytes au)
{
    const struct bt_coded coded = {au, packet->av->pts, decoding_time(m, packet->av),
                                   (packet->av->flags & AV_PKT_FLAG_KEY) != 0};
    return write_unit(m, &coded, packet->av->duration);
}

/* Counts packets before the first picture that are left out; the first time says why. */
static void lose(struct bt_mux *m, int n, const char *why)
{
    if (n > 0 && m->n_lost == 0)
        bt_log(m->settings.log, BAUTA_LOG_WARNING, "%s: %s", bt_demux_path(m->settings.like), why);
    m->n_lost += (uint64_t)n;
}

/* Before the first picture nothing can be written, and only so much can be kept. */
static void keep_for_header(struct bt_mux *m)
{
    lose(m, bt_waiting_trim(&m->waiting),
         "the first picture comes so late that some of the sound before it is left out");
}

uint64_t bt_mux_lost(const struct bt_mux *m)
{
    return m->n_lost;
}

uint64_t bt_mux_sound(const struct bt_mux *m)
{
    return m->n_sound;
}

enum bauta_status bt_mux_write_packet(struct bt_mux *m, const struct bt_packet *packet)
{
    int index = bt_tracks_find(&m->tracks, packet->stream, &m->settings);
    if (index < 0)
        return BAUTA_OK;
    AVPacket *av = av_packet_clone(packet->av);
    if (!av)
        return BAUTA_ERR_MEMORY;
    av->stream_index = index;
    av->pos = -1;
    av->time_base = packet->tick;
    bt_tracks_strip(m->format, av);
    bool heard = av->pts != AV_NOPTS_VALUE && av->pts >= 0;
    move(m, av, packet->tick);
    bool sound = m->format->streams[index]->codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    if (heard && sound && av->pts < 0 && av->pts + av->duration <= 0)
        lose(m, 1,
             "some of the sound before the first picture lies too far behind in the file, and is "
             "left out");
    if (!bt_mux_tells_turns(m->settings.path, m->settings.format) && av->pts < 0 &&
        av->pts != AV_NOPTS_VALUE) {
        av_packet_free(&av); /* hidden by an edit list, which this container has not */
        return BAUTA_OK;
    }
    m->n_sound += sound;
    enum bauta_status status = bt_waiting_push(&m->waiting, av);
    if (!status && m->header_written)
        status = write_waiting(m, false);
    else if (!status)
        keep_for_header(m);
    return status;
}

enum bauta_status bt_mux_complete(struct bt_mux *m)
{
    if (!m->header_written)
        return bt_log_fail(m->settings.log, BAUTA_ERR_FORMAT, "%s: there is no picture to write",
                           m->settings.path);
    enum bauta_status status = write_waiting(m, true);
    if (status)
        return status;
    int error = av_write_trailer(m->format);
    avio_flush(m->format->pb);
    if (error >= 0 && m->format->pb->error < 0)
        error = m->format->pb->error;
    if (error < 0)
        return fail(m, error, "cannot be written");
    bt_mux_io_close(m->format);
    avformat_free_context(m->format);
    m->format = NULL;
    m->completed = true;
    return BAUTA_OK;
}

int bt_mux_file(const struct bt_mux *m)
{
    return bauta_work_file_descriptor(m->file);
}

enum bauta_status bt_mux_finish(struct bt_mux *m)
{
    enum bauta_status status = m->completed ? BAUTA_OK : bt_mux_complete(m);
    return status ? status : bauta_work_file_finish(m->file);
}

void bt_mux_free(struct bt_mux **mux)
{
    struct bt_mux *m = *mux;
    if (!m)
        return;
    bt_waiting_clear(&m->waiting);
    if (m->format)
        bt_mux_io_close(m->format);
    avformat_free_context(m->format);
    bauta_work_file_free(&m->file);
    bt_tracks_clear(&m->tracks);
    free(m);
    *mux = NULL;
}
