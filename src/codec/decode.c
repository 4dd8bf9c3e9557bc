/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/decode.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/view.h"
#include "bitstream/access_unit.h"
#include "codec/colour.h"
#include "codec/conform.h"
#include "codec/fields.h"
#include "demux/demux_state.h"
#include "demux/orientation.h"

enum { N_STAMPS = 1024 }; /* more than any decoder holds back */

struct bt_decode {
    const struct bt_demux *demux;
    AVCodecContext *context;
    AVFrame *frame;
    AVPacket *packet;
    struct bt_conform conform;
    bool odd_view;      /* it was said that no right angle is meant */
    int width, height;  /* of what comes out */
    bool changes;       /* `frame` has another size, and nobody decided yet */
    bool fits;          /* other sizes are brought to this one */
    int64_t change_pts; /* of `frame` then */
    struct bauta_view change_view;
    struct bauta_view view; /* of the last picture that had this size */
    struct bt_decode_unit { /* unit n at n % N_STAMPS */
        int64_t number, pts;
        int64_t step; /* behind the picture before it, of one without a time; else 0 */
        bool waits;   /* for its picture */
        struct bt_orientation_message orientation;
    } units[N_STAMPS];
    struct bt_decode_times { /* of units without a presentation time, in the order of decoding */
        int64_t items[N_STAMPS];
        int first, n_items;
    } times;
    struct bt_fields fields;
    int64_t last_pts, step;
    int64_t first_pts, first_unit; /* of the first picture that came out, if `started` */
    bool started, begun;
    struct bt_decode_losses {
        uint64_t n_errors, n_lost;
    } before, after; /* the first picture, in the order of showing */
};

static enum bauta_status open_context(struct bt_decode *d, int n_threads)
{
    const AVStream *stream = d->demux->video;
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    if (!codec)
        return bt_log_fail(d->demux->log, BAUTA_ERR_UNSUPPORTED, "%s: no decoder for '%s' video",
                           d->demux->path, avcodec_get_name(stream->codecpar->codec_id));
    d->context = avcodec_alloc_context3(codec);
    if (!d->context)
        return BAUTA_ERR_MEMORY;
    int error = avcodec_parameters_to_context(d->context, stream->codecpar);
    d->context->thread_count = n_threads;
    d->context->pkt_timebase = stream->time_base;
    d->context->max_pixels = (int64_t)BT_MAX_SIDE * BT_MAX_SIDE;
    if (!error && d->demux->to_annexb) /* packets come as Annex B, so the headers must be too */
        error = avcodec_parameters_to_context(d->context, d->demux->to_annexb->par_out);
    if (!error)
        error = avcodec_open2(d->context, codec, NULL);
    return error < 0 ? bt_ffmpeg_fail(d->demux->log, error, BAUTA_ERR_UNSUPPORTED, d->demux->path,
                                      "its decoder cannot be opened")
                     : BAUTA_OK;
}

static enum bauta_status check_size(const struct bt_decode *d, int width, int height)
{
    bool small = width < BT_MIN_SIDE || height < BT_MIN_SIDE;
    if (!small && width <= BT_MAX_SIDE && height <= BT_MAX_SIDE)
        return BAUTA_OK;
    return bt_log_fail(d->demux->log, BAUTA_ERR_UNSUPPORTED,
                       "%s: pictures of %dx%d are %s than %d pixels a side", d->demux->path, width,
                       height, small ? "smaller" : "larger", small ? BT_MIN_SIDE : BT_MAX_SIDE);
}

enum bauta_status bt_decode_new(struct bt_decode **decode, const struct bt_demux *demux,
                                int n_threads)
{
    *decode = NULL;
    struct bt_decode *d = calloc(1, sizeof(*d));
    if (!d)
        return BAUTA_ERR_MEMORY;
    d->demux = demux;
    d->width = (demux->video->codecpar->width + 1) & ~1;
    d->height = (demux->video->codecpar->height + 1) & ~1;
    AVRational rate = demux->rate;
    d->step = rate.num > 0 ? av_rescale_q(1, av_inv_q(rate), demux->video->time_base) : 1;
    if (d->step < 1)
        d->step = 1;
    d->frame = av_frame_alloc();
    d->packet = av_packet_alloc();
    enum bauta_status status = d->frame && d->packet ? BAUTA_OK : BAUTA_ERR_MEMORY;
    if (!status)
        status = open_context(d, n_threads);
    if (!status)
        status = bt_fields_open(&d->fields, d->context);
    if (!status)
        status = check_size(d, d->width, d->height);
    if (!status)
        bt_conform_init(&d->conform, demux->path, demux->log, d->context, demux->video->codecpar);
    if (status)
        bt_decode_free(&d);
    *decode = d;
    return status;
}

void bt_decode_free(struct bt_decode **decode)
{
    struct bt_decode *d = *decode;
    if (!d)
        return;
    bt_conform_clear(&d->conform);
    bt_fields_clear(&d->fields);
    av_frame_free(&d->frame);
    av_packet_free(&d->packet);
    avcodec_free_context(&d->context);
    free(d);
    *decode = NULL;
}

