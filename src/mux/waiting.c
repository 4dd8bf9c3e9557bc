/* SPDX-License-Identifier: Apache-2.0 */
#include "mux/waiting.h"

#include <stdlib.h>
#include <libavutil/common.h>
#include <libavutil/mathematics.h>

#include "base/array.h"

enum { OVERHEAD = 512 }; /* bytes that a packet takes beside its data, about */

enum bauta_status bt_waiting_init(struct bt_waiting *w, int n_streams)
{
    w->lines = calloc((size_t)n_streams + 1, sizeof(*w->lines));
    w->n_lines = w->lines ? n_streams : 0;
    for (int i = 0; i < w->n_lines; i++)
        w->lines[i].written_dts = INT64_MIN;
    return w->lines ? BAUTA_OK : BAUTA_ERR_MEMORY;
}

void bt_waiting_clear(struct bt_waiting *w)
{
    for (int i = 0; i < w->n_lines; i++) {
        bt_waiting_close(w, i);
        free(w->lines[i].items);
    }
    free(w->lines);
    *w = (struct bt_waiting){0};
}

void bt_waiting_sparse(struct bt_waiting *w, int stream)
{
    w->lines[stream].sparse = true;
}

static bool make_room(struct bt_waiting_line *line)
{
    if (line->first > 0 && (size_t)line->n_items == line->n_allocated) {
        for (int i = line->first; i < line->n_items; i++)
            line->items[i - line->first] = line->items[i];
        line->n_items -= line->first;
        line->first = 0;
    }
    return bt_array_grow(&line->items, sizeof(AVPacket *), (size_t)line->n_items,
                         &line->n_allocated);
}

/* Order needs a decoding time. Of sound it is that of showing, or follows from the last. */
static void complete_times(const struct bt_waiting_line *line, AVPacket *packet)
{
    if (packet->dts == AV_NOPTS_VALUE)
        packet->dts = packet->pts;
    if (packet->dts == AV_NOPTS_VALUE)
        packet->dts = line->last_dts;
    if (packet->pts == AV_NOPTS_VALUE)
        packet->pts = packet->dts;
}

enum bauta_status bt_waiting_push(struct bt_waiting *w, AVPacket *packet)
{
    struct bt_waiting_line *line = &w->lines[packet->stream_index];
    if (line->closed) {
        av_packet_free(&packet);
        return BAUTA_OK;
    }
    if (!make_room(line)) {
        av_packet_free(&packet);
        return BAUTA_ERR_MEMORY;
    }
    complete_times(line, packet);
    line->last_dts = av_sat_add64(packet->dts, packet->duration);
    line->tick = packet->time_base;
    line->items[line->n_items++] = packet;
    w->size += (size_t)packet->size + OVERHEAD;
    return BAUTA_OK;
}

static bool is_empty(const struct bt_waiting_line *line)
{
    return line->first == line->n_items;
}

static AVPacket *pop(struct bt_waiting *w, struct bt_waiting_line *line)
{
    AVPacket *packet = line->items[line->first++];
    if (is_empty(line))
        line->first = line->n_items = 0;
    w->size -= (size_t)packet->size + OVERHEAD;
    return packet;
}

static struct bt_waiting_line *find_earliest(const struct bt_waiting *w)
{
    struct bt_waiting_line *found = NULL;
    for (int i = 0; i < w->n_lines; i++) {
        struct bt_waiting_line *line = &w->lines[i];
        if (is_empty(line))
            continue;
        const AVPacket *p = line->items[line->first], *q = found ? found->items[found->first] : p;
        if (!found || av_compare_ts(p->dts, p->time_base, q->dts, q->time_base) < 0)
            found = line;
    }
    return found;
}

/* Whether a packet that belongs before `first` may still come, and is worth to be waited for. */
static bool may_come(const struct bt_waiting *w, const AVPacket *first)
{
    static const AVRational second = {1, 1};
    bool missing = false, late = w->size > BT_WAITING_SIZE;
    int64_t start = av_rescale_q(first->dts, first->time_base, second);
    for (int i = 0; i < w->n_lines; i++) {
        const struct bt_waiting_line *line = &w->lines[i];
        if (is_empty(line))
            missing |= !line->closed && !line->sparse;
        else
            late |= av_sat_sub64(av_rescale_q(line->last_dts, line->tick, second), start) >
                    BT_WAITING_SECONDS;
    }
    return missing && !late;
}

AVPacket *bt_waiting_take(struct bt_waiting *w, bool all)
{
    struct bt_waiting_line *line = find_earliest(w);
    if (!line || (!all && may_come(w, line->items[line->first])))
        return NULL;
    return pop(w, line);
}

int bt_waiting_trim(struct bt_waiting *w)
{
    int n = 0;
    for (; w->size > BT_WAITING_SIZE; n++) {
        AVPacket *packet = pop(w, find_earliest(w));
        av_packet_free(&packet);
    }
    return n;
}

void bt_waiting_close(struct bt_waiting *w, int stream)
{
    struct bt_waiting_line *line = &w->lines[stream];
    line->closed = true;
    while (!is_empty(line)) {
        AVPacket *packet = pop(w, line);
        av_packet_free(&packet);
    }
}
