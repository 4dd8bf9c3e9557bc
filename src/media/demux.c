/* SPDX-License-Identifier: Apache-2.0 */
#include "media/demux.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "media/demux_private.h"
#include "media/encrypted.h"
#include "media/orientation.h"
#include "media/repeated_sets.h"
#include "media/tags.h"

enum { MOST_SENTENCES = 3 }; /* on one kind of fault */
enum { NEAR = 64 };          /* packets from a join to where the container sees it */
static const int64_t most_us = INT64_C(1) << 58; /* a time beyond is none */
/* By which a header's duration may be inexact; by which a picture is shown after it is decoded. */
static const int64_t most_missing_us = 1000000, most_delay_us = 10000000, most_reorder_us = 1000000;
enum { MOST_EARLY_BYTES = 16 << 20 }; /* of units without a picture */

void bt_demux_free(struct bt_demux **demux)
{
    struct bt_demux *d = *demux;
    if (!d)
        return;
    av_packet_free(&d->early);
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

bool bt_demux_is_mov(const struct bt_demux *d)
{
    return strstr(d->format->iformat->name, "mp4") != NULL;
}

uint64_t bt_demux_began_ms(const struct bt_demux *d)
{
    bool clock_is_utc = strcmp(d->format->iformat->name, "dhav") == 0;
    uint64_t told_ms = bt_tags_began_ms(d->format);
    return told_ms || !clock_is_utc || d->zero_us < 0 ? told_ms : (uint64_t)d->zero_us / 1000;
}

static double duration_of(const struct bt_demux *d)
{
    if (d->video->duration > 0)
        return (double)d->video->duration * av_q2d(d->video->time_base);
    return d->format->duration > 0 ? (double)d->format->duration / AV_TIME_BASE : -1.0;
}

static AVRational rate_of(const struct bt_demux *d)
{
    AVRational rate = av_guess_frame_rate(d->format, d->video, NULL);
    if (rate.num <= 0 || rate.den <= 0 || av_q2d(rate) > 1000.0)
        return (AVRational){0, 1};
    return rate;
}

void bt_demux_video_info(const struct bt_demux *d, struct bt_video_info *info)
{
    AVRational rate = rate_of(d);
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
    info->view = bt_orientation_of(&(struct bt_orientation){0}, &exact, d->format, d->video, NULL);
    if (d->video->nb_frames > 0)
        info->n_pictures = (uint64_t)d->video->nb_frames;
    else if (info->duration_s > 0 && rate.num)
        info->n_pictures = (uint64_t)(fmin(info->duration_s * av_q2d(rate), 1e15) + 0.5);
}

/* The second of several sample descriptions, say: the filter must put its parameter sets in. */
static enum bauta_status take_headers(struct bt_demux *d, AVPacket *av)
{
    size_t size = 0;
    const uint8_t *headers = av_packet_get_side_data(av, AV_PKT_DATA_NEW_EXTRADATA, &size);
    if (!headers || !d->to_annexb)
        return BAUTA_OK;
    AVCodecParameters *p = avcodec_parameters_alloc();
    uint8_t *copy = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    enum bauta_status status = BAUTA_ERR_MEMORY;
    if (p && copy && avcodec_parameters_copy(p, d->video->codecpar) >= 0) {
        memcpy(copy, headers, size);
        av_freep(&p->extradata);
        p->extradata = copy;
        p->extradata_size = (int)size;
        copy = NULL;
        status = bt_demux_open_filter(d, p);
    }
    av_free(copy);
    avcodec_parameters_free(&p);
    if (status && status != BAUTA_ERR_MEMORY) {
        d->truncated = true;
        status = BAUTA_OK;
    }
    av_packet_free_side_data(av); /* what the filter gives carries its headers in band */
    return status;
}

/* Puts a packet through the filter, which gives exactly one for one. */
static int filter_packet(const struct bt_demux *d, AVPacket *av)
{
    int error = av_bsf_send_packet(d->to_annexb, av);
    if (error >= 0)
        error = av_bsf_receive_packet(d->to_annexb, av);
    if (error >= 0)
        bt_repeated_sets_drop(av, d->to_annexb->par_out);
    return error;
}

static bool has_slice(enum bt_codec codec, const AVPacket *av)
{
    struct bt_nal_reader r;
    struct bauta_bytes nal;
    bt_nal_reader_init(&r, (struct bauta_bytes){av->data, (size_t)av->size});
    while (bt_nal_next(&r, &nal))
        if (bt_nal_kind(codec, nal) == BT_NAL_SLICE)
            return true;
    return false;
}

/* Appends `more` to `av`. */
static int append(AVPacket *av, const AVPacket *more)
{
    int size = av->size, error = av_grow_packet(av, more->size);
    if (error >= 0)
        memcpy(av->data + size, more->data, (size_t)more->size);
    return error;
}

/* Units that come without a slice are no picture: they are kept, and put before the next one.
 * `*whole` tells whether `av` is a picture. */
static enum bauta_status join_early(struct bt_demux *d, AVPacket *av, bool *whole)
{
    int error = 0;
    *whole = has_slice((enum bt_codec)bt_ffmpeg_syntax(d->video->codecpar->codec_id), av);
    if (!*whole && !d->early) {
        d->early = av_packet_clone(av);
        error = d->early ? av_packet_make_writable(d->early) : AVERROR(ENOMEM);
    } else if (!*whole && d->early->size + av->size > MOST_EARLY_BYTES) {
        av_packet_free(&d->early);
        d->truncated = true;
    } else if (!*whole) {
        error = append(d->early, av);
    } else if (d->early) {
        error = append(d->early, av);
        if (error >= 0)
            error = av_packet_copy_props(d->early, av);
        if (error >= 0) {
            av_packet_unref(av);
            av_packet_move_ref(av, d->early);
        }
        av_packet_free(&d->early);
    }
    return error < 0 ? BAUTA_ERR_MEMORY : BAUTA_OK;
}

static int64_t step_of(const struct bt_demux *d, const struct bt_packet *p)
{
    AVRational rate = rate_of(d);
    int64_t step = p->av->duration > 0 ? av_rescale_q(p->av->duration, p->tick, AV_TIME_BASE_Q) : 0;
    if (p->video && rate.num)
        step = av_rescale_q(1, av_inv_q(rate), AV_TIME_BASE_Q);
    return step > (p->video ? 1000 : 0) ? step : p->video ? 40000 : 20000;
}

static void say_jump(struct bt_demux *d, const struct bt_packet *p, const struct bt_placed *placed,
                     int64_t time_us)
{
    if (placed->jumped_us)
        d->jumped_at = d->n_read;
    if (!placed->jumped_us || !p->video || ++d->n_jumps > MOST_SENTENCES)
        return;
    bt_log(d->log, BAUTA_LOG_WARNING,
           "%s: its clock jumps by %+.3f s at %.3f s: carried on from the picture before%s",
           d->path, (double)placed->jumped_us * 1e-6, (double)(time_us + placed->shift_us) * 1e-6,
           d->n_jumps == MOST_SENTENCES ? "; further jumps are not told" : "");
}

/* A time in microseconds; AV_NOPTS_VALUE if there is none, or none that can be. */
static int64_t to_us(int64_t stamp, AVRational tick)
{
    int64_t us = stamp != AV_NOPTS_VALUE ? av_rescale_q(stamp, tick, AV_TIME_BASE_Q) : stamp;
    return us <= most_us && us >= -most_us ? us : AV_NOPTS_VALUE;
}

/* Matroska tells when pictures are shown, and FFmpeg makes up when they are decoded. Those that are
 * shown before one that came already were only reordered; what lies a second back is a jump. */
static int64_t decoding_time(struct bt_demux *d, int64_t pts_us)
{
    if (d->n_units > 1 && pts_us < d->last_shown_us && pts_us > d->last_shown_us - most_reorder_us)
        return AV_NOPTS_VALUE;
    d->last_shown_us = pts_us;
    return pts_us;
}

/* Brings a packet's times onto the one time line. Times of presentation alone rise and fall where
 * pictures are reordered: they tell of no jump. */
static enum bauta_status place(struct bt_demux *d, struct bt_packet *p)
{
    AVPacket *av = p->av;
    int64_t time_us = to_us(av->dts, p->tick), pts_us = to_us(av->pts, p->tick);
    bool has_pts = pts_us != AV_NOPTS_VALUE, has_dts = time_us != AV_NOPTS_VALUE;
    struct bt_placed placed = {.shift_us = bt_timeline_shift(&d->timeline, p->stream)};
    enum bauta_status status = BAUTA_OK;
    if (p->video && has_pts && strstr(d->format->iformat->name, "matroska"))
        time_us = decoding_time(d, pts_us);
    if (time_us != AV_NOPTS_VALUE && !p->hidden)
        status = bt_timeline_place(&d->timeline, &placed, p->stream, time_us, step_of(d, p));
    int64_t shift = av_rescale_q(placed.shift_us, AV_TIME_BASE_Q, p->tick);
    if (has_pts && time_us != AV_NOPTS_VALUE && !p->hidden &&
        llabs(pts_us - time_us) > most_delay_us) {
        has_pts = false;
        d->n_stray += p->video;
    }
    av->pts = has_pts ? av_sat_add64(av->pts, shift) : AV_NOPTS_VALUE;
    av->dts = has_dts ? av_sat_add64(av->dts, shift) : AV_NOPTS_VALUE;
    d->n_stood += placed.stood && p->video;
    say_jump(d, p, &placed, time_us);
    return status;
}

static void note_seconds(const struct bt_demux *d, struct bt_packet *p)
{
    int64_t stamp = p->av->pts != AV_NOPTS_VALUE ? p->av->pts : p->av->dts;
    AVRational rate = rate_of(d);
    if (p->hidden)
        p->seconds = NAN;
    else if (stamp != AV_NOPTS_VALUE)
        p->seconds = (double)stamp * av_q2d(p->tick);
    else if (rate.num > 0)
        p->seconds = (double)p->unit / av_q2d(rate);
}

/* Fragments of MP4 files that were joined are marked as if an edit list hid them. */
static bool is_hidden(const struct bt_demux *d, const AVPacket *av)
{
    bool fragments = bt_demux_is_mov(d) && d->format->streams[av->stream_index]->nb_frames == 0;
    return (av->flags & AV_PKT_FLAG_DISCARD) && !fragments;
}

/* Where two recordings were joined, the container's counters jump, too, which is no damage. */
static void note_damage(struct bt_demux *d, bool damaged)
{
    bool waits = d->damaged_at != BT_DEMUX_NEVER;
    if (waits && llabs(d->damaged_at - d->jumped_at) <= NEAR) {
        d->damaged_at = BT_DEMUX_NEVER;
    } else if (waits && d->n_read - d->damaged_at > NEAR) {
        d->truncated = true;
        d->damaged_at = BT_DEMUX_NEVER;
    }
    if (damaged && d->damaged_at == BT_DEMUX_NEVER)
        d->damaged_at = d->n_read;
}

static void note_delivered(struct bt_demux *d, const AVPacket *av)
{
    const AVStream *stream = d->format->streams[av->stream_index];
    int64_t stamp = av->pts != AV_NOPTS_VALUE ? av->pts : av->dts;
    d->n_delivered += stream == d->video;
    d->n_read++;
    note_damage(d, (av->flags & AV_PKT_FLAG_CORRUPT) != 0);
    if (stream == d->video)
        d->goes_on_elsewhere = false;
    else if (av->stream_index >= d->n_streams && stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO)
        d->goes_on_elsewhere = true;
    if (stamp == AV_NOPTS_VALUE)
        return;
    int64_t end_us =
        av_rescale_q(av_sat_add64(stamp, av->duration), stream->time_base, AV_TIME_BASE_Q);
    d->last_end_us = end_us > d->last_end_us ? end_us : d->last_end_us;
}

/* Samples of no bytes are not delivered. */
static int count_samples(AVStream *stream)
{
    int n = 0;
    for (int i = 0; i < avformat_index_get_entries_count(stream); i++) {
        const AVIndexEntry *entry = avformat_index_get_entry(stream, i);
        n += entry && entry->size > 0;
    }
    return n;
}

/* Whether the container holds clearly more than was delivered. MP4 knows each sample that should
 * come; others tell how long they last. */
static bool ended_early(const struct bt_demux *d)
{
    bool clock_is_right = d->jumped_at == BT_DEMUX_NEVER && d->n_stood == 0;
    if (bt_demux_is_mov(d))
        return d->n_delivered < count_samples(d->video);
    int64_t start_us = d->format->start_time != AV_NOPTS_VALUE ? d->format->start_time : 0;
    int64_t told_us = d->format->duration, came_us = d->last_end_us - start_us;
    bool from_header =
        av_fmt_ctx_get_duration_estimation_method(d->format) == AVFMT_DURATION_FROM_STREAM;
    if (told_us > start_us && start_us > 0)
        told_us -= start_us; /* counted from the clock's 0, as FFmpeg does in Matroska */
    if (from_header && clock_is_right && told_us > 0 && d->n_units > 0 && came_us > 0)
        return came_us < told_us - FFMIN(told_us / 20, most_missing_us) - came_us / d->n_units;
    return d->n_units == 0;
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
    if (strcmp(d->format->iformat->name, "mpegts") != 0 || av->pos < 0)
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

/* Of the video: into Annex B, with the units that came before it. */
static enum bauta_status prepare_video(struct bt_demux *d, struct bt_packet *p, bool *whole)
{
    *whole = true;
    if (comes_too_late(d, p->av)) {
        *whole = false;
        return BAUTA_OK;
    }
    enum bauta_status status = take_headers(d, p->av);
    if (status || !d->to_annexb)
        return status;
    if (filter_packet(d, p->av) < 0) {
        d->truncated = true; /* damaged beyond reading: as good as not there */
        *whole = false;
        return BAUTA_OK;
    }
    return join_early(d, p->av, whole);
}

/* Containers that tell tracks by their number alone: of joined files the demuxer knows the first.
 */
static bool knows_only_numbers(const struct bt_demux *d)
{
    const char *name = d->format->iformat->name;
    return bt_demux_is_mov(d) || strstr(name, "matroska") || strcmp(name, "avi") == 0 ||
           strcmp(name, "nut") == 0;
}

/* Of another track: only what is surely no video is handed on. */
static enum bauta_status judge_other(struct bt_demux *d, const struct bt_packet *p, bool *whole)
{
    enum bt_sound_kind kind;
    bool unsure = d->jumped_at != BT_DEMUX_NEVER && knows_only_numbers(d);
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
    status = place(d, p);
    note_seconds(d, p);
    return status;
}

static enum bauta_status new_packet(struct bt_packet **packet)
{
    *packet = calloc(1, sizeof(**packet));
    if (*packet && ((*packet)->av = av_packet_alloc()))
        return BAUTA_OK;
    bt_packet_free(packet);
    return BAUTA_ERR_MEMORY;
}

static enum bauta_status end(struct bt_demux *d, int error)
{
    if (error == AVERROR(ENOMEM))
        return BAUTA_ERR_MEMORY;
    if (d->n_stood)
        bt_log(d->log, BAUTA_LOG_WARNING,
               "%s: its clock stands still at %llu pictures: they follow the one before at the "
               "usual distance",
               d->path, (unsigned long long)d->n_stood);
    if (d->goes_on_elsewhere)
        bt_log(d->log, BAUTA_LOG_WARNING,
               "%s: goes on in a video track that begins later, and which is left out", d->path);
    if (d->n_stray)
        bt_log(d->log, BAUTA_LOG_WARNING,
               "%s: %llu pictures have a time far from their neighbours': they take their place "
               "among these",
               d->path, (unsigned long long)d->n_stray);
    if (d->n_unreadable)
        bt_log(d->log, BAUTA_LOG_WARNING,
               "%s: %llu packets of sound cannot be decoded and are left out", d->path,
               (unsigned long long)d->n_unreadable);
    d->n_read += NEAR + 1;
    note_damage(d, false);
    d->truncated |= error != AVERROR_EOF || ended_early(d) || d->goes_on_elsewhere ||
                    (d->format->pb && d->format->pb->error < 0);
    d->n_stood = d->n_unreadable = d->n_stray = 0; /* they are told once */
    return BAUTA_OK;
}

enum bauta_status bt_demux_read(struct bt_demux *d, struct bt_packet **packet)
{
    struct bt_packet *p;
    *packet = NULL;
    enum bauta_status status = new_packet(&p);
    if (status)
        return status;
    int error;
    while ((error = av_read_frame(d->format, p->av)) >= 0) {
        bool whole = false;
        note_delivered(d, p->av);
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
    return status ? status : end(d, error);
}

bool bt_demux_truncated(const struct bt_demux *d)
{
    return d->truncated;
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

void bt_packet_free(struct bt_packet **packet)
{
    if (*packet)
        av_packet_free(&(*packet)->av);
    free(*packet);
    *packet = NULL;
}
