/* SPDX-License-Identifier: Apache-2.0 */
/* Packets' times: from those of the file to those of the one time line. */
#include "demux/demux_state.h"

#include <math.h>
#include <stdlib.h>

static const int64_t most_us = INT64_C(1) << 58; /* a time beyond is none */
/* By which a picture is shown after it is decoded. */
static const int64_t most_delay_us = 10000000, most_reorder_us = 1000000;
enum { MOST_REORDERED = 16 }; /* pictures, in H.264 and H.265 */

/* Of sound that is shorter than a tick of its container (TrueHD in MKV), as its codec tells. */
static int64_t sound_step(AVCodecParameters *sound, const AVPacket *av)
{
    int n = sound->sample_rate > 0 ? av_get_audio_frame_duration2(sound, av->size) : 0;
    return n > 0 ? av_rescale(n, AV_TIME_BASE, sound->sample_rate) : 0;
}

static int64_t step_of(const struct bt_demux *d, const struct bt_packet *p)
{
    int64_t step = p->av->duration > 0 ? av_rescale_q(p->av->duration, p->tick, AV_TIME_BASE_Q) : 0;
    if (!p->video && step == 0)
        step = sound_step(d->format->streams[p->stream]->codecpar, p->av);
    if (p->video && d->rate.num)
        step = av_rescale_q(1, av_inv_q(d->rate), AV_TIME_BASE_Q);
    return step > (p->video ? 1000 : 0) ? step : p->video ? 40000 : 20000;
}

static void say_jump(struct bt_demux *d, const struct bt_packet *p, const struct bt_placed *placed,
                     int64_t time_us)
{
    if (placed->jumped_us)
        d->jumped_at = d->n_read;
    if (!placed->jumped_us || !p->video || ++d->n_jumps > BT_DEMUX_SENTENCES)
        return;
    bt_log(d->log, BAUTA_LOG_WARNING,
           "%s: its clock jumps by %+.3f s at %.3f s: carried on from the picture before%s",
           d->path, (double)placed->jumped_us * 1e-6, (double)(time_us + placed->shift_us) * 1e-6,
           d->n_jumps == BT_DEMUX_SENTENCES ? "; further jumps are not told" : "");
}

/* A time in microseconds; AV_NOPTS_VALUE if there is none, or none that can be. */
static int64_t to_us(int64_t stamp, AVRational tick)
{
    int64_t us = stamp != AV_NOPTS_VALUE ? av_rescale_q(stamp, tick, AV_TIME_BASE_Q) : stamp;
    return us <= most_us && us >= -most_us ? us : AV_NOPTS_VALUE;
}

/* Whether one of the next pictures is shown at `shown_us` or later. */
static bool goes_on(struct bt_demux *d, const struct bt_packet *p, int64_t shown_us)
{
    const AVPacket *next;
    for (int i = 0, n = 0; n < MOST_REORDERED && (next = bt_demux_peek(d, i)); i++) {
        int64_t next_us = to_us(next->pts, p->tick);
        n += next->stream_index == p->stream;
        if (next->stream_index == p->stream && next_us != AV_NOPTS_VALUE && next_us >= shown_us)
            return true;
    }
    return false;
}

/* Matroska tells when pictures are shown, and FFmpeg makes up when they are decoded. Those that are
 * shown before one that came already were only reordered, also where a pause lies between; what
 * lies a second back, and is gone on from there, is a jump. */
static int64_t decoding_time(struct bt_demux *d, const struct bt_packet *p, int64_t pts_us)
{
    bool back = d->n_units > 1 && pts_us < d->last_shown_us;
    if (back && (pts_us > d->last_shown_us - most_reorder_us || goes_on(d, p, d->last_shown_us)))
        return AV_NOPTS_VALUE;
    d->last_shown_us = pts_us;
    return pts_us;
}

/* Whether the clock is soon back where it was before a pause, which was none then: some times lie
 * ahead of all others. Of reordered pictures the first ones after a pause may be of before it. */
