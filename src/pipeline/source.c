/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source.h"

#include <math.h>

#include "base/log.h"
#include "pipeline/item.h"
#include "pipeline/watch.h"

enum bauta_status bt_source_open(struct bt_source *s, const char *path, int n_threads,
                                 const struct bauta_log *log)
{
    enum bauta_status status = bt_demux_open_track(&s->demux, path, s->track, log);
    if (!status)
        status = bt_decode_new(&s->decode, s->demux, n_threads);
    if (status)
        return status;
    bt_demux_video_info(s->demux, &s->info);
    bt_decode_size(s->decode, &s->width, &s->height);
    return BAUTA_OK;
}

void bt_source_clear(struct bt_source *s)
{
    bt_decode_free(&s->decode);
    bt_demux_free(&s->demux);
}

bool bt_source_truncated(const struct bt_source *s)
{
    return bt_demux_truncated(s->demux);
}

uint64_t bt_source_undecodable(const struct bt_source *s)
{
    return bt_decode_errors(s->decode);
}

uint64_t bt_source_lost(const struct bt_source *s)
{
    uint64_t lost = bt_decode_lost(s->decode), errors = bt_decode_errors(s->decode);
    return lost > errors ? lost : errors;
}

uint64_t bt_source_hidden(const struct bt_source *s)
{
    return bt_demux_hidden(s->demux);
}

/* The time that the stages spend is not the source's. */
static enum bauta_status hand_on(struct bt_source *s, struct bt_stage *first, struct bt_item *item)
{
    double before = bt_watch_now();
    enum bauta_status status = first->take(first, item);
    s->busy_s -= bt_watch_now() - before;
    return status;
}

static enum bauta_status hand_on_packet(struct bt_source *s, struct bt_stage *first,
                                        enum bt_item_kind kind, struct bt_packet **packet)
{
    struct bt_item *item = bt_item_new(kind);
    if (!item)
        return BAUTA_ERR_MEMORY;
    item->packet = *packet;
    *packet = NULL;
    return hand_on(s, first, item);
}

static bool go_on(const struct bt_source *s)
{
    struct bauta_progress progress = {s->n_pictures, s->info.n_pictures,
                                      bt_watch_now() - s->started_s};
    return !s->progress || s->progress(s->user, &progress);
}

static enum bauta_status hand_on_pictures(struct bt_source *s, struct bt_stage *first)
{
    for (;;) {
        struct bt_decoded decoded;
        bool some;
        enum bauta_status status = bt_decode_pull(s->decode, &decoded, &some);
        if (status || !some)
            return status;
        struct bt_item *item = bt_item_new(BT_ITEM_PICTURE);
        if (!item) {
            bt_decoded_clear(&decoded);
            return BAUTA_ERR_MEMORY;
        }
        item->decoded = decoded;
        item->number = s->n_pictures++;
        item->pts_us = llround(decoded.seconds * 1e6);
        if (item->number && item->pts_us <= s->last_pts_us)
            item->pts_us = s->last_pts_us + 1;
        s->last_pts_us = item->pts_us;
        status = hand_on(s, first, item);
        if (!status && !go_on(s))
            status = BAUTA_ERR_CANCELLED;
        if (status)
            return status;
    }
}

/* One packet of the video: first itself, if wanted, then the pictures that it brings out. */
static enum bauta_status run_video(struct bt_source *s, struct bt_stage *first,
                                   struct bt_packet **packet)
{
    enum bauta_status status = bt_decode_push(s->decode, *packet);
    if (!status && s->pass_units)
        status = hand_on_packet(s, first, BT_ITEM_ACCESS_UNIT, packet);
    return status ? status : hand_on_pictures(s, first);
}

static enum bauta_status run_packet(struct bt_source *s, struct bt_stage *first,
                                    struct bt_packet **packet)
{
    if (bt_packet_is_video(*packet))
        return run_video(s, first, packet);
    return s->pass_packets ? hand_on_packet(s, first, BT_ITEM_PACKET, packet) : BAUTA_OK;
}

enum bauta_status bt_source_run(struct bt_source *s, struct bt_stage *first)
{
    s->started_s = bt_watch_now();
    s->busy_s = 0;
    for (;;) {
        struct bt_packet *packet;
        enum bauta_status status = bt_demux_read(s->demux, &packet);
        if (status)
            return status;
        if (!packet)
            break;
        status = run_packet(s, first, &packet);
        bt_packet_free(&packet);
        if (status)
            return status;
    }
    enum bauta_status status = bt_decode_push(s->decode, NULL);
    if (!status)
        status = hand_on_pictures(s, first);
    s->busy_s += bt_watch_now() - s->started_s;
    return status ? status : first->take(first, NULL);
}
