/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/item.h"

#include <stdlib.h>

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
