/* SPDX-License-Identifier: Apache-2.0 */
#include "media/container.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct bt_container containers[] = {
    {"mp4", "mp4", 0},         {"m4v", "mp4", 0},         {"mov", "mov", 0},
    {"mkv", "matroska", 0},    {"ts", "mpegts", 0},       {"m2ts", "mpegts", 0},
    {"mts", "mpegts", 0},      {"h264", "h264", BT_H264}, {"264", "h264", BT_H264},
    {"avc", "h264", BT_H264},  {"h265", "hevc", BT_H265}, {"265", "hevc", BT_H265},
    {"hevc", "hevc", BT_H265},
};

const struct bt_container *bt_container_find(const char *path, const char *format)
{
    const char *dot = strrchr(path, '.');
    const char *name = format ? format : dot && !strchr(dot, '/') ? dot + 1 : "";
    for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
        if (strcasecmp(name, containers[i].name) == 0)
            return &containers[i];
    return NULL;
}

int bt_container_new(AVFormatContext **format, const char *muxer)
{
    int error = avformat_alloc_output_context2(format, NULL, muxer, NULL);
    if (error < 0)
        return error;
    (*format)->flags |= AVFMT_FLAG_BITEXACT; /* the same input gives the same bytes */
    /* FLAC in MP4, MP3 at 8 kHz: written as the standards say, and widely read */
    (*format)->strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL;
    return 0;
}

static bool is_mp4(const AVFormatContext *format)
{
    return strcmp(format->oformat->name, "mp4") == 0 || strcmp(format->oformat->name, "mov") == 0;
}

static int begin(AVFormatContext *format, const char *mp4_flags)
{
    AVDictionary *options = NULL;
    if (is_mp4(format))
        av_dict_set(&options, "movflags", mp4_flags, 0);
    int error = avformat_write_header(format, &options);
    av_dict_free(&options);
    return error;
}

int bt_container_begin(AVFormatContext *format, bool seekable)
{
    /* delayed: what AC-3 and AAC are is known from their first packets */
    return begin(format, seekable ? "+faststart"
                                  : "+frag_keyframe+empty_moov+default_base_moof+delay_moov");
}

/* Bytes that are read as a file. */
struct bytes {
    uint8_t *data;
    int size, at;
};

static int read_bytes(void *user, uint8_t *to, int size)
{
    struct bytes *b = user;
    int left = b->size - b->at;
    if (left <= 0)
        return AVERROR_EOF;
    size = size < left ? size : left;
    memcpy(to, b->data + b->at, (size_t)size);
    b->at += size;
    return size;
}

static bool is_mpeg_audio(enum AVCodecID id)
{
    return id == AV_CODEC_ID_MP1 || id == AV_CODEC_ID_MP2 || id == AV_CODEC_ID_MP3;
}

/* MPEG-TS calls all three layers of MPEG audio one thing, and FFmpeg's reader of it knows LATM only
 * from its packets. */
static bool is_same(enum AVCodecID found, enum AVCodecID id)
{
    return found == id || (is_mpeg_audio(found) && is_mpeg_audio(id)) ||
           (found == AV_CODEC_ID_NONE && id == AV_CODEC_ID_AAC_LATM);
}

static bool names_codec(const AVFormatContext *format, enum AVCodecID id)
{
    for (unsigned i = 0; i < format->nb_streams; i++)
        if (is_same(format->streams[i]->codecpar->codec_id, id))
            return true;
    return false;
}

static bool reads_back(struct bytes *b, const char *name, enum AVCodecID id)
{
    enum { BUFFER = 4096 };
    const AVInputFormat *input = av_find_input_format(name);
    AVFormatContext *format = avformat_alloc_context();
    uint8_t *buffer = av_malloc(BUFFER);
    AVIOContext *io =
        buffer ? avio_alloc_context(buffer, BUFFER, 0, b, read_bytes, NULL, NULL) : NULL;
    bool found = false;
    if (input && format && io) {
        format->pb = io;
        found = avformat_open_input(&format, "", input, NULL) >= 0 && names_codec(format, id);
    }
    avformat_close_input(&format);
    if (io)
        av_freep(&io->buffer);
    else
        av_free(buffer);
    avio_context_free(&io);
    return found;
}

static bool add_stream(AVFormatContext *format, const AVCodecParameters *parameters,
                       AVRational time_base)
{
    AVStream *stream = avformat_new_stream(format, NULL);
    if (!stream || avcodec_parameters_copy(stream->codecpar, parameters) < 0)
        return false;
    stream->codecpar->codec_tag = 0;
    stream->time_base = time_base;
    return true;
}

/* A file of a picture and the track, whose header is written with these flags of MP4; `*bytes` is
 * what was written. A picture makes MPEG-TS write what streams there are; nobody decodes it. */
static bool write_trial(struct bytes *bytes, const struct bt_container *container,
                        const AVStream *track, const char *mp4_flags)
{
    static uint8_t picture[] = {0, 0, 1, 0xb3, 0x04, 0x00, 0x40, 0x13, 0, 0, 1, 0, 0, 8, 0, 0};
    const AVCodecParameters video = {.codec_type = AVMEDIA_TYPE_VIDEO,
                                     .codec_id = AV_CODEC_ID_MPEG2VIDEO,
                                     .width = 64,
                                     .height = 64};
    AVFormatContext *format = NULL;
    AVPacket packet = {.data = picture, .size = sizeof(picture), .flags = AV_PKT_FLAG_KEY};
    if (bt_container_new(&format, container->muxer) < 0)
        return false;
    bool written =
        avio_open_dyn_buf(&format->pb) >= 0 && add_stream(format, &video, (AVRational){1, 25}) &&
        add_stream(format, track->codecpar, track->time_base) && begin(format, mp4_flags) >= 0;
    if (written && !is_mp4(format))
        written = av_write_frame(format, &packet) >= 0 && av_write_trailer(format) >= 0;
    if (format->pb)
        bytes->size = avio_close_dyn_buf(format->pb, &bytes->data);
    format->pb = NULL;
    avformat_free_context(format);
    return written;
}

bool bt_container_holds(const struct bt_container *container, const AVStream *track)
{
    struct bytes first = {.data = NULL}, told = {.data = NULL};
    bool held = !container->codec && write_trial(&first, container, track, "+faststart");
    /* MP4 tells all tracks at once only if it may not wait for packets; what it cannot tell so
     * (AC-3) it takes from them, and takes nothing else */
    if (held && write_trial(&told, container, track, "+empty_moov"))
        held = reads_back(&told, container->muxer, track->codecpar->codec_id);
    av_free(first.data);
    av_free(told.data);
    return held;
}

void bt_container_name_others(char *names, size_t size, const AVStream *track)
{
    static const char *const offered[] = {"mp4", "mov", "mkv", "ts"};
    size_t at = 0;
    *names = '\0';
    for (size_t i = 0; i < sizeof(offered) / sizeof(offered[0]); i++) {
        const struct bt_container *c = bt_container_find("", offered[i]);
        if (at < size && c && bt_container_holds(c, track))
            at += (size_t)snprintf(names + at, size - at, "%s%s", at ? ", " : "", c->name);
    }
}
