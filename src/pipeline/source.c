/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/source.h"

#include <math.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/log.h"
#include "bitstream/signed_by.h"
#include "pipeline/item.h"
#include "pipeline/watch.h"
#include "recovery/messages.h"

/* What sound is held, or read ahead, at most; what is out of step with its video goes on by itself.
 */
enum { MOST_SOUND = 4096, MOST_SOUND_BYTES = 16 << 20 };
enum { MOST_AHEAD = 512, MOST_AHEAD_BYTES = 64 << 20 };
static const double ahead_s = 2;

enum { MOST_EARLY = 4096, MOST_EARLY_BYTES = 64 << 20 }; /* kept until the first picture is seen */

bool bt_source_truncated(const struct bt_source *s)
{
    return bt_demux_truncated(s->demux);
}

uint64_t bt_source_undecodable(const struct bt_source *s)
{
    return bt_decode_undecodable(s->decode);
}

uint64_t bt_source_unshown(const struct bt_source *s)
{
    return bt_decode_unshown(s->decode);
}

uint64_t bt_source_hidden(const struct bt_source *s)
{
    return bt_demux_hidden(s->demux);
}

/* By what a picture's pixels must be turned, so that what the output says of it is true. Where that
 * would change the size, which cannot be, it is left as it is stored, and said. */
static struct bauta_view turn_of(struct bt_source *s, const struct bt_item *item)
{
    struct bt_view v;
    const struct bauta_view none = {.turn = 0}, undone = bt_view_undo(&s->output);
    struct bauta_view turn = {.turn = item->view.turn, .mirrored = item->view.mirrored};
    if (!s->turns)
        return none;
    turn = bauta_view_add(&turn, &undone);
    bt_view_init(&v, &turn, s->width, s->height);
    if (v.turned_width == s->output_width && v.turned_height == s->output_height)
        return turn;
    if (!s->said_odd_turn)
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: from picture %llu on its pictures are to be turned otherwise, which the output "
               "cannot follow: they lie on their side there",
               bt_demux_path(s->demux), (unsigned long long)item->number);
    s->said_odd_turn = true;
    return s->output_width == s->width ? none : (struct bauta_view){.turn = 90};
}

/* The finder sees every picture as it is shown; but an output tells one shape of its pixels. */
static void say_odd_pixels(struct bt_source *s, const struct bt_item *item)
{
    struct bauta_view now = s->view;
    now.pixel_width = item->view.pixel_width;
    now.pixel_height = item->view.pixel_height;
    if (s->turns && !s->said_odd_pixels && !bauta_view_equals(&now, &s->view)) {
        s->said_odd_pixels = true;
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: from picture %llu on its pixels have another shape, which the output cannot "
               "follow: they are shown wider or narrower than they are",
               bt_demux_path(s->demux), (unsigned long long)item->number);
    }
}