static bool comes_back(struct bt_demux *d, const struct bt_packet *p, int64_t time_us)
{
    int64_t pause_us = bt_timeline_pause(&d->timeline, p->stream, time_us);
    const AVPacket *next;
    if (d->format->streams[p->stream]->codecpar->codec_type == AVMEDIA_TYPE_SUBTITLE)
        return false; /* they come when they come */
    int n_reordered = p->video && d->kind.matroska ? MOST_REORDERED : 0;
    for (int i = 0; pause_us > 0 && (next = bt_demux_peek(d, i)); i++) {
        int64_t next_us = to_us(d->kind.matroska ? next->pts : next->dts, p->tick);
        if (next->stream_index == p->stream && n_reordered-- <= 0 && next_us != AV_NOPTS_VALUE &&
            next_us < time_us - pause_us / 2)
            return true;
    }
    return false;
}

/* How far from each other, in ticks, pictures come between the last one and the next that has a
 * time; 0: not known. */
static int64_t distance(struct bt_demux *d, const struct bt_packet *p)
{
    const AVPacket *next;
    for (int i = 0, n = 1; (next = bt_demux_peek(d, i)); i++) {
        n += next->stream_index == p->stream;
        if (next->stream_index == p->stream && next->dts != AV_NOPTS_VALUE) {
            int64_t step = av_sat_sub64(next->dts, d->last_dts) / n;
            return av_rescale_q(step, p->tick, AV_TIME_BASE_Q) < most_reorder_us ? step : 0;
        }
    }
    return 0;
}

/* MPEG streams need not tell each picture's time, but one within 0.7 s (ISO/IEC 13818-1, 2.7.4).
 * The others stand evenly between. */
static void fill_time(struct bt_demux *d, struct bt_packet *p)
{
    AVPacket *av = p->av;
    if (!p->video || d->kind.numbers_only)
        return;
    if (av->dts == AV_NOPTS_VALUE && av->pts == AV_NOPTS_VALUE && d->last_dts != AV_NOPTS_VALUE) {
        int64_t step = distance(d, p);
        if (step <= 0)
            step = d->last_step;
        if (step <= 0)
            step = av_rescale_q(step_of(d, p), AV_TIME_BASE_Q, p->tick);
        av->dts = av_sat_add64(d->last_dts, step);
        p->step = d->last_step = step;
    }
    d->last_dts = av->dts;
}

static void note_seconds(const struct bt_demux *d, struct bt_packet *p)
{
    int64_t stamp = p->av->pts != AV_NOPTS_VALUE ? p->av->pts : p->av->dts;
    if (p->hidden)
        p->seconds = NAN;
    else if (stamp != AV_NOPTS_VALUE)
        p->seconds = (double)stamp * av_q2d(p->tick);
    else if (d->rate.num > 0)
        p->seconds = (double)p->unit / av_q2d(d->rate);
}

/* `was`: the time of presentation before the time line placed it. */
static void note_stamp(const struct bt_demux *d, struct bt_packet *p, int64_t was)
{
    int64_t stamp = d->kind.anew ? p->av->pts : was;
    bool told = stamp != AV_NOPTS_VALUE && !p->hidden && !d->kind.avi && !d->kind.untimed;
    p->stamp_s = told ? (double)stamp * av_q2d(p->tick) : (double)NAN;
}

/* Times of presentation alone rise and fall where pictures are reordered: they tell of no jump. */
enum bauta_status bt_demux_place(struct bt_demux *d, struct bt_packet *p)
{
    AVPacket *av = p->av;
    const int64_t was = av->pts;
    fill_time(d, p);
    int64_t time_us = to_us(av->dts, p->tick), pts_us = to_us(av->pts, p->tick);
    bool has_pts = pts_us != AV_NOPTS_VALUE && !(p->video && d->kind.avi),
         has_dts = time_us != AV_NOPTS_VALUE;
    struct bt_placed placed = {.shift_us = bt_timeline_shift(&d->timeline, p->stream)};
    enum bauta_status status = BAUTA_OK;
    if (p->video && has_pts && d->kind.matroska)
        time_us = decoding_time(d, p, pts_us);
    if (time_us != AV_NOPTS_VALUE && !p->hidden)
        status = bt_timeline_place(&d->timeline, &placed, p->stream, time_us, step_of(d, p),
                                   comes_back(d, p, time_us));
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
    note_seconds(d, p);
    note_stamp(d, p, was);
    return status;
}
