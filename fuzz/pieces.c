/* SPDX-License-Identifier: Apache-2.0 */
#include "pieces.h"

#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>

#include "bitstream/nal.h"
#include "law.h"

enum { SOUND_RATE = 8000, DARK = 24, BRIGHT = 228, GROUND = 112 };

struct recipe {
    const char *encoder, *options;
    int width, height;
    bool full_range;
};

static const struct recipe videos[] = {
    {"libx264", "preset=ultrafast:bf=0", 64, 48, false},
    {"libx264", "preset=veryfast:bf=2:refs=3", 64, 48, false}, /* B-pictures */
    {"libx265", "preset=ultrafast:x265-params=bframes=2\\:log-level=none\\:pools=none", 64, 48,
     false},
    {"libx264", "preset=ultrafast:bf=0:slices=2", 96, 64, false}, /* another size, slices */
    {"libx264", "preset=ultrafast:bf=1:aud=1", 64, 48, true},     /* other sets of the same size */
    {"libx264", "preset=veryfast:bf=0:intra-refresh=1", 64, 48, false}, /* one key picture only */
};

static const struct recipe sounds[] = {
    {.encoder = "aac"}, {.encoder = "pcm_alaw"}, {.encoder = "mp2"}};

bool piece_is_bright(int x, int y)
{
    return ((x / 2) ^ (y / 2)) & 1;
}

/* Picture `n`: a ground that moves, and the square. */
static void draw(AVFrame *frame, int n)
{
    for (int y = 0; y < frame->height; y++)
        for (int x = 0; x < frame->width; x++) {
            bool in = x >= PIECE_SQUARE_X && x < PIECE_SQUARE_X + PIECE_SQUARE &&
                      y >= PIECE_SQUARE_Y && y < PIECE_SQUARE_Y + PIECE_SQUARE;
            int ground = GROUND + (x + y + 3 * n) % 16;
            frame->data[0][y * frame->linesize[0] + x] =
                (uint8_t)(in ? (piece_is_bright(x, y) ? BRIGHT : DARK) : ground);
        }
    for (int p = 1; p < 3; p++)
        for (int y = 0; y < frame->height / 2; y++)
            memset(frame->data[p] + y * frame->linesize[p], 128, (size_t)frame->width / 2);
}

static AVCodecContext *open_encoder(const struct recipe *recipe)
{
    const AVCodec *codec = avcodec_find_encoder_by_name(recipe->encoder);
    LAW(codec);
    AVCodecContext *encoder = avcodec_alloc_context3(codec);
    LAW(encoder);
    encoder->time_base = (AVRational){1, 1000};
    encoder->thread_count = 1;
    if (codec->type == AVMEDIA_TYPE_VIDEO) {
        encoder->width = recipe->width;
        encoder->height = recipe->height;
        encoder->pix_fmt = AV_PIX_FMT_YUV420P;
        encoder->color_range = recipe->full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
        encoder->framerate = (AVRational){1000 / PIECE_STEP_MS, 1};
        encoder->gop_size = PIECE_PICTURES / 2;
        encoder->time_base = (AVRational){1, 1000 / PIECE_STEP_MS};
    } else {
        encoder->sample_rate = strcmp(recipe->encoder, "mp2") == 0 ? 2 * SOUND_RATE : SOUND_RATE;
        encoder->time_base = (AVRational){1, encoder->sample_rate};
        encoder->sample_fmt = codec->sample_fmts[0];
        av_channel_layout_default(&encoder->ch_layout, 1);
    }
    LAW(!recipe->options || av_set_options_string(encoder, recipe->options, "=", ":") >= 0);
    LAW(avcodec_open2(encoder, codec, NULL) == 0);
    return encoder;
}

static AVFrame *new_frame(const AVCodecContext *encoder)
{
    AVFrame *frame = av_frame_alloc();
    LAW(frame);
    frame->width = encoder->width;
    frame->height = encoder->height;
    frame->format = encoder->width ? (int)encoder->pix_fmt : (int)encoder->sample_fmt;
    frame->sample_rate = encoder->sample_rate;
    frame->nb_samples = encoder->width ? 0 : encoder->frame_size ? encoder->frame_size : 1024;
    LAW(encoder->width || !av_channel_layout_copy(&frame->ch_layout, &encoder->ch_layout));
    LAW(av_frame_get_buffer(frame, 0) == 0);
    return frame;
}

