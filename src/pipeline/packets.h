/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PACKETS_H
#define BT_PACKETS_H

#include "demux/demux.h"

/* Packets that wait their turn, in order; owns them. Starts from `{0}`. */
struct bt_packets {
    struct bt_packet **items; /* a ring */
    size_t first, n, n_allocated;
    size_t size; /* of all of them, in bytes */
};

/* Takes the packet, also on failure. */
BAUTA_MUST_CHECK enum bauta_status bt_packets_push(struct bt_packets *packets,
                                                   struct bt_packet **packet);
/* The one that waits longest; NULL if none does. */
const struct bt_packet *bt_packets_next(const struct bt_packets *packets);
struct bt_packet *bt_packets_take(struct bt_packets *packets);
void bt_packets_clear(struct bt_packets *packets);

#endif
