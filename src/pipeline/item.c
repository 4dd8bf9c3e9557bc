/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/item.h"

#include <stdlib.h>

enum bauta_status bt_item_turn(struct bt_item *item)
{
    struct bt_view v;
    struct bt_frame turned, *from = &item->decoded.frame;
    if (bt_view_is_upright(&item->turn))
        return BAUTA_OK;
    bt_view_init(&v, &item->turn, from->picture.width, from->picture.height);
    enum bauta_status status = bt_frame_init(&turned, v.turned_width, v.turned_height);
    if (status)
        return status;
    bt_view_turn_picture(&v, &turned.picture, &from->picture);
    bt_frame_clear(from);
    *from = turned;
    for (int i = 0; i < item->sightings.n_items; i++)
        item->sightings.items[i].box = bt_view_show(&v, item->sightings.items[i].box);
    item->sightings.view = bt_view_rest(&item->view, &item->turn);
    return BAUTA_OK;
}

struct bt_item *bt_item_new(enum bt_item_kind kind)
{
    struct bt_item *item = calloc(1, sizeof(*item));
    if (item)
        item->kind = kind;
    return item;
}

void bt_item_free(struct bt_item **item)
{
    if (!*item)
        return;
    bt_packet_free(&(*item)->packet);
    bt_decoded_clear(&(*item)->decoded);
    free(*item);
    *item = NULL;
}