/* The time that the stages spend is not the source's. */
static enum bauta_status hand_on(struct bt_source *s, struct bt_stage *first, struct bt_item *item)
{
    double before = bt_watch_now();
    if (item->kind == BT_ITEM_PICTURE) {
        item->turn = turn_of(s, item);
        say_odd_pixels(s, item);
    }
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

static bool is_stopped(void *user)
{
    return !go_on(user);
}

static bool is_much_sound(const struct bt_source *s)
{
    return s->sound.n > MOST_SOUND || s->sound.size > MOST_SOUND_BYTES;
}

/* Hands on the sound until `until_s`. What belongs to a part that is complete already is lost. */
static enum bauta_status release_sound(struct bt_source *s, struct bt_stage *first, double until_s)
{
    const struct bt_packet *next;
    enum bauta_status status = BAUTA_OK;
    while (!status && (next = bt_packets_next(&s->sound)) &&
           (bt_packet_seconds(next) < until_s || is_much_sound(s))) {
        struct bt_packet *packet = bt_packets_take(&s->sound);
        if (s->part.number > 1 && bt_packet_seconds(packet) < s->part.start_s)
            s->n_late++;
        else
            status = hand_on_packet(s, first, BT_ITEM_PACKET, &packet);
        bt_packet_free(&packet);
    }
    return status;
}

static enum bauta_status hand_on_picture(struct bt_source *s, struct bt_stage *first,
                                         struct bt_decoded *decoded)
{
    struct bt_item *item = bt_item_new(BT_ITEM_PICTURE);
    if (!item) {
        bt_decoded_clear(decoded);
        return BAUTA_ERR_MEMORY;
    }
    item->decoded = *decoded;
    item->view = bauta_view_add(&decoded->view, &s->extra);
    item->number = s->n_pictures++;
    item->pts_us = llround((decoded->seconds - s->part.start_s) * 1e6);
    if (item->number > s->part.first && item->pts_us <= s->last_pts_us)
        item->pts_us = s->last_pts_us + 1;
    s->last_pts_us = item->pts_us;
    s->last_s = decoded->seconds;
    enum bauta_status status = release_sound(s, first, s->last_s);
    if (status)
        bt_item_free(&item);
    return status ? status : hand_on(s, first, item);
}

static enum bauta_status fail_change(const struct bt_source *s)
{
    const struct bt_size_change *c = &s->change;
    return bt_log_fail(s->log, BAUTA_ERR_UNSUPPORTED,
                       "%s: its pictures change from %dx%d to %dx%d after %.3f s; with "
                       "--on-size-change split that becomes a file for each size, with scale all "
                       "have the first size",
                       bt_demux_path(s->demux), c->from_w, c->from_h, c->to_w, c->to_h, c->seconds);
}

/* The container told another size than the pictures have. */
static enum bauta_status begin_in_size(struct bt_source *s)
{
    enum bauta_status status = bt_decode_take_size(s->decode);
    bt_decode_size(s->decode, &s->width, &s->height);
    return status;
}

static enum bauta_status meet_change(struct bt_source *s)
{
    const struct bt_size_change *c = &s->change;
    if (s->n_pictures == 0)
        return begin_in_size(s);
    if (s->sizes == BT_SOURCE_STOP)
        return fail_change(s);
    if (s->sizes == BT_SOURCE_PARTS) {
        s->more = true;
        return BAUTA_OK;
    }
    if (!s->told_change)
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: its pictures change from %dx%d to %dx%d after %.3f s; all are brought to the "
               "size of the first",
               bt_demux_path(s->demux), c->from_w, c->from_h, c->to_w, c->to_h, c->seconds);
    s->told_change = true;
    if (s->sizes == BT_SOURCE_ANY)
        return bt_decode_take_size(s->decode);
    bt_decode_fit_sizes(s->decode);
    return BAUTA_OK;
}

static enum bauta_status hand_on_pictures(struct bt_source *s, struct bt_stage *first)
{
    while (!s->more) {
        struct bt_decoded decoded;
        bool some;
        enum bauta_status status = bt_decode_pull(s->decode, &decoded, &some);
        if (status)
            return status;
        if (some)
            status = hand_on_picture(s, first, &decoded);
        else if (bt_decode_size_change(s->decode, &s->change))
            status = meet_change(s);
        else
            return BAUTA_OK;
        if (!status && !go_on(s))
            status = BAUTA_ERR_CANCELLED;
        if (status)
            return status;
    }
    return BAUTA_OK;
}

/* What leaves is coded anew: a signature of the input says nothing about it. */
static void tell_signed(struct bt_source *s, const struct bt_packet *packet)
{
    enum bauta_codec codec = s->info.codec;
    const char *scheme =
        s->tell_signed && codec ? bt_signed_by(codec, bt_packet_bytes(packet)) : NULL;
    if (!scheme)
        return;
    bt_log(s->tell_signed, BAUTA_LOG_WARNING,
           "%s: is signed by %s: the signature covers this file, not the output",
           bt_demux_path(s->demux), scheme);
    s->tell_signed = NULL;
}