void bt_decode_size(const struct bt_decode *d, int *width, int *height)
{
    *width = d->width;
    *height = d->height;
}

/* The n-th picture shown takes the n-th time: a container that has times in the order of decoding
 * only (AVI) has a place for each picture. */
static void push_time(struct bt_decode_times *t, int64_t time)
{
    if (t->n_items == N_STAMPS) {
        t->first = (t->first + 1) % N_STAMPS;
        t->n_items--;
    }
    t->items[(t->first + t->n_items++) % N_STAMPS] = time;
}

static int64_t take_time(struct bt_decode_times *t)
{
    if (t->n_items == 0)
        return AV_NOPTS_VALUE;
    int64_t time = t->items[t->first];
    t->first = (t->first + 1) % N_STAMPS;
    t->n_items--;
    return time;
}

/* A unit whose picture did not come. Codecs other than H.264 and H.265 have units that show
 * nothing: there, only those before the first picture are sure to be lost. */
static void lose(struct bt_decode *d, struct bt_decode_unit *unit)
{
    bool before = !d->started || unit->number < d->first_unit ||
                  (unit->pts != AV_NOPTS_VALUE && unit->pts < d->first_pts);
    if (unit->waits && (before || d->demux->to_annexb))
        (before ? &d->before : &d->after)->n_lost++;
    unit->waits = false;
}

static void note_error(struct bt_decode *d)
{
    (d->started ? &d->after : &d->before)->n_errors++;
}

/* Every unit has a picture to come out, but for those that nobody is shown. The second field of a
 * frame comes out with the first. */
static void note_unit(struct bt_decode *d, const struct bt_packet *packet)
{
    struct bt_decode_unit *unit = &d->units[packet->unit % N_STAMPS];
    int64_t pts = packet->av->pts, dts = packet->av->dts;
    lose(d, unit);
    bool second = bt_fields_second(&d->fields, packet->av);
    *unit = (struct bt_decode_unit){.number = packet->unit,
                                    .pts = pts,
                                    .step = packet->step,
                                    .waits = !packet->hidden && !second,
                                    .orientation = packet->orientation};
    if (pts != AV_NOPTS_VALUE || dts == AV_NOPTS_VALUE || packet->hidden || second)
        return;
    if (d->context->has_b_frames == 0)
        unit->pts = dts;
    else if (packet->step == 0)
        push_time(&d->times, dts);
}

/* FFmpeg makes up what H.265 pictures refer to where a stream begins between random access points.
 */
static bool begins(struct bt_decode *d, const struct bt_packet *packet)
{
    enum bauta_codec codec = bt_ffmpeg_syntax(d->context->codec_id);
    d->begun |=
        codec != BAUTA_CODEC_H265 || bt_access_unit_random_access(codec, bt_packet_bytes(packet));
    return d->begun;
}

/* The packet's number goes through the decoder as its time stamp, so that pictures can be told
 * apart whatever the stamps of the file are worth. */
enum bauta_status bt_decode_push(struct bt_decode *d, const struct bt_packet *packet)
{
    if (!packet) {
        int error = avcodec_send_packet(d->context, NULL);
        return error == AVERROR(ENOMEM) ? BAUTA_ERR_MEMORY : BAUTA_OK;
    }
    av_packet_unref(d->packet);
    if (av_packet_ref(d->packet, packet->av) < 0)
        return BAUTA_ERR_MEMORY;
    note_unit(d, packet);
    if (!begins(d, packet))
        return BAUTA_OK;
    d->packet->pts = d->packet->dts = packet->unit;
    int error = avcodec_send_packet(d->context, d->packet);
    av_packet_unref(d->packet);
    if (error == AVERROR(ENOMEM))
        return BAUTA_ERR_MEMORY;
    if (error < 0)
        note_error(d);
    return BAUTA_OK;
}

static int64_t next_pts(struct bt_decode *d, int64_t unit)
{
    struct bt_decode_unit *u = &d->units[unit % N_STAMPS];
    int64_t pts = u->pts != AV_NOPTS_VALUE || u->step ? u->pts : take_time(&d->times);
    u->waits = false;
    if (pts == AV_NOPTS_VALUE)
        pts = d->started ? d->last_pts + (u->step ? u->step : d->step) : 0;
    if (d->started && pts <= d->last_pts)
        pts = d->last_pts + d->step;
    if (!d->started) {
        d->first_pts = pts;
        d->first_unit = unit;
    }
    d->started = true;
    d->last_pts = pts;
    return pts;
}

/* At the end: what still waits never came. */
static void count_lost(struct bt_decode *d)
{
    for (int i = 0; i < N_STAMPS; i++)
        lose(d, &d->units[i]);
}

static struct bauta_view view_of(struct bt_decode *d, int64_t unit)
{
    bool exact;
    const struct bt_decode_unit *u = &d->units[unit % N_STAMPS];
    struct bauta_view view =
        bt_orientation_of(&u->orientation, &exact, d->demux->format, d->demux->video, d->frame);
    if (!exact && !d->odd_view)
        bt_log(d->demux->log, BAUTA_LOG_WARNING,
               "%s: its pictures are to be shown askew; they are taken as %s", d->demux->path,
               bt_view_text(&view));
    d->odd_view |= !exact;
    return view;
}

