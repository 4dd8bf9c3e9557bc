/* SPDX-License-Identifier: Apache-2.0 */
#include "mux/tracks.h"

#include <stdlib.h>
#include <string.h>

#include "demux/demux_state.h"
#include "mux/mux.h"
#include "mux/tag_copy.h"

/* How a sentence goes on about a track. */
static const struct words {
    const char *are, *them;
} about_sound = {"sound is", "it"}, about_subtitles = {"subtitles are", "them"};

static const struct words *words_of(const AVStream *track)
{
    return track->codecpar->codec_type == AVMEDIA_TYPE_AUDIO ? &about_sound : &about_subtitles;
}

static bool is_wanted(const AVStream *track, const struct bt_mux_settings *s)
{
    return (s->audio && track->codecpar->codec_type == AVMEDIA_TYPE_AUDIO) ||
           (s->keep_subtitles && track->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE);
}

/* Blocks whose size only the container tells; some (NUT) do not. */
static bool has_blocks(const AVCodecParameters *p)
{
    return p->codec_id == AV_CODEC_ID_ADPCM_MS || p->codec_id == AV_CODEC_ID_ADPCM_IMA_WAV;
}

static bool is_readable(const AVCodecParameters *p)
{
    return p->codec_id != AV_CODEC_ID_NONE && (p->block_align > 0 || !has_blocks(p)) &&
           (p->codec_type != AVMEDIA_TYPE_AUDIO ||
            (p->sample_rate > 0 && p->ch_layout.nb_channels > 0));
}

bool bt_tracks_carries(const AVStream *track, const struct bt_mux_settings *s)
{
    return is_wanted(track, s) && is_readable(track->codecpar) &&
           bt_container_holds(bt_container_find(s->path, s->format), track);
}

/* Whether the output can have it; if not, says why. */
static bool can_be_copied(const AVStream *track, const struct bt_mux_settings *s)
{
    const struct bt_container *container = bt_container_find(s->path, s->format);
    const char *codec = avcodec_get_name(track->codecpar->codec_id);
    const struct words *w = words_of(track);
    char others[64];
    if (!is_readable(track->codecpar)) {
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: the %s %s left out: nothing in the first seconds tells how to read %s",
               bt_demux_path(s->like), codec, w->are, w->them);
        return false;
    }
    if (bt_container_holds(container, track))
        return true;
    bt_container_name_others(others, sizeof(others), track);
    bt_log(s->log, BAUTA_LOG_WARNING, "%s: the %s %s left out: %s cannot hold %s%s%s%s", s->path,
           codec, w->are, container->name, w->them, *others ? "; " : "", others,
           *others ? " can" : "");
    return false;
}

/* AAC that tells itself in each packet (ADTS, of MPEG-TS): an AudioSpecificConfig (ISO/IEC 14496-3,
 * 1.6.2.1) for containers that want it in the header, which a pipe has no way back to. */
static bool describe_aac(AVCodecParameters *p)
{
    static const int rates[] = {96000, 88200, 64000, 48000, 44100, 32000, 24000,
                                22050, 16000, 12000, 11025, 8000,  7350};
    unsigned rate = 0, n = sizeof(rates) / sizeof(rates[0]),
             channels = (unsigned)p->ch_layout.nb_channels;
    while (rate < n && rates[rate] != p->sample_rate)
        rate++;
    if (rate == n || channels < 1 || channels > 7)
        return true; /* the container may find out by itself */
    p->extradata = av_mallocz(2 + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!p->extradata)
        return false;
    unsigned profile = p->profile >= 0 && p->profile < 4 ? (unsigned)p->profile + 1 : 2;
    p->extradata_size = 2;
    p->extradata[0] = (uint8_t)(profile << 3 | rate >> 1);
    p->extradata[1] = (uint8_t)((rate & 1) << 7 | channels << 3);
    return true;
}

/* MOV counts samples: in a codec of which it is not told that a packet holds many, each packet, or
 * each byte, would last one. How many it is only matters where blocks have a fixed size. */