/* What leaves carries no recovery data of the input: originals in it would be lost. */
static enum bauta_status refuse_sealed(const struct bt_source *s, const struct bt_packet *packet)
{
    bool sealed = false;
    enum bauta_status status = BAUTA_OK;
    if (s->refuses_sealed && s->info.codec)
        status = bt_messages_sealed(&sealed, s->info.codec, bt_packet_bytes(packet));
    if (!sealed)
        return status;
    return bt_log_fail(s->log, BAUTA_ERR_UNSUPPORTED,
                       "%s: is protected already, and the originals that are sealed in it would be "
                       "lost: protect the file that it was made of, or what bauta recover makes of "
                       "it",
                       bt_demux_path(s->demux));
}

/* One packet of the video: first itself, if wanted, then the pictures that it brings out. */
static enum bauta_status run_video(struct bt_source *s, struct bt_stage *first,
                                   struct bt_packet **packet)
{
    tell_signed(s, *packet);
    enum bauta_status status = refuse_sealed(s, *packet);
    if (!status)
        status = bt_decode_push(s->decode, *packet);
    if (!status && s->pass_units)
        status = hand_on_packet(s, first, BT_ITEM_ACCESS_UNIT, packet);
    return status ? status : hand_on_pictures(s, first);
}

static enum bauta_status run_packet(struct bt_source *s, struct bt_stage *first,
                                    struct bt_packet **packet)
{
    if (bt_packet_is_video(*packet))
        return run_video(s, first, packet);
    if (!s->pass_packets)
        return BAUTA_OK;
    enum bauta_status status = bt_packets_push(&s->sound, packet);
    return status ? status : release_sound(s, first, s->last_s);
}

/* Reads one packet and hands on what comes of it. */
static enum bauta_status run_next(struct bt_source *s, struct bt_stage *first)
{
    enum bauta_status status = BAUTA_OK;
    struct bt_packet *packet = bt_packets_take(&s->ahead);
    if (!packet)
        status = bt_demux_read(s->demux, &packet);
    if (!status && packet)
        status = run_packet(s, first, &packet);
    else if (!status) {
        s->ended = true;
        status = bt_decode_push(s->decode, NULL);
        if (!status)
            status = hand_on_pictures(s, first);
    }
    bt_packet_free(&packet);
    return status;
}

static enum bauta_status keep_early(struct bt_stage *stage, struct bt_item *item)
{
    struct bt_early *e = (struct bt_early *)stage;
    if (!bt_array_grow(&e->items, sizeof(*e->items), e->n_items, &e->n_allocated)) {
        bt_item_free(&item);
        return BAUTA_ERR_MEMORY;
    }
    e->items[e->n_items++] = item;
    e->size += item->packet ? bt_packet_bytes(item->packet).size : 0;
    return BAUTA_OK;
}

/* Up to the first picture, or as far as one is worth waiting for. */
static enum bauta_status read_early(struct bt_source *s)
{
    enum bauta_status status = BAUTA_OK;
    s->early.stage.take = keep_early;
    s->pass_units = s->pass_packets = true;
    while (!status && !s->ended && s->n_pictures == 0 && s->early.n_items < MOST_EARLY &&
           s->early.size < MOST_EARLY_BYTES)
        status = run_next(s, &s->early.stage);
    s->pass_units = s->pass_packets = false;
    s->view = bauta_view_add(&s->info.view, &s->extra);
    for (size_t i = 0; i < s->early.n_items; i++)
        if (s->early.items[i]->kind == BT_ITEM_PICTURE) {
            s->view = s->early.items[i]->view;
            break;
        }
    return status;
}

static bool is_wanted(const struct bt_source *s, const struct bt_item *item)
{
    return item->kind == BT_ITEM_PICTURE ||
           (item->kind == BT_ITEM_PACKET ? s->pass_packets : s->pass_units);
}

