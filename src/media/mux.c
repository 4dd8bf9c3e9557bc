/* SPDX-License-Identifier: Apache-2.0 */
#include "media/mux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>
#include <libavutil/mathematics.h>

#include "base/buffer.h"
#include "media/demux_private.h"
#include "media/orientation.h"
#include "media/waiting.h"

struct bt_mux {
    struct bt_mux_settings settings;
    char *part; /* PATH.part, NULL for standard output */
    AVFormatContext *format;
    AVStream *video;
    int *stream_of; /* of each stream of `like`: its index here, -1 if not copied */
    bool header_written, completed, finished;
    struct bt_waiting waiting; /* packets that came before the header could be written */
};

/* Containers by the end of the file's name. */
static const struct container {
    const char *name, *muxer;
    int codec; /* raw streams: the only codec they hold; 0: any */
} containers[] = {
    {"mp4", "mp4", 0},         {"m4v", "mp4", 0},         {"mov", "mov", 0},
    {"mkv", "matroska", 0},    {"ts", "mpegts", 0},       {"m2ts", "mpegts", 0},
    {"mts", "mpegts", 0},      {"h264", "h264", BT_H264}, {"264", "h264", BT_H264},
    {"avc", "h264", BT_H264},  {"h265", "hevc", BT_H265}, {"265", "hevc", BT_H265},
    {"hevc", "hevc", BT_H265},
};

static const struct container *find_container(const char *path, const char *format)
{
    const char *dot = strrchr(path, '.');
    const char *name = format ? format : dot && !strchr(dot, '/') ? dot + 1 : "";
    for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
        if (strcasecmp(name, containers[i].name) == 0)
            return &containers[i];
    return NULL;
}

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

enum bauta_status bt_mux_check(const char *path, const char *format, int codec,
                               const struct bauta_log *log)
{
    const struct container *c = find_container(path, format);
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
                           c->name, codec == BT_H264 ? "H.264" : "H.265");
    if (strcmp(path, "-") == 0 && strcmp(c->muxer, "mov") == 0)
        return bt_log_fail(log, BAUTA_ERR_ARGUMENT,
                           "%s: a mov file cannot be written to standard output", path);
    return BAUTA_OK;
}

bool bt_mux_tells_turns(const char *path, const char *format)
{
    const struct container *c = find_container(path, format);
    return c && (strcmp(c->muxer, "mp4") == 0 || strcmp(c->muxer, "mov") == 0);
}

static enum bauta_status fail(const struct bt_mux *m, int error, const char *what)
{
    return bt_ffmpeg_fail(m->settings.log, error, BAUTA_ERR_IO, m->settings.path, what);
}

static enum bauta_status open_output(struct bt_mux *m)
{
    bool to_stdout = strcmp(m->settings.path, "-") == 0;
    char url[4096];
    if (!to_stdout) {
        size_t size = strlen(m->settings.path) + sizeof(".part");
        m->part = malloc(size);
        if (!m->part)
            return BAUTA_ERR_MEMORY;
        snprintf(m->part, size, "%s.part", m->settings.path);
        if (snprintf(url, sizeof(url), "file:%s", m->part) >= (int)sizeof(url))
            return bt_log_fail(m->settings.log, BAUTA_ERR_IO, "%s: the path is too long",
                               m->settings.path);
    }
    /* MP4 opens its file once more by this name, to move the index to the front */
    m->format->url = av_strdup(to_stdout ? "pipe:1" : url);
    if (!m->format->url)
        return BAUTA_ERR_MEMORY;
    int error = avio_open(&m->format->pb, m->format->url, AVIO_FLAG_WRITE);
    if (error < 0) {
        free(m->part);
        m->part = NULL; /* not ours to remove */
        return fail(m, error, "cannot be written");
    }
    return BAUTA_OK;
}