static void describe_packets(AVCodecParameters *p)
{
    bool adpcm = p->codec_id >= AV_CODEC_ID_ADPCM_IMA_QT && p->codec_id < AV_CODEC_ID_AMR_NB;
    if ((!adpcm && p->codec_id != AV_CODEC_ID_DFPWM) || p->frame_size > 1)
        return;
    int n = av_get_audio_frame_duration2(p, p->block_align);
    p->frame_size = n > 1 ? n : 2;
}

static enum bauta_status add_one(struct bt_tracks *t, AVFormatContext *out, const AVStream *track,
                                 const struct bt_mux_settings *s)
{
    AVStream *copy = avformat_new_stream(out, NULL);
    if (!copy || avcodec_parameters_copy(copy->codecpar, track->codecpar) < 0)
        return BAUTA_ERR_MEMORY;
    copy->codecpar->codec_tag = 0;
    describe_packets(copy->codecpar);
    if (copy->codecpar->codec_id == AV_CODEC_ID_AAC && copy->codecpar->extradata_size == 0 &&
        strcmp(out->oformat->name, "mpegts") != 0 && !describe_aac(copy->codecpar))
        return BAUTA_ERR_MEMORY;
    copy->time_base = track->time_base;
    bt_tag_copy_stream(copy, track, s->keep_tags);
    t->index_of[track->index] = copy->index;
    return BAUTA_OK;
}

enum bauta_status bt_tracks_add(struct bt_tracks *t, AVFormatContext *out,
                                const struct bt_mux_settings *s)
{
    const AVFormatContext *from = s->like->format;
    enum bauta_status status = BAUTA_OK;
    t->index_of = malloc((from->nb_streams + 1) * sizeof(*t->index_of));
    if (!t->index_of)
        return BAUTA_ERR_MEMORY;
    t->n_streams = (int)from->nb_streams;
    for (int i = 0; i < t->n_streams; i++)
        t->index_of[i] = -1;
    for (int i = 0; i < t->n_streams && !status; i++)
        if (is_wanted(from->streams[i], s) && can_be_copied(from->streams[i], s))
            status = add_one(t, out, from->streams[i], s);
    return status;
}

void bt_tracks_clear(struct bt_tracks *t)
{
    free(t->index_of);
    *t = (struct bt_tracks){.index_of = NULL};
}

int bt_tracks_find(struct bt_tracks *t, int stream, const struct bt_mux_settings *s)
{
    if (stream < t->n_streams)
        return t->index_of[stream];
    if (s->audio && !t->late_said)
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: the sound that begins in the middle of the file is left out",
               bt_demux_path(s->like));
    t->late_said = true;
    return -1;
}

void bt_tracks_drop(struct bt_tracks *t, int index, int error, const struct bt_mux_settings *s)
{
    char words[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, words, sizeof(words));
    for (int i = 0; i < t->n_streams; i++)
        if (t->index_of[i] == index)
            t->index_of[i] = -1;
    bt_log(s->log, BAUTA_LOG_WARNING,
           "%s: track %d, sound or subtitles, ends early: the container refuses it: %s", s->path,
           index + 1, words);
}

void bt_tracks_strip(const AVFormatContext *out, AVPacket *packet)
{
    const AVCodecParameters *p = out->streams[packet->stream_index]->codecpar;
    bool adts = p->codec_id == AV_CODEC_ID_AAC && packet->size > 9 && packet->data[0] == 0xff &&
                (packet->data[1] & 0xf6) == 0xf0;
    if (!adts || strcmp(out->oformat->name, "mpegts") == 0)
        return;
    int header = packet->data[1] & 1 ? 7 : 9; /* without and with a checksum */
    packet->data += header;
    packet->size -= header;
}

bool bt_tracks_suits(const AVFormatContext *out, const AVPacket *packet)
{
    const AVCodecParameters *p = out->streams[packet->stream_index]->codecpar;
    bool is_mov = strcmp(out->oformat->name, "mp4") == 0 || strcmp(out->oformat->name, "mov") == 0;
    /* bsid of ATSC A/52, 5.4.2.1: to 10 it is AC-3, 16 E-AC-3 */
    return p->codec_id != AV_CODEC_ID_AC3 || !is_mov ||
           (packet->size > 5 && packet->data[5] >> 3 <= 10);
}
