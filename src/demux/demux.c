/* SPDX-License-Identifier: Apache-2.0 */
#include "demux/demux.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bitstream/access_unit.h"
#include "demux/demux_state.h"
#include "demux/encrypted.h"
#include "demux/orientation.h"
#include "demux/tags.h"

enum { MOST_EARLY = 16, MOST_EARLY_BYTES = 16 << 20 }; /* units without a picture */

void bt_demux_free(struct bt_demux **demux)
{
    struct bt_demux *d = *demux;
    if (!d)
        return;
    av_packet_free(&d->early);
    while (d->n_ahead > 0)
        av_packet_free(&d->ahead[--d->n_ahead]);
    av_bsf_free(&d->to_annexb);
    avformat_close_input(&d->format);
    bt_timeline_clear(&d->timeline);
    bt_sounds_clear(&d->sounds);
    free(d->path);
    free(d);
    *demux = NULL;
}

const char *bt_demux_path(const struct bt_demux *d)
{
    return d->path;
}

uint64_t bt_demux_began_ms(const struct bt_demux *d)
{
    uint64_t told_ms = bt_tags_began_ms(d->format);
    return told_ms || !d->kind.utc || d->zero_us < 0 ? told_ms : (uint64_t)d->zero_us / 1000;
}

static double duration_of(const struct bt_demux *d)
{
    if (d->video->duration > 0)
        return (double)d->video->duration * av_q2d(d->video->time_base);
    return d->format->duration > 0 ? (double)d->format->duration / AV_TIME_BASE : -1.0;
}

void bt_demux_video_info(const struct bt_demux *d, struct bt_video_info *info)
{
    AVRational rate = d->rate;
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
    bool exact;
    info->view = bt_orientation_of(NULL, &exact, d->format, d->video, NULL);
    if (d->video->nb_frames > 0)
        info->n_pictures = (uint64_t)d->video->nb_frames;
    else if (info->duration_s > 0 && rate.num)
        info->n_pictures = (uint64_t)(fmin(info->duration_s * av_q2d(rate), 1e15) + 0.5);
}

/* Appends `more` to `av`. */
static int append(AVPacket *av, const AVPacket *more)
{
    int size = av->size, error = av_grow_packet(av, more->size);
    if (error >= 0)
        memcpy(av->data + size, more->data, (size_t)more->size);
    return error;
}

/* Keeps a unit without a picture for the next one. So many in a row belong to none. */
static int keep_early(struct bt_demux *d, const AVPacket *av)
{
    if (d->n_foreign_run++ > MOST_EARLY ||
        (d->early && d->early->size + av->size > MOST_EARLY_BYTES)) {
        av_packet_free(&d->early);
        d->truncated = true;
        return 0;
    }
    if (d->early)
        return append(d->early, av);
    d->early = av_packet_clone(av);
    return d->early ? av_packet_make_writable(d->early) : AVERROR(ENOMEM);
}

/* Puts the units that were kept before a picture's. */
static int take_early(struct bt_demux *d, AVPacket *av)
{
    bt_demux_end_run(d);
    if (!d->early)
        return 0;
    av_packet_free_side_data(d->early);
    int error = append(d->early, av);
    if (error >= 0)
        error = av_packet_copy_props(d->early, av);
    if (error >= 0) {
        av_packet_unref(av);
        av_packet_move_ref(av, d->early);
    }
    av_packet_free(&d->early);
    return error;
}

/* Units that come without a picture are put before the next one. `*whole` tells whether `av` has
 * one. */
static enum bauta_status join_early(struct bt_demux *d, AVPacket *av, bool *whole)
{
    enum bauta_codec codec = bt_ffmpeg_syntax(d->video->codecpar->codec_id);
    *whole = bt_access_unit_is_picture(codec, (struct bauta_bytes){av->data, (size_t)av->size});
    int error = *whole ? take_early(d, av) : keep_early(d, av);
    return error < 0 ? BAUTA_ERR_MEMORY : BAUTA_OK;
}

