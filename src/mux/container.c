/* SPDX-License-Identifier: Apache-2.0 */
#include "mux/container.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct bt_container containers[] = {
    {"mp4", "mp4", 0},
    {"m4v", "mp4", 0},
    {"mov", "mov", 0},
    {"mkv", "matroska", 0},
    {"ts", "mpegts", 0},
    {"m2ts", "mpegts", 0},
    {"mts", "mpegts", 0},
    {"h264", "h264", BAUTA_CODEC_H264},
    {"264", "h264", BAUTA_CODEC_H264},
    {"avc", "h264", BAUTA_CODEC_H264},
    {"h265", "hevc", BAUTA_CODEC_H265},
    {"265", "hevc", BAUTA_CODEC_H265},
    {"hevc", "hevc", BAUTA_CODEC_H265},
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
    if (is_mp4(format) && mp4_flags)
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

static int64_t seek_bytes(void *user, int64_t to, int whence)
{
    struct bytes *b = user;
    if (whence & AVSEEK_SIZE)
        return b->size;
    if ((whence & ~AVSEEK_FORCE) != SEEK_SET || to < 0 || to > b->size)
        return AVERROR(EINVAL);
    b->at = (int)to;
    return to;
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

static bool can_be_decoded(const AVCodecParameters *parameters)
{
    const AVCodec *codec = avcodec_find_decoder(parameters->codec_id);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    bool opens = decoder && avcodec_parameters_to_context(decoder, parameters) >= 0 &&
                 avcodec_open2(decoder, codec, NULL) >= 0;
    avcodec_free_context(&decoder);
    return opens;
}

/* Whether the codec is there, and with it what a decoder wants, if the track had that (the size of
 * a block of WMA, say). Where packets tell (MPEG-TS) there is nothing yet. */
static bool names_codec(const AVFormatContext *format, const AVCodecParameters *track)
{
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVCodecParameters *found = format->streams[i]->codecpar;
        if (!is_same(found->codec_id, track->codec_id))
            continue;
        bool told = found->sample_rate > 0;
        return !told || can_be_decoded(found) || !can_be_decoded(track);
    }
    return false;
}

/* Opens what was written; `*io` is to be closed as well. */
static bool read_back(AVFormatContext **format, AVIOContext **io, struct bytes *b, const char *name)
{
    enum { BUFFER = 4096 };
    const AVInputFormat *input = av_find_input_format(name);
    uint8_t *buffer = av_malloc(BUFFER);
    *format = avformat_alloc_context();
    *io = buffer ? avio_alloc_context(buffer, BUFFER, 0, b, read_bytes, NULL, seek_bytes) : NULL;
    if (!*io)
        av_free(buffer);
    if (!input || !*format || !*io)
        return false;
    (*format)->pb = *io;
    return avformat_open_input(format, "", input, NULL) >= 0;
}

static void close_both(AVFormatContext **format, AVIOContext **io)
{
    avformat_close_input(format);
    if (*io)
        av_freep(&(*io)->buffer);
    avio_context_free(io);
}

