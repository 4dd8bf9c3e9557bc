/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WAITING_H
#define BT_WAITING_H

#include <libavcodec/packet.h>

#include <bauta/status.h>

/* Packets that wait, in order, for their container to be opened. Start from `{0}`. */
struct bt_waiting {
    AVPacket **items;
    int first, n_items, n_allocated;
};

BAUTA_MUST_CHECK enum bauta_status bt_waiting_push(struct bt_waiting *waiting, AVPacket *packet);
AVPacket *bt_waiting_take(struct bt_waiting *waiting); /* NULL when empty */
void bt_waiting_clear(struct bt_waiting *waiting);

#endif