static void take_packets(struct piece *piece, AVCodecContext *encoder)
{
    AVPacket *packet = av_packet_alloc();
    while (packet && avcodec_receive_packet(encoder, packet) == 0) {
        LAW(piece->n_packets < PIECE_MAX_PACKETS);
        av_packet_rescale_ts(packet, encoder->time_base, (AVRational){1, 1000});
        if (packet->duration <= 0)
            packet->duration = PIECE_STEP_MS;
        piece->packets[piece->n_packets++] = packet;
        packet = av_packet_alloc();
    }
    av_packet_free(&packet);
}

static void encode(struct piece *piece, AVCodecContext *encoder)
{
    AVFrame *frame = new_frame(encoder);
    int64_t end = encoder->width
                      ? PIECE_PICTURES
                      : (int64_t)PIECE_PICTURES * PIECE_STEP_MS * encoder->sample_rate / 1000;
    int step = encoder->width ? 1 : frame->nb_samples;
    for (frame->pts = 0; frame->pts < end; frame->pts += step) {
        LAW(av_frame_make_writable(frame) == 0);
        if (encoder->width)
            draw(frame, (int)frame->pts);
        else
            av_samples_set_silence(frame->data, 0, frame->nb_samples, 1, encoder->sample_fmt);
        LAW(avcodec_send_frame(encoder, frame) == 0);
        take_packets(piece, encoder);
    }
    LAW(avcodec_send_frame(encoder, NULL) == 0);
    take_packets(piece, encoder);
    av_frame_free(&frame);
}

/* The parameter sets of the first key picture, which containers want beforehand. */
static void find_sets(struct piece *piece)
{
    AVCodecParameters *p = piece->parameters;
    enum bauta_codec codec = p->codec_id == AV_CODEC_ID_HEVC ? BAUTA_CODEC_H265 : BAUTA_CODEC_H264;
    struct bt_buffer sets = {0};
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(
        &r, (struct bauta_bytes){piece->packets[0]->data, (size_t)piece->packets[0]->size});
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(codec, nal) == BT_NAL_PARAMETERS)
            bt_nal_copy(&sets, nal);
    av_freep(&p->extradata);
    p->extradata = av_mallocz(sets.size + AV_INPUT_BUFFER_PADDING_SIZE);
    LAW(p->extradata && sets.size > 0);
    memcpy(p->extradata, sets.data, sets.size);
    p->extradata_size = (int)sets.size;
    bt_buffer_clear(&sets);
}

static void make(struct piece *piece, const struct recipe *recipe)
{
    AVCodecContext *encoder = open_encoder(recipe);
    encode(piece, encoder);
    piece->parameters = avcodec_parameters_alloc();
    LAW(piece->parameters && avcodec_parameters_from_context(piece->parameters, encoder) >= 0);
    piece->parameters->codec_tag = 0;
    if (encoder->width)
        find_sets(piece);
    avcodec_free_context(&encoder);
}

void piece_read(struct piece *piece, const char *path)
{
    AVFormatContext *file = NULL;
    LAW(avformat_open_input(&file, path, NULL, NULL) == 0);
    LAW(avformat_find_stream_info(file, NULL) >= 0);
    int video = av_find_best_stream(file, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    AVPacket *packet = av_packet_alloc();
    LAW(video >= 0);
    const AVStream *stream = file->streams[video];
    int64_t start = av_rescale_q(stream->start_time, stream->time_base, (AVRational){1, 1000});
    while (packet && av_read_frame(file, packet) == 0) {
        LAW(piece->n_packets < PIECE_MAX_PACKETS && packet->stream_index == video);
        av_packet_rescale_ts(packet, stream->time_base, (AVRational){1, 1000});
        packet->pts -= start;
        packet->dts -= start;
        piece->packets[piece->n_packets++] = packet;
        packet = av_packet_alloc();
    }
    av_packet_free(&packet);
    piece->parameters = avcodec_parameters_alloc();
    LAW(piece->parameters && avcodec_parameters_copy(piece->parameters, stream->codecpar) >= 0);
    piece->parameters->codec_tag = 0;
    find_sets(piece);
    avformat_close_input(&file);
}

const struct piece *piece_video(int number)
{
    static struct piece pieces[N_VIDEO_PIECES];
    struct piece *piece = &pieces[number];
    LAW(number < N_VIDEO_PIECES);
    if (piece->n_packets == 0 && number == PIECE_PROTECTED)
        piece_protect(piece);
    else if (piece->n_packets == 0)
        make(piece, &videos[number]);
    return piece;
}

const struct piece *piece_sound(int number)
{
    static struct piece pieces[N_SOUND_PIECES];
    if (pieces[number].n_packets == 0)
        make(&pieces[number], &sounds[number]);
    return &pieces[number];
}