/* Fragments of MP4 files that were joined are marked as if an edit list hid them. */
static bool is_hidden(const struct bt_demux *d, const AVPacket *av)
{
    bool fragments = d->kind.mov && d->format->streams[av->stream_index]->nb_frames == 0;
    return (av->flags & AV_PKT_FLAG_DISCARD) && !fragments;
}

/* Sound that an edit list hides stays hidden; but for what a decoder needs to begin with. */
static bool is_silent(const struct bt_demux *d, const AVPacket *av)
{
    return is_hidden(d, av) && av->pts != AV_NOPTS_VALUE &&
           (av->pts > 0 || av->pts + 2 * av->duration <= 0);
}

/* Whether a packet belongs to a stream that anybody wants. */
static bool is_wanted(const struct bt_demux *d, const AVPacket *av)
{
    const AVStream *stream = d->format->streams[av->stream_index];
    if (stream == d->video)
        return av->size > 0;
    enum AVMediaType type = stream->codecpar->codec_type;
    return type == AVMEDIA_TYPE_SUBTITLE || (type == AVMEDIA_TYPE_AUDIO && !is_silent(d, av));
}

/*
 * Where a track of MPEG-TS goes on under another PID, FFmpeg (5.1) holds its last picture back to
 * the end of the file: behind all that followed it, where it cannot be decoded. It is as good as
 * not there.
 */
static bool comes_too_late(struct bt_demux *d, const AVPacket *av)
{
    if (!d->kind.mpegts || av->pos < 0)
        return false;
    bool late = av->pos < d->last_pos;
    if (late)
        bt_log(d->log, BAUTA_LOG_WARNING,
               "%s: the picture before its track got another number is lost", d->path);
    else
        d->last_pos = av->pos;
    d->truncated |= late;
    return late;
}

/* Some tools write the message behind the picture it is of, where it comes with the next one. */
static bool next_tells(struct bt_demux *d, struct bt_orientation_message *m, enum bauta_codec codec)
{
    const AVCodecParameters *p = d->video->codecpar;
    const struct bauta_bytes configuration = {p->extradata, (size_t)p->extradata_size};
    const AVPacket *next;
    for (int i = 0; (next = bt_demux_peek(d, i)); i++) {
        const struct bauta_bytes unit = {next->data, (size_t)next->size};
        if (next->stream_index == d->video->index)
            return !bauta_view_ends(codec, configuration, unit) &&
                   bauta_view_read(&m->view, &m->exact, codec, configuration, unit);
    }
    return false;
}

static void hear_view(struct bt_demux *d, struct bt_packet *p)
{
    enum bauta_codec codec = bt_ffmpeg_syntax(d->video->codecpar->codec_id);
    const struct bauta_bytes unit = bt_packet_bytes(p), byte_stream = {0};
    struct bt_orientation_message *m = &d->orientation;
    bool ends = bauta_view_ends(codec, byte_stream, unit);
    bool told = bauta_view_read(&m->view, &m->exact, codec, byte_stream, unit) ||
                (ends && next_tells(d, m, codec));
    m->some = told || (m->some && !ends);
    p->orientation = *m;
}

/* Of the video: into Annex B, with the units that came before it. */
static enum bauta_status prepare_video(struct bt_demux *d, struct bt_packet *p, bool *whole)
{
    *whole = true;
    if (comes_too_late(d, p->av)) {
        *whole = false;
        return BAUTA_OK;
    }
    enum bauta_status status = bt_demux_take_headers(d, p->av);
    if (status || !d->to_annexb)
        return status;
    if (bt_demux_filter_packet(d, p->av) < 0) {
        d->truncated = true; /* damaged beyond reading: as good as not there */
        *whole = false;
        return BAUTA_OK;
    }
    status = join_early(d, p->av, whole);
    if (!status && *whole)
        hear_view(d, p);
    return status;
}