static enum bauta_status hand_on_early(struct bt_source *s, struct bt_stage *first)
{
    enum bauta_status status = BAUTA_OK;
    while (!status && s->early.n_given < s->early.n_items) {
        struct bt_item *item = s->early.items[s->early.n_given++];
        if (is_wanted(s, item))
            status = hand_on(s, first, item);
        else
            bt_item_free(&item);
    }
    return status;
}

enum bauta_status bt_source_open(struct bt_source *s, const char *path, int n_threads,
                                 const struct bauta_log *log)
{
    s->log = log;
    enum bauta_status status = bt_demux_open_track(&s->demux, path, s->track, log);
    if (!status)
        bt_demux_stop_when(s->demux, is_stopped, s);
    if (!status)
        status = bt_decode_new(&s->decode, s->demux, n_threads);
    if (status)
        return status;
    bt_demux_video_info(s->demux, &s->info);
    bt_decode_size(s->decode, &s->width, &s->height);
    s->part.number = 1;
    status = read_early(s);
    s->output = s->view;
    s->output_width = s->width;
    s->output_height = s->height;
    return status;
}

/* Sound lies somewhat behind its pictures in most files: looks for what still belongs to this part
 * before it ends. */
static enum bauta_status look_ahead(struct bt_source *s)
{
    bool enough = s->ended || !s->pass_packets;
    while (!enough) {
        struct bt_packet *packet;
        enum bauta_status status = bt_demux_read(s->demux, &packet);
        if (status || !packet)
            return status; /* the end is met again by who reads on */
        double after_s = bt_packet_seconds(packet) - s->change.seconds;
        bool video = bt_packet_is_video(packet);
        status = bt_packets_push(video ? &s->ahead : &s->sound, &packet);
        if (status)
            return status;
        enough = after_s > (video ? ahead_s : ahead_s / 4) || s->ahead.n > MOST_AHEAD ||
                 s->ahead.size > MOST_AHEAD_BYTES || is_much_sound(s);
    }
    return BAUTA_OK;
}

static enum bauta_status end_run(struct bt_source *s, struct bt_stage *first)
{
    enum bauta_status status = s->more ? look_ahead(s) : BAUTA_OK;
    if (!status)
        status = release_sound(s, first, s->more ? s->change.seconds : INFINITY);
    return status;
}

enum bauta_status bt_source_run(struct bt_source *s, struct bt_stage *first)
{
    double start = bt_watch_now();
    if (s->part.number == 1)
        s->started_s = start;
    if (!s->pass_packets)
        bt_packets_clear(&s->sound);
    enum bauta_status status = hand_on_early(s, first);
    if (!status)
        status = hand_on_pictures(s, first);
    while (!status && !s->more && !s->ended)
        status = run_next(s, first);
    if (!status)
        status = end_run(s, first);
    s->busy_s += bt_watch_now() - start;
    return status ? status : first->take(first, NULL);
}

enum bauta_status bt_source_next_part(struct bt_source *s)
{
    enum bauta_status status = bt_decode_take_size(s->decode);
    if (status)
        return status;
    s->more = false;
    bt_decode_size(s->decode, &s->width, &s->height);
    s->output = s->view = bauta_view_add(&s->change.view, &s->extra);
    s->output_width = s->width;
    s->output_height = s->height;
    s->part = (struct bt_source_part){s->part.number + 1, s->change.seconds, s->change.pts,
                                      s->n_pictures};
    return BAUTA_OK;
}

void bt_source_clear(struct bt_source *s)
{
    for (; s->early.n_given < s->early.n_items; s->early.n_given++)
        bt_item_free(&s->early.items[s->early.n_given]);
    bt_packets_clear(&s->ahead);
    bt_packets_clear(&s->sound);
    free(s->early.items);
    s->early = (struct bt_early){.items = NULL};
    bt_decode_free(&s->decode);
    bt_demux_free(&s->demux);
}
