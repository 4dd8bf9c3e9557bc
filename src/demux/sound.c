/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/sound.h"

#include <stdlib.h>
#include <libavutil/intreadwrite.h>

/* The first byte of a NAL unit of H.264 or H.265, or the start code of MPEG-1, 2 and 4 video. */
static bool may_begin_unit(const uint8_t *at)
{
    unsigned h264 = at[0] & 31, h265 = at[0] >> 1 & 63;
    bool is_h264 = at[0] < 0x80 && ((h264 >= 1 && h264 <= 12) || h264 == 14 || h264 == 20);
    bool is_h265 =
        at[0] < 0x80 && !(at[0] & 1) && (at[1] & 7) && (h265 <= 21 || h265 >= 32) && h265 <= 40;
    return is_h264 || is_h265 || at[0] == 0xb0 || at[0] == 0xb3 || at[0] == 0xb6;
}

static bool begins_with_start_code(const AVPacket *p)
{
    int at = 0;
    while (at < 3 && at < p->size && p->data[at] == 0)
        at++;
    return at >= 2 && at + 2 < p->size && p->data[at] == 1 && may_begin_unit(p->data + at + 1);
}

/* Units with their sizes before them, as in MP4 and Matroska, that fill the packet exactly; at
 * least `least` of them. */
static bool is_chain(const AVPacket *p, int size_bytes, int least)
{
    int64_t at = 0;
    int n = 0;
    for (; at + size_bytes + 2 <= p->size; n++) {
        int64_t size = size_bytes == 4 ? AV_RB32(p->data + at) : AV_RB16(p->data + at);
        if (size < 2 || !may_begin_unit(p->data + at + size_bytes))
            return false;
        at += size_bytes + size;
    }
    return at == p->size && n >= least;
}

/* By chance a packet of sound begins like this once in many millions: a unit with a size of two
 * bytes is not enough. */
static bool looks_like_video(const AVPacket *p)
{
    return begins_with_start_code(p) || is_chain(p, 4, 1) || is_chain(p, 2, 2);
}

/* The PES packets of video have numbers of their own (ITU-T H.222.0, table 2-22). */
static bool is_video_pes(const AVPacket *p)
{
    size_t size = 0;
    const uint8_t *id = av_packet_get_side_data(p, AV_PKT_DATA_MPEGTS_STREAM_ID, &size);
    return id && size >= 1 && (*id & 0xf0) == 0xe0;
}

/* PCM and ADPCM are any bytes; the codecs behind them in FFmpeg's list are not. */
static bool has_structure(const AVCodecParameters *p)
{
    return p->codec_type == AVMEDIA_TYPE_AUDIO && p->codec_id >= AV_CODEC_ID_AMR_NB;
}

static enum bauta_status open_decoder(struct bt_sound *s, const AVCodecParameters *p)
{
    s->known = true;
    const AVCodec *codec = has_structure(p) ? avcodec_find_decoder(p->codec_id) : NULL;
    if (!codec)
        return BAUTA_OK;
    s->decoder = avcodec_alloc_context3(codec);
    if (!s->decoder)
        return BAUTA_ERR_MEMORY;
    s->decoder->thread_count = 1;
    if (avcodec_parameters_to_context(s->decoder, p) < 0 ||
        avcodec_open2(s->decoder, codec, NULL) < 0)
        avcodec_free_context(&s->decoder);
    return BAUTA_OK;
}

static bool decodes(struct bt_sounds *sounds, const struct bt_sound *s, const AVPacket *packet)
{
    int error = avcodec_send_packet(s->decoder, packet);
    while (error >= 0)
        error = avcodec_receive_frame(s->decoder, sounds->frame);
    return error == AVERROR(EAGAIN) || error == AVERROR_EOF;
}

static enum bauta_status find(struct bt_sounds *sounds, struct bt_sound **sound,
                              const AVStream *stream)
{
    if (!sounds->frame && !(sounds->frame = av_frame_alloc()))
        return BAUTA_ERR_MEMORY;
    if (stream->index >= sounds->n_items) {
        size_t n = (size_t)stream->index + 1;
        struct bt_sound *grown = realloc(sounds->items, n * sizeof(*grown));
        if (!grown)
            return BAUTA_ERR_MEMORY;
        for (int i = sounds->n_items; i <= stream->index; i++)
            grown[i] = (struct bt_sound){.decoder = NULL};
        sounds->items = grown;
        sounds->n_items = stream->index + 1;
    }
    *sound = &sounds->items[stream->index];
    return (*sound)->known ? BAUTA_OK : open_decoder(*sound, stream->codecpar);
}

enum bauta_status bt_sounds_judge(struct bt_sounds *sounds, enum bt_sound_kind *kind,
                                  const AVStream *stream, const AVPacket *packet, bool unsure)
{
    struct bt_sound *s;
    *kind = BT_SOUND_ENDED;
    enum bauta_status status = find(sounds, &s, stream);
    if (status || s->ended)
        return status;
    /* packets of PCM are all of one size: one that is as well may look like video by chance, and so
     * may the first, which nothing is known of */
    bool like_video = looks_like_video(packet);
    bool chance = packet->size == s->last_size || s->last_size == 0;
    s->last_size = packet->size;
    s->ended = is_video_pes(packet) || (like_video && !chance) || (!s->decoder && unsure);
    if (s->ended)
        *kind = BT_SOUND_PICTURES;
    else if (like_video || (s->decoder && !decodes(sounds, s, packet)))
        *kind = BT_SOUND_UNREADABLE;
    else
        *kind = BT_SOUND_GOOD;
    return BAUTA_OK;
}

void bt_sounds_clear(struct bt_sounds *sounds)
{
    for (int i = 0; i < sounds->n_items; i++)
        avcodec_free_context(&sounds->items[i].decoder);
    free(sounds->items);
    av_frame_free(&sounds->frame);
    *sounds = (struct bt_sounds){.items = NULL};
}