/* Of another track: only what is surely no video is handed on. */
static enum bauta_status judge_other(struct bt_demux *d, const struct bt_packet *p, bool *whole)
{
    enum bt_sound_kind kind;
    bool unsure = d->jumped_at != BT_DEMUX_NEVER && d->kind.numbers_only;
    enum bauta_status status =
        bt_sounds_judge(&d->sounds, &kind, d->format->streams[p->stream], p->av, unsure);
    *whole = !status && kind == BT_SOUND_GOOD;
    d->n_unreadable += kind == BT_SOUND_UNREADABLE;
    d->truncated |= kind == BT_SOUND_PICTURES;
    if (!status && kind == BT_SOUND_PICTURES)
        bt_log(d->log, BAUTA_LOG_WARNING,
               "%s: track %d stops being sound, as where files were joined: it is left out from "
               "there on",
               d->path, p->stream + 1);
    return status;
}

static enum bauta_status prepare(struct bt_demux *d, struct bt_packet *p, bool *whole)
{
    p->stream = p->av->stream_index;
    p->tick = d->format->streams[p->stream]->time_base;
    p->video = p->stream == d->video->index;
    *whole = true;
    enum bauta_status status = p->video ? prepare_video(d, p, whole) : judge_other(d, p, whole);
    if (status || !*whole)
        return status;
    p->hidden = p->video && is_hidden(d, p->av);
    if (p->video && !p->hidden)
        p->av->flags &= ~AV_PKT_FLAG_DISCARD;
    d->n_hidden += p->hidden;
    p->unit = p->video ? d->n_units++ : 0;
    return bt_demux_place(d, p);
}

static enum bauta_status new_packet(struct bt_packet **packet)
{
    *packet = calloc(1, sizeof(**packet));
    if (*packet && ((*packet)->av = av_packet_alloc()))
        return BAUTA_OK;
    bt_packet_free(packet);
    return BAUTA_ERR_MEMORY;
}

enum bauta_status bt_demux_read(struct bt_demux *d, struct bt_packet **packet)
{
    struct bt_packet *p;
    *packet = NULL;
    enum bauta_status status = new_packet(&p);
    if (status)
        return status;
    int error;
    while ((error = bt_demux_next(d, p->av)) >= 0) {
        bool whole = false;
        bt_demux_note_delivered(d, p->av);
        bool wanted = is_wanted(d, p->av);
        if (wanted && bt_encrypted(d->format, d->video, p->av))
            status = bt_log_fail(d->log, BAUTA_ERR_UNSUPPORTED,
                                 "%s: is encrypted (CENC): decrypt it first", d->path);
        else if (wanted)
            status = prepare(d, p, &whole);
        if (whole && !status)
            *packet = p;
        if (whole || status)
            break;
        av_packet_unref(p->av);
    }
    if (*packet)
        return BAUTA_OK;
    bt_packet_free(&p);
    if (!status && error == AVERROR_EXIT)
        return BAUTA_ERR_CANCELLED;
    return status ? status : bt_demux_end(d, error);
}

bool bt_demux_truncated(const struct bt_demux *d)
{
    return d->truncated;
}

int bt_demux_streams(const struct bt_demux *d)
{
    return d->n_streams;
}

double bt_demux_sound_start(const struct bt_demux *d, int stream)
{
    const AVStream *s = d->format->streams[stream];
    if (s->codecpar->codec_type != AVMEDIA_TYPE_AUDIO || s->start_time == AV_NOPTS_VALUE)
        return INFINITY;
    int64_t start_us = av_rescale_q(s->start_time, s->time_base, AV_TIME_BASE_Q) - d->zero_us;
    return fmax((double)start_us / AV_TIME_BASE, 0);
}

int bt_demux_video_tracks(const struct bt_demux *d)
{
    return d->n_video_tracks;
}

uint64_t bt_demux_hidden(const struct bt_demux *d)
{
    return d->n_hidden;
}

bool bt_packet_is_video(const struct bt_packet *p)
{
    return p->video;
}

int bt_packet_stream(const struct bt_packet *p)
{
    return p->stream;
}

bool bt_packet_hidden(const struct bt_packet *p)
{
    return p->hidden;
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

double bt_packet_stamp(const struct bt_packet *p)
{
    return p->stamp_s;
}

void bt_packet_free(struct bt_packet **packet)
{
    if (*packet)
        av_packet_free(&(*packet)->av);
    free(*packet);
    *packet = NULL;
}
