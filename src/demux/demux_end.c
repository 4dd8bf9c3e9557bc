/* SPDX-License-Identifier: Apache-2.0 */
/* What a demuxer delivered, and whether that is all there should be. */
#include "demux/cut.h"
#include "demux/demux_state.h"

#include <stdlib.h>
#include <string.h>
#include <libavutil/opt.h>

enum { LONGEST_RUN = 4 }; /* of units without a picture, as cameras put between two */
enum { NEAR = 64 };       /* packets from a join to where the container sees it */
static const int64_t most_missing_us = 1000000; /* by which a header's duration may be inexact */

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

void bt_demux_note_delivered(struct bt_demux *d, const AVPacket *av)
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
    if (d->kind.mov)
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

/* MPEG-TS is made of packets of one size; the file may begin inside of one. */
static bool ends_inside_packet(const struct bt_demux *d)
{
    int64_t size = 0, bytes = d->format->pb ? avio_size(d->format->pb) : -1;
    return d->kind.mpegts && bytes > 0 &&
           av_opt_get_int(d->format->priv_data, "ts_packetsize", 0, &size) >= 0 &&
           (size == 188 || size == 192) && (bytes - d->last_pos) % size != 0;
}

/* The last cluster that FFmpeg took note of; 0: none. */
static int64_t last_cluster(const struct bt_demux *d)
{
    int n = avformat_index_get_entries_count(d->video);
    const AVIndexEntry *last = n > 0 ? avformat_index_get_entry(d->video, n - 1) : NULL;
    return last ? last->pos : 0;
}

static bool ends_inside_piece(const struct bt_demux *d)
{
    AVIOContext *file = d->format->pb;
    if (!file || !(file->seekable & AVIO_SEEKABLE_NORMAL))
        return false;
    return (d->kind.mov && d->video->nb_frames == 0 && bt_cut_mp4(file)) ||
           (d->kind.matroska && bt_cut_matroska(file, last_cluster(d)));
}

/* Says once what was met again and again. */
static void say_counted(struct bt_demux *d)
{
    const struct {
        uint64_t *n;
        const char *what;
    } kinds[] = {
        {&d->n_stood, "pictures have no time of their own, as its clock stands still: they follow "
                      "the one before at the usual distance"},
        {&d->n_stray, "pictures have a time far from their neighbours': they take their place "
                      "among these"},
        {&d->n_unreadable, "packets of sound cannot be decoded and are left out"},
        {&d->n_foreign, "packets of its video hold no picture of its codec, as where another one "
                        "begins: they are lost"},
    };
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (*kinds[i].n)
            bt_log(d->log, BAUTA_LOG_WARNING, "%s: %llu %s", d->path,
                   (unsigned long long)*kinds[i].n, kinds[i].what);
        *kinds[i].n = 0;
    }
}

/* What stands in front of the index of an MP4 is gone when a pipe comes to the index. */
static bool has_gone_by(const struct bt_demux *d, int error)
{
    return error == AVERROR_INVALIDDATA && d->n_read == 0 && d->kind.mov &&
           strcmp(d->path, "-") == 0;
}

void bt_demux_end_run(struct bt_demux *d)
{
    if (d->n_foreign_run > LONGEST_RUN) {
        d->n_foreign += (uint64_t)d->n_foreign_run;
        d->truncated = true;
    }
    d->n_foreign_run = 0;
}

enum bauta_status bt_demux_end(struct bt_demux *d, int error)
{
    if (error == AVERROR(ENOMEM))
        return BAUTA_ERR_MEMORY;
    if (has_gone_by(d, error))
        return bt_log_fail(
            d->log, BAUTA_ERR_FORMAT,
            "-: is an MP4 whose index stands at its end: it can be read from a file, "
            "but through a pipe only with the index in front (ffmpeg -i IN -c copy "
            "-movflags faststart OUT.mp4)");
    if (d->goes_on_elsewhere)
        bt_log(d->log, BAUTA_LOG_WARNING,
               "%s: goes on in a video track that begins later, and which is left out", d->path);
    d->n_read += NEAR + 1;
    note_damage(d, false);
    bt_demux_end_run(d);
    d->truncated |= error != AVERROR_EOF || (d->format->pb && d->format->pb->error < 0) ||
                    ended_early(d) || ends_inside_packet(d) || ends_inside_piece(d) ||
                    d->goes_on_elsewhere;
    say_counted(d);
    return BAUTA_OK;
}