static int even(int side)
{
    return (side + 1) & ~1;
}

static bool has_other_size(const struct bt_decode *d)
{
    return even(d->frame->width) != d->width || even(d->frame->height) != d->height;
}

static double seconds_of(const struct bt_decode *d, int64_t pts)
{
    return (double)pts * av_q2d(d->demux->video->time_base);
}

/* The next picture out of the decoder into d->frame. */
static enum bauta_status receive(struct bt_decode *d, bool *some)
{
    int error;
    *some = false;
    while ((error = avcodec_receive_frame(d->context, d->frame)) < 0) {
        if (error == AVERROR(ENOMEM))
            return BAUTA_ERR_MEMORY;
        if (error == AVERROR_EOF)
            count_lost(d);
        if (error == AVERROR(EAGAIN) || error == AVERROR_EOF)
            return BAUTA_OK;
        note_error(d);
    }
    *some = true;
    return BAUTA_OK;
}

/* A picture that is brought to another size has the pixels of that size. */
static void keep_pixels(struct bt_decode *d, struct bauta_view *view)
{
    if (!has_other_size(d))
        d->view = *view;
    view->pixel_width = d->view.pixel_width;
    view->pixel_height = d->view.pixel_height;
}

static enum bauta_status finish_picture(struct bt_decode *d, struct bt_decoded *decoded, bool *some)
{
    keep_pixels(d, &decoded->view);
    enum bauta_status status =
        bt_conform(&d->conform, &decoded->frame, d->frame, d->width, d->height, decoded->seconds);
    av_frame_unref(d->frame);
    *some = status == BAUTA_OK;
    return status;
}

enum bauta_status bt_decode_pull(struct bt_decode *d, struct bt_decoded *decoded, bool *some)
{
    *decoded = (struct bt_decoded){.unit = -1};
    bool kept = d->changes;
    *some = kept;
    enum bauta_status status = kept ? BAUTA_OK : receive(d, some);
    if (!status && *some && !d->started) /* what only the stream tells, and no container */
        status = bt_colour_note(d->demux->video, d->frame);
    if (status || !*some)
        return status;
    decoded->unit = d->frame->pts != AV_NOPTS_VALUE ? d->frame->pts : 0;
    decoded->pts = kept ? d->change_pts : next_pts(d, decoded->unit);
    decoded->seconds = seconds_of(d, decoded->pts);
    decoded->view = kept ? d->change_view : view_of(d, decoded->unit);
    d->changes = has_other_size(d) && !d->fits;
    d->change_pts = decoded->pts;
    d->change_view = decoded->view;
    *some = !d->changes;
    return d->changes ? BAUTA_OK : finish_picture(d, decoded, some);
}

bool bt_decode_size_change(const struct bt_decode *d, struct bt_size_change *change)
{
    if (d->changes)
        *change = (struct bt_size_change){
            d->width,       d->height,     even(d->frame->width),       even(d->frame->height),
            d->change_view, d->change_pts, seconds_of(d, d->change_pts)};
    return d->changes;
}

enum bauta_status bt_decode_take_size(struct bt_decode *d)
{
    enum bauta_status status = check_size(d, even(d->frame->width), even(d->frame->height));
    if (status)
        return status;
    d->width = even(d->frame->width);
    d->height = even(d->frame->height);
    if (d->frame->sample_aspect_ratio.num > 0)
        d->conform.shape = d->frame->sample_aspect_ratio;
    return BAUTA_OK;
}

void bt_decode_fit_sizes(struct bt_decode *d)
{
    d->fits = true;
}

void bt_decode_tell_losses(struct bt_decode *d)
{
    bt_conform_tell(&d->conform);
}

bool bt_decode_reduced(const struct bt_decode *d)
{
    return d->conform.reduced;
}

uint64_t bt_decode_undecodable(const struct bt_decode *d)
{
    const struct bt_decode_losses *after = &d->after;
    uint64_t n = after->n_lost > after->n_errors ? after->n_lost : after->n_errors;
    return n + d->before.n_errors;
}

uint64_t bt_decode_unshown(const struct bt_decode *d)
{
    const struct bt_decode_losses *before = &d->before;
    return before->n_lost > before->n_errors ? before->n_lost - before->n_errors : 0;
}

bool bt_decode_full_range(const struct bt_decode *d)
{
    return d->conform.convert.full_range;
}

void bt_decoded_view_clear(struct bt_clear *clear, const struct bt_decoded *decoded)
{
    clear->picture = decoded->frame.picture;
}

void bt_decoded_view_masked(struct bt_masked *masked, const struct bt_decoded *decoded)
{
    masked->picture = decoded->frame.picture;
}

void bt_decoded_clear(struct bt_decoded *decoded)
{
    bt_frame_clear(&decoded->frame);
}
