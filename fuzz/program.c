/* SPDX-License-Identifier: Apache-2.0 */
#include "program.h"

#include <string.h>
#include <unistd.h>

#include <libavcodec/avcodec.h>
#include <libavutil/display.h>

#include "law.h"
#include "memory_file.h"
#include "pieces.h"

enum { N_TRACKS = 3, VIDEO = 0, SECOND = 1, SOUND = 2 };

static const char *const containers[] = {"mpegts", "mp4", "matroska", "flv", "avi", "mpeg", "mov"};

enum operation_kind {
    APPEND,
    DROP,
    DOUBLE,
    SWAP,
    SHIFT,
    OUTLIER,
    SET_TIME,
    SHORTEN,
    FLIP,
    DURATION,
    FLAGS,
    SETS_ONLY,
    PUT_OFF,
    WRITE,
    CHANGE_FILE,
    NEW_SETS,
    N_OPERATIONS
};

struct operation {
    unsigned which, where, how, much;
};

struct program {
    struct program_file *file;
    const char *container;
    int sound; /* number of the piece; negative: none */
    bool second, fragments, turned, edited;
    AVCodecParameters *parameters[N_TRACKS]; /* of the first piece on each track */
    AVPacket *packets[PROGRAM_MAX_PACKETS];  /* `stream_index` is the track */
    int n_packets;
    int64_t end_ms; /* where the next piece begins */
};

static void add(struct program *p, const AVPacket *from, int track, int64_t at_ms)
{
    AVPacket *packet = p->n_packets < PROGRAM_MAX_PACKETS ? av_packet_clone(from) : NULL;
    p->file->whole &= packet != NULL;
    if (!packet)
        return;
    packet->pts += at_ms;
    packet->dts += at_ms;
    packet->stream_index = track;
    p->packets[p->n_packets++] = packet;
}

/* Adds a piece, its tracks side by side. */
static void append(struct program *p, int number, int64_t pause_ms)
{
    const struct piece *pieces[N_TRACKS] = {piece_video(number)};
    int at[N_TRACKS] = {0};
    if (p->second)
        pieces[SECOND] = piece_video(0);
    if (p->sound >= 0)
        pieces[SOUND] = piece_sound(p->sound);
    p->end_ms += pause_ms;
    for (;;) {
        int next = -1;
        for (int t = 0; t < N_TRACKS; t++)
            if (pieces[t] && at[t] < pieces[t]->n_packets &&
                (next < 0 || pieces[t]->packets[at[t]]->dts < pieces[next]->packets[at[next]]->dts))
                next = t;
        if (next < 0)
            break;
        add(p, pieces[next]->packets[at[next]++], next, p->end_ms);
    }
    for (int t = 0; t < N_TRACKS; t++)
        if (pieces[t] && !p->parameters[t])
            p->parameters[t] = pieces[t]->parameters;
    p->end_ms += (int64_t)PIECE_PICTURES * PIECE_STEP_MS;
    p->file->n_pictures += PIECE_PICTURES;
    p->file->clear &= number != PIECE_PROTECTED;
    const AVCodecParameters *first = p->parameters[VIDEO], *now = pieces[VIDEO]->parameters;
    p->file->whole &= first->codec_id == now->codec_id && first->width == now->width;
}

static void drop_all(struct program *p)
{
    for (int i = 0; i < p->n_packets; i++)
        av_packet_free(&p->packets[i]);
    p->n_packets = 0;
}

/* What the container cannot hold is left out; the video goes into MPEG-TS then. */
static void add_streams(const struct program *p, AVFormatContext *muxer, int index[N_TRACKS])
{
    for (int t = 0; t < N_TRACKS; t++) {
        const AVCodecParameters *parameters = p->parameters[t];
        index[t] = -1;
        if (!parameters ||
            (t != VIDEO &&
             !avformat_query_codec(muxer->oformat, parameters->codec_id, FF_COMPLIANCE_NORMAL)))
            continue;
        AVStream *stream = avformat_new_stream(muxer, NULL);
        LAW(stream && avcodec_parameters_copy(stream->codecpar, parameters) >= 0);
        stream->time_base = (AVRational){1, 1000};
        stream->avg_frame_rate = (AVRational){t == SOUND ? 0 : 1000 / PIECE_STEP_MS, 1};
        index[t] = stream->index;
        uint8_t *matrix = NULL;
        if (p->turned && t == VIDEO)
            matrix =
                av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t));
        if (matrix)
            av_display_rotation_set((int32_t *)(void *)matrix, 90);
    }
}