static enum bauta_status add_video(struct bt_mux *m)
{
    const struct bt_mux_settings *s = &m->settings;
    m->video = avformat_new_stream(m->format, NULL);
    if (!m->video)
        return BAUTA_ERR_MEMORY;
    AVCodecParameters *p = m->video->codecpar;
    p->codec_type = AVMEDIA_TYPE_VIDEO;
    p->codec_id = s->codec == BT_H265 ? AV_CODEC_ID_HEVC : AV_CODEC_ID_H264;
    if (s->codec == BT_H265 && strcmp(m->format->oformat->name, "mp4") == 0)
        p->codec_tag = MKTAG('h', 'v', 'c', '1'); /* what Apple's players ask for */
    bool is_mov = strcmp(m->format->oformat->name, "mp4") == 0 ||
                  strcmp(m->format->oformat->name, "mov") == 0;
    if (s->sets_vary && is_mov)
        /* ISO/IEC 14496-15, 5.3 and 8.3: only these may have other parameter sets in samples */
        p->codec_tag = s->codec == BT_H265 ? MKTAG('h', 'e', 'v', '1') : MKTAG('a', 'v', 'c', '3');
    p->width = s->width;
    p->height = s->height;
    p->format = AV_PIX_FMT_YUV420P;
    p->color_range = s->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    p->field_order = AV_FIELD_PROGRESSIVE;
    m->video->time_base = s->like->video->time_base;
    m->video->avg_frame_rate = av_guess_frame_rate(s->like->format, s->like->video, NULL);
    return bt_orientation_tell(m->video, &s->view, s->width, s->height);
}

/* Raw video streams hold nothing else; other containers say themselves what they take. */
static bool takes(const struct bt_mux *m, const AVStream *in)
{
    return find_container(m->settings.path, m->settings.format)->codec == 0 &&
           avformat_query_codec(m->format->oformat, in->codecpar->codec_id, FF_COMPLIANCE_NORMAL) ==
               1;
}