static bool reads_back(struct bytes *b, const char *name, const AVCodecParameters *track)
{
    AVFormatContext *format;
    AVIOContext *io;
    bool found = read_back(&format, &io, b, name) && names_codec(format, track);
    close_both(&format, &io);
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

/* A file in memory, of a video track. */
static bool open_trial(AVFormatContext **format, const struct bt_container *container)
{
    const AVCodecParameters video = {.codec_type = AVMEDIA_TYPE_VIDEO,
                                     .codec_id = AV_CODEC_ID_MPEG2VIDEO,
                                     .width = 64,
                                     .height = 64};
    *format = NULL;
    return bt_container_new(format, container->muxer) >= 0 &&
           avio_open_dyn_buf(&(*format)->pb) >= 0 &&
           add_stream(*format, &video, (AVRational){1, 25});
}

/* One picture, which nobody decodes, and the end. */
static bool write_picture(AVFormatContext *format)
{
    static uint8_t picture[] = {0, 0, 1, 0xb3, 0x04, 0x00, 0x40, 0x13, 0, 0, 1, 0, 0, 8, 0, 0};
    AVPacket packet = {
        .data = picture, .size = sizeof(picture), .flags = AV_PKT_FLAG_KEY, .duration = 1};
    return av_write_frame(format, &packet) >= 0 && av_write_trailer(format) >= 0;
}

/* `*bytes` is what was written. */
static void close_trial(AVFormatContext *format, struct bytes *bytes)
{
    if (format && format->pb)
        bytes->size = avio_close_dyn_buf(format->pb, &bytes->data);
    if (format)
        format->pb = NULL;
    avformat_free_context(format);
}

/* A file of a picture and the track, whose header is written with these flags of MP4. The picture
 * makes MPEG-TS write what streams there are. */
static bool write_trial(struct bytes *bytes, const struct bt_container *container,
                        const AVStream *track, const char *mp4_flags)
{
    AVFormatContext *format;
    bool written = open_trial(&format, container) &&
                   add_stream(format, track->codecpar, track->time_base) &&
                   begin(format, mp4_flags) >= 0;
    if (written && !is_mp4(format))
        written = write_picture(format);
    close_trial(format, bytes);
    return written;
}

bool bt_container_holds(const struct bt_container *container, const AVStream *track)
{
    struct bytes first = {.data = NULL}, told = {.data = NULL};
    bool held = !container->codec && write_trial(&first, container, track, "+faststart");
    /* MP4 tells all tracks at once only if it may not wait for packets; what it cannot tell so
     * (AC-3) it takes from them, and takes nothing else */
    if (held && write_trial(&told, container, track, "+empty_moov"))
        held = reads_back(&told, container->muxer, track->codecpar);
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

static bool add_chapter(AVFormatContext *format, const AVChapter *like)
{
    AVChapter *chapter = av_mallocz(sizeof(*chapter));
    if (!chapter ||
        av_dynarray_add_nofree(&format->chapters, (int *)&format->nb_chapters, chapter) < 0) {
        av_free(chapter);
        return false;
    }
    chapter->id = like->id;
    chapter->time_base = like->time_base;
    chapter->start = like->start;
    chapter->end = like->end;
    return av_dict_copy(&chapter->metadata, like->metadata, 0) >= 0;
}

/* A file of a picture that says of itself, and of its one track, what `out` does. */
static bool write_words(struct bytes *bytes, const struct bt_container *container,
                        const AVFormatContext *out)
{
    AVFormatContext *format;
    bool written = open_trial(&format, container);
    for (unsigned i = 0; written && i < out->nb_streams; i++)
        written = av_dict_copy(&format->streams[0]->metadata, out->streams[i]->metadata, 0) >= 0;
    for (unsigned i = 0; written && i < out->nb_chapters; i++)
        written = add_chapter(format, out->chapters[i]);
    if (written)
        av_dict_set(&format->streams[0]->metadata, "timecode", NULL, 0);
    written = written && av_dict_copy(&format->metadata, out->metadata, 0) >= 0 &&
              begin(format, NULL) >= 0 && write_picture(format);
    close_trial(format, bytes);
    return written;
}

void bt_container_tell(struct bt_container_words *words, const struct bt_container *container,
                       const AVFormatContext *out)
{
    struct bytes b = {.data = NULL};
    AVFormatContext *format = NULL;
    AVIOContext *io = NULL;
    *words = (struct bt_container_words){.file = NULL};
    if (container->codec || !write_words(&b, container, out)) {
        av_free(b.data);
        return;
    }
    if (read_back(&format, &io, &b, container->muxer)) {
        av_dict_copy(&words->file, format->metadata, 0);
        for (unsigned i = 0; i < format->nb_streams; i++)
            av_dict_copy(&words->track, format->streams[i]->metadata, 0);
        words->chapters = format->nb_chapters > 0;
        if (format->nb_programs > 0) /* MPEG-TS makes it the name of the service */
            av_dict_set(&words->file, "title", "", 0);
    }
    close_both(&format, &io);
    av_free(b.data);
}

void bt_container_words_clear(struct bt_container_words *words)
{
    av_dict_free(&words->file);
    av_dict_free(&words->track);
}

bool bt_container_tells_turns(const struct bt_container *container)
{
    return strcmp(container->muxer, "mp4") == 0 || strcmp(container->muxer, "mov") == 0;
}