static void write_packets(const struct program *p, AVFormatContext *muxer,
                          const int index[N_TRACKS])
{
    for (int i = 0; i < p->n_packets; i++) {
        AVPacket *packet = av_packet_clone(p->packets[i]);
        LAW(packet);
        int stream = index[packet->stream_index];
        if (stream >= 0) {
            packet->stream_index = stream;
            av_packet_rescale_ts(packet, (AVRational){1, 1000}, muxer->streams[stream]->time_base);
            if (av_write_frame(muxer, packet) < 0)
                p->file->whole = false; /* the muxer refuses this one */
        }
        av_packet_free(&packet);
    }
}

static void read_back(struct bt_buffer *content, const struct memory_file *file)
{
    off_t size = lseek(file->descriptor, 0, SEEK_END);
    uint8_t *to = size > 0 ? bt_buffer_extend(content, (size_t)size) : NULL;
    LAW(size == 0 || (to && pread(file->descriptor, to, (size_t)size, 0) == size));
}

/* Puts the packets into a container, behind what is written already: files joined by `cat`. */
static void write_file(struct program *p)
{
    AVFormatContext *muxer = NULL;
    AVDictionary *options = NULL;
    struct memory_file file;
    int index[N_TRACKS];
    if (p->n_packets == 0 || !p->parameters[VIDEO])
        return;
    const AVOutputFormat *format = av_guess_format(p->container, NULL, NULL);
    if (!format ||
        !avformat_query_codec(format, p->parameters[VIDEO]->codec_id, FF_COMPLIANCE_NORMAL))
        format = av_guess_format("mpegts", NULL, NULL);
    LAW(avformat_alloc_output_context2(&muxer, format, NULL, NULL) >= 0);
    memory_file_open(&file, (struct bauta_bytes){NULL, 0});
    LAW(avio_open(&muxer->pb, file.path, AVIO_FLAG_WRITE) >= 0);
    add_streams(p, muxer, index);
    muxer->flags |= AVFMT_FLAG_BITEXACT;
    muxer->avoid_negative_ts = p->edited ? 0 : AVFMT_AVOID_NEG_TS_AUTO;
    if (p->fragments)
        av_dict_set(&options, "movflags", "frag_keyframe+empty_moov+default_base_moof", 0);
    bool taken = avformat_write_header(muxer, &options) >= 0;
    if (taken) {
        write_packets(p, muxer, index);
        taken = av_write_trailer(muxer) >= 0;
    }
    p->file->whole &= taken; /* not every container takes every sound */
    av_dict_free(&options);
    avio_closep(&muxer->pb);
    if (p->file->content.size)
        p->file->whole = false; /* not every container can be joined so */
    read_back(&p->file->content, &file);
    memory_file_close(&file);
    avformat_free_context(muxer);
    drop_all(p);
}

static void drop(struct program *p, int first, int n)
{
    for (int i = first; i < p->n_packets && i < first + n; i++)
        av_packet_free(&p->packets[i]);
    int rest = p->n_packets - first - n;
    if (rest > 0)
        memmove(&p->packets[first], &p->packets[first + n], (size_t)rest * sizeof(p->packets[0]));
    p->n_packets = rest > 0 ? first + rest : first;
}

static void copy_packet(struct program *p, int at)
{
    AVPacket *copy = p->n_packets < PROGRAM_MAX_PACKETS ? av_packet_clone(p->packets[at]) : NULL;
    if (!copy)
        return;
    memmove(&p->packets[at + 1], &p->packets[at],
            (size_t)(p->n_packets - at) * sizeof(p->packets[0]));
    p->packets[at + 1] = copy;
    p->n_packets++;
}

/* From 1 ms to 10 hours. */
static int64_t time_of(const struct operation *o)
{
    static const int64_t units[] = {1, 40, 1000, 300000};
    return (int64_t)(int8_t)o->how * units[o->much % 4];
}

static void move_times(struct program *p, int first, int n, int64_t by_ms)
{
    for (int i = first; i < p->n_packets && i < first + n; i++) {
        if (p->packets[i]->pts != AV_NOPTS_VALUE)
            p->packets[i]->pts += by_ms;
        if (p->packets[i]->dts != AV_NOPTS_VALUE)
            p->packets[i]->dts += by_ms;
    }
}

/* Every packet of a track is put off: sound that begins late, or video that does. */
static void put_off(struct program *p, int track, int64_t by_ms)
{
    for (int i = 0; i < p->n_packets; i++)
        if (p->packets[i]->stream_index == track)
            move_times(p, i, 1, by_ms);
}

static void set_time(AVPacket *packet, const AVPacket *before, unsigned how)
{
    const int64_t times[] = {AV_NOPTS_VALUE, 0, -1000, before->pts, INT64_C(1) << 33, packet->dts};
    packet->pts = times[how % 6];
    if (how & 8 || how % 6 == 0)
        packet->dts = packet->pts;
}

static void change_bytes(AVPacket *packet, const struct operation *o)
{
    if (packet->size == 0 || av_packet_make_writable(packet) < 0)
        return;
    size_t at = (o->how | o->much << 8) % (size_t)packet->size;
    packet->data[at] ^= (uint8_t)(o->much | 1);
}

