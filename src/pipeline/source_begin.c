/* SPDX-License-Identifier: Apache-2.0 */
/* Where the output begins, and how it is shown. */
#include "pipeline/source.h"

#include <math.h>

#include "base/log.h"
#include "mux/mux.h"
#include "pipeline/item.h"

/* When the first packet of a stream comes that was read before the first picture. */
static double early_sound_s(const struct bt_source *s, int stream)
{
    double start_s = INFINITY;
    for (size_t i = 0; i < s->early.n_items; i++) {
        const struct bt_item *item = s->early.items[i];
        if (item->kind == BT_ITEM_PACKET && bt_packet_stream(item->packet) == stream)
            start_s = fmin(start_s, bt_packet_seconds(item->packet));
    }
    return start_s;
}

/* When the sound begins that the output will carry: as the container tells, or what was read before
 * the first picture. */
static double sound_start_s(const struct bt_source *s, const struct bt_mux_settings *output)
{
    double start_s = INFINITY;
    for (int i = 0; s->pass_packets && i < bt_demux_streams(s->demux); i++) {
        double sound_s = fmin(bt_demux_sound_start(s->demux, i), early_sound_s(s, i));
        if (sound_s < start_s && bt_mux_carries(output, i))
            start_s = sound_s;
    }
    return start_s;
}

/* The first part begins with its first picture, or the sound before it: what lies before in the
 * file, which nobody can decode, takes no time. */
static void begin_with_first(struct bt_source *s, const struct bt_mux_settings *output)
{
    if (s->part.number != 1)
        return; /* what was read early is given away by then */
    size_t i = 0;
    while (i < s->early.n_items && s->early.items[i]->kind != BT_ITEM_PICTURE)
        i++;
    if (i == s->early.n_items)
        return;
    const struct bt_decoded *first = &s->early.items[i]->decoded;
    double sound_s = sound_start_s(s, output);
    bool heard = sound_s < first->seconds;
    double start_s = heard ? sound_s : first->seconds;
    if (!(start_s > 0))
        return;
    for (; i < s->early.n_items; i++)
        s->early.items[i]->pts_us -= llround(start_s * 1e6);
    s->last_pts_us -= llround(start_s * 1e6);
    s->part.start_s = start_s;
    s->part.start = heard ? llround(start_s * s->info.tick_den / s->info.tick_num) : first->pts;
}

void bt_source_choose_view(struct bt_source *s, const char *output, const char *format,
                           const struct bauta_log *log)
{
    const struct bt_mux_settings settings = {.path = output,
                                             .format = format,
                                             .audio = s->audio,
                                             .keep_subtitles = s->subtitles,
                                             .like = s->demux};
    s->turns = true;
    begin_with_first(s, &settings);
    if (bt_view_is_upright(&s->view) || bt_mux_tells_turns(output, format))
        return;
    struct bt_view v;
    bt_view_init(&v, &s->view, s->width, s->height);
    s->output_width = v.turned_width;
    s->output_height = v.turned_height;
    s->output = bt_view_rest(&s->view, &s->view);
    bt_log(log, BAUTA_LOG_INFO,
           "%s: its pixels are %s, as players show %s: this container cannot say so", output,
           bt_view_text(&s->view), bt_demux_path(s->demux));
}
