/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/packets.h"

#include <stdlib.h>

static bool grow(struct bt_packets *p)
{
    size_t n = p->n_allocated ? 2 * p->n_allocated : 64;
    struct bt_packet **items = malloc(n * sizeof(struct bt_packet *));
    if (!items)
        return false;
    for (size_t i = 0; i < p->n; i++)
        items[i] = p->items[(p->first + i) % p->n_allocated];
    free(p->items);
    p->items = items;
    p->n_allocated = n;
    p->first = 0;
    return true;
}

enum bauta_status bt_packets_push(struct bt_packets *p, struct bt_packet **packet)
{
    if (p->n == p->n_allocated && !grow(p)) {
        bt_packet_free(packet);
        return BAUTA_ERR_MEMORY;
    }
    p->items[(p->first + p->n++) % p->n_allocated] = *packet;
    p->size += bt_packet_bytes(*packet).size;
    *packet = NULL;
    return BAUTA_OK;
}

const struct bt_packet *bt_packets_next(const struct bt_packets *p)
{
    return p->n ? p->items[p->first] : NULL;
}

struct bt_packet *bt_packets_take(struct bt_packets *p)
{
    if (!p->n)
        return NULL;
    struct bt_packet *packet = p->items[p->first];
    p->first = (p->first + 1) % p->n_allocated;
    p->n--;
    p->size -= bt_packet_bytes(packet).size;
    return packet;
}

void bt_packets_clear(struct bt_packets *p)
{
    struct bt_packet *packet;
    while ((packet = bt_packets_take(p)))
        bt_packet_free(&packet);
    free(p->items);
    *p = (struct bt_packets){.n = 0};
}