/* Only what stands before the first slice: a unit of parameter sets and messages, no picture. */
static void keep_no_slice(struct program *p, AVPacket *packet)
{
    const AVCodecParameters *sets = p->parameters[packet->stream_index];
    if (sets && sets->extradata_size > 0 && sets->extradata_size < packet->size &&
        av_packet_make_writable(packet) >= 0) {
        memcpy(packet->data, sets->extradata, (size_t)sets->extradata_size);
        av_shrink_packet(packet, sets->extradata_size);
    }
}

/* What was written already is changed as bytes. */
static void change_file(struct bt_buffer *content, const struct operation *o)
{
    if (content->size < 16)
        return;
    size_t at = (size_t)((uint64_t)(o->where | o->how << 8) * content->size >> 16);
    size_t n = 1 + (size_t)o->much * content->size / 1024;
    if (n > content->size - at)
        n = content->size - at;
    if (o->which % 3 == 0)
        content->data[at] ^= (uint8_t)(o->much | 1);
    else if (o->which % 3 == 1)
        content->size = at;
    else {
        memmove(content->data + at, content->data + at + n, content->size - at - n);
        content->size -= n;
    }
}

static void edit_packet(struct program *p, const struct operation *o, int at)
{
    int other = (int)o->how % p->n_packets;
    AVPacket *packet = p->packets[at], *before = p->packets[at ? at - 1 : 0];
    switch (o->which % N_OPERATIONS) {
    case DROP:
        drop(p, at, 1 + (int)o->how % 16);
        break;
    case DOUBLE:
        copy_packet(p, at);
        break;
    case SWAP:
        p->packets[at] = p->packets[other];
        p->packets[other] = packet;
        break;
    case SHIFT:
        move_times(p, at, PROGRAM_MAX_PACKETS, time_of(o));
        p->end_ms += time_of(o);
        break;
    case OUTLIER:
        move_times(p, at, 1 + (int)o->much / 32, time_of(o));
        break;
    case SET_TIME:
        set_time(packet, before, o->how);
        break;
    case SHORTEN:
        if (av_packet_make_writable(packet) >= 0) /* it zeroes what stands behind */
            av_shrink_packet(packet, (int)(o->how | o->much << 8) % (packet->size + 1));
        break;
    case FLIP:
        change_bytes(packet, o);
        break;
    case DURATION:
        packet->duration = time_of(o);
        break;
    case FLAGS:
        packet->flags = (int)o->how & (AV_PKT_FLAG_KEY | AV_PKT_FLAG_CORRUPT | AV_PKT_FLAG_DISCARD);
        break;
    case SETS_ONLY:
        keep_no_slice(p, packet);
        break;
    case PUT_OFF:
        put_off(p, (int)o->how % N_TRACKS, (int64_t)o->much * 100);
        break;
    default:
        break;
    }
}

static void operate(struct program *p, const struct operation *o)
{
    unsigned which = o->which % N_OPERATIONS;
    p->file->whole &= which == APPEND;
    if (which == APPEND)
        append(p, (int)o->where % N_VIDEO_PIECES, 0);
    else if (which == NEW_SETS) /* the container tells of another piece than what is in it */
        p->parameters[VIDEO] = piece_video((int)o->where % N_VIDEO_PIECES)->parameters;
    else if (which == WRITE) {
        write_file(p);
        p->container = containers[o->where % (sizeof(containers) / sizeof(containers[0]))];
        p->end_ms = o->how & 1 ? 0 : p->end_ms;
        p->parameters[VIDEO] = NULL;
    } else if (which == CHANGE_FILE)
        change_file(&p->file->content, &(struct operation){o->much, o->where, o->how, o->which});
    else if (p->n_packets > 0)
        edit_packet(p, o, (int)o->where % p->n_packets);
}

void program_run(struct program_file *file, struct bauta_bytes program)
{
    const uint8_t *b = program.data;
    LAW(program.size >= PROGRAM_HEAD);
    *file = (struct program_file){.whole = true, .clear = true};
    struct program p = {.file = file,
                        .container =
                            containers[b[0] % (sizeof(containers) / sizeof(containers[0]))],
                        .sound = (b[1] & 3) - 1,
                        .second = b[1] & 4,
                        .fragments = b[1] & 8,
                        .turned = b[1] & 16,
                        .edited = b[1] & 32};
    append(&p, b[2] % N_VIDEO_PIECES, 0);
    for (size_t n = 0, at = PROGRAM_HEAD; n < PROGRAM_MAX_OPERATIONS && at + 4 <= program.size;
         n++, at += 4)
        operate(&p, &(struct operation){b[at], b[at + 1], b[at + 2], b[at + 3]});
    write_file(&p);
    drop_all(&p);
}