static enum bauta_status add_audio(struct bt_mux *m)
{
    const AVFormatContext *from = m->settings.like->format;
    m->stream_of = malloc((from->nb_streams + 1) * sizeof(*m->stream_of));
    if (!m->stream_of)
        return BAUTA_ERR_MEMORY;
    for (unsigned i = 0; i < from->nb_streams; i++) {
        const AVStream *in = from->streams[i];
        m->stream_of[i] = -1;
        if (!m->settings.audio || in->codecpar->codec_type != AVMEDIA_TYPE_AUDIO)
            continue;
        if (!takes(m, in)) {
            bt_log(m->settings.log, BAUTA_LOG_WARNING,
                   "%s: its %s sound is left out: this container does not take it",
                   m->settings.path, avcodec_get_name(in->codecpar->codec_id));
            continue;
        }
        AVStream *out = avformat_new_stream(m->format, NULL);
        if (!out || avcodec_parameters_copy(out->codecpar, in->codecpar) < 0)
            return BAUTA_ERR_MEMORY;
        out->codecpar->codec_tag = 0;
        out->time_base = in->time_base;
        av_dict_copy(&out->metadata, in->metadata, 0);
        m->stream_of[i] = out->index;
    }
    return BAUTA_OK;
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
    const char *muxer = find_container(settings->path, settings->format)->muxer;
    int error = avformat_alloc_output_context2(&m->format, NULL, muxer, NULL);
    if (error < 0)
        status = fail(m, error, "its container cannot be made");
    if (!status)
        status = add_video(m);
    if (!status)
        status = add_audio(m);
    if (!status)
        status = open_output(m);
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
        if (bt_nal_kind((enum bt_codec)m->settings.codec, nal) == BT_NAL_PARAMETERS)
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

static enum bauta_status write_packet(struct bt_mux *m, AVPacket *av)
{
    int error = av_interleaved_write_frame(m->format, av);
    if (error >= 0 && m->format->pb->error < 0)
        error = m->format->pb->error;
    return error < 0 ? fail(m, error, "cannot be written") : BAUTA_OK;
}

static enum bauta_status write_header(struct bt_mux *m, struct bauta_bytes first)
{
    enum bauta_status status = take_parameters(m, first);
    if (status)
        return status;
    AVDictionary *options = NULL;
    if (strcmp(m->format->oformat->name, "mp4") == 0 ||
        strcmp(m->format->oformat->name, "mov") == 0)
        av_dict_set(&options, "movflags",
                    m->part ? "+faststart" : "+frag_keyframe+empty_moov+default_base_moof", 0);
    m->format->flags |= AVFMT_FLAG_BITEXACT; /* the same input gives the same bytes */
    int error = avformat_write_header(m->format, &options);
    av_dict_free(&options);
    if (error < 0)
        return fail(m, error, "cannot be written");
    m->header_written = true;
    AVPacket *early;
    while (!status && (early = bt_waiting_take(&m->waiting))) {
        av_packet_rescale_ts(early, early->time_base,
                             m->format->streams[early->stream_index]->time_base);
        status = write_packet(m, early);
        av_packet_free(&early);
    }
    return status;
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
    AVPacket *av = status ? NULL : av_packet_alloc();
    if (!status && (!av || av_new_packet(av, (int)coded->bytes.size) < 0))
        status = BAUTA_ERR_MEMORY;
    if (!status) {
        AVRational tick = m->settings.like->video->time_base;
        memcpy(av->data, coded->bytes.data, coded->bytes.size);
        av->stream_index = m->video->index;
        av->flags = coded->key ? AV_PKT_FLAG_KEY : 0;
        av->pts = coded->pts;
        av->dts = coded->dts;
        av->duration = duration;
        move(m, av, tick);
        av_packet_rescale_ts(av, tick, m->video->time_base);
        status = write_packet(m, av);
    }
    av_packet_free(&av);
    return status;
}

enum bauta_status bt_mux_write_video(struct bt_mux *m, const struct bt_coded *coded)
{
    return write_unit(m, coded, 0);
}

/* Matroska has no decoding times: the first packets come without, and FFmpeg makes them up from the
 * pictures' distance and how far they are reordered. */
enum bauta_status bt_mux_rewrite_video(struct bt_mux *m, const struct bt_packet *packet,
                                       struct bauta_bytes au)
{
    const struct bt_coded coded = {au, packet->av->pts, packet->av->dts,
                                   (packet->av->flags & AV_PKT_FLAG_KEY) != 0};
    if (!m->header_written)
        m->video->codecpar->video_delay = m->settings.like->video->codecpar->video_delay;
    return write_unit(m, &coded, packet->av->duration);
}

enum bauta_status bt_mux_write_packet(struct bt_mux *m, const struct bt_packet *packet)
{
    int index = m->stream_of[packet->stream];
    if (index < 0)
        return BAUTA_OK;
    AVPacket *av = av_packet_clone(packet->av);
    if (!av)
        return BAUTA_ERR_MEMORY;
    av->stream_index = index;
    av->pos = -1;
    av->time_base = packet->tick;
    move(m, av, packet->tick);
    if (!m->header_written)
        return bt_waiting_push(&m->waiting, av);
    av_packet_rescale_ts(av, packet->tick, m->format->streams[index]->time_base);
    enum bauta_status status = write_packet(m, av);
    av_packet_free(&av);
    return status;
}

static enum bauta_status sync_and_rename(const struct bt_mux *m)
{
    int file = open(m->part, O_RDONLY | O_CLOEXEC);
    int error = file < 0 || (fsync(file) != 0 && errno != EINVAL) ? errno : 0;
    if (file >= 0)
        close(file);
    if (!error && rename(m->part, m->settings.path) != 0)
        error = errno;
    return error ? fail(m, AVERROR(error), "cannot be completed") : BAUTA_OK;
}

enum bauta_status bt_mux_complete(struct bt_mux *m)
{
    if (!m->header_written)
        return bt_log_fail(m->settings.log, BAUTA_ERR_FORMAT, "%s: there is no picture to write",
                           m->settings.path);
    int error = av_write_trailer(m->format);
    if (error >= 0 && m->format->pb->error < 0)
        error = m->format->pb->error;
    int closed = avio_closep(&m->format->pb);
    if (error >= 0)
        error = closed;
    if (error < 0)
        return fail(m, error, "cannot be written");
    avformat_free_context(m->format);
    m->format = NULL;
    m->completed = true;
    return BAUTA_OK;
}

enum bauta_status bt_mux_finish(struct bt_mux *m)
{
    enum bauta_status status = m->completed ? BAUTA_OK : bt_mux_complete(m);
    if (!status && m->part)
        status = sync_and_rename(m);
    m->finished = status == BAUTA_OK;
    return status;
}

void bt_mux_free(struct bt_mux **mux)
{
    struct bt_mux *m = *mux;
    if (!m)
        return;
    bt_waiting_clear(&m->waiting);
    if (m->format)
        avio_closep(&m->format->pb);
    avformat_free_context(m->format);
    if (m->part && !m->finished)
        unlink(m->part);
    free(m->part);
    free(m->stream_of);
    free(m);
    *mux = NULL;
}
