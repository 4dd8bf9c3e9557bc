/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ITEM_H
#define BT_ITEM_H

#include "base/view.h"
#include "codec/decode.h"

enum bt_item_kind {
    BT_ITEM_PICTURE,     /* a decoded picture */
    BT_ITEM_ACCESS_UNIT, /* the packet of a coded picture, for those who read its messages */
    BT_ITEM_PACKET       /* a packet of another stream, to be copied */
};

/* What goes through a pipeline, in the order of the file. */
struct bt_item {
    enum bt_item_kind kind;
    struct bt_packet *packet;      /* owned; of ACCESS_UNIT and PACKET */
    struct bt_decoded decoded;     /* owned; of PICTURE */
    uint64_t number;               /* of the picture in presentation order, from 0 */
    int64_t pts_us;                /* its time, microseconds, larger than that of the one before */
    struct bauta_view view;        /* how the picture is to be shown, by the file and by who asks */
    struct bauta_view turn;        /* by what its pixels must be turned to suit the output */
    struct bt_sightings sightings; /* in pixels of the picture */
};

/* Turns the pixels of a picture as the output wants them, and its sightings with them.
 * BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_item_turn(struct bt_item *item);

/* NULL without memory. */
struct bt_item *bt_item_new(enum bt_item_kind kind);
void bt_item_free(struct bt_item **item); /* NULL is fine; wipes the picture */

#endif
