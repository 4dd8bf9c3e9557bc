/* SPDX-License-Identifier: Apache-2.0 */
#include "media/waiting.h"

#include <stdlib.h>

enum bauta_status bt_waiting_push(struct bt_waiting *w, AVPacket *packet)
{
    if (w->n_items == w->n_allocated) {
        int n = w->n_allocated ? w->n_allocated * 2 : 64;
        AVPacket **items = realloc(w->items, (size_t)n * sizeof(AVPacket *));
        if (!items) {
            av_packet_free(&packet);
            return BAUTA_ERR_MEMORY;
        }
        w->items = items;
        w->n_allocated = n;
    }
    w->items[w->n_items++] = packet;
    return BAUTA_OK;
}

AVPacket *bt_waiting_take(struct bt_waiting *w)
{
    return w->first < w->n_items ? w->items[w->first++] : NULL;
}

void bt_waiting_clear(struct bt_waiting *w)
{
    AVPacket *packet;
    while ((packet = bt_waiting_take(w)))
        av_packet_free(&packet);
    free(w->items);
    *w = (struct bt_waiting){0};
}
