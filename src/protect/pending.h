/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PENDING_H
#define BT_PENDING_H

#include "protect/writer_keys.h"
#include "recovery/picture_message.h"
#include "recovery/record.h"

/* A picture between mask and attach: what its access unit will carry, not yet sealed, since a seal
 * binds the coded slices, which are not known before. */
struct bt_pending {
    int64_t pts;
    bool random_access;          /* the stream message goes with it */
    uint64_t utc_ms;             /* of this picture, 0: not known */
    struct bt_writer_keys *keys; /* of its stream, counted */
    uint64_t epoch_number;       /* of its epoch in this run, over all streams */
    struct bt_picture_head head;
    struct bt_record *records; /* one for each region; an empty one has no capsule */
    struct bt_pending *next;
};

/* Those pictures, oldest first. */
struct bt_pending_list {
    struct bt_pending *first;
    int n_items;
};

/* Makes one with room for `n_regions` records; NULL without memory. */
struct bt_pending *bt_pending_new(int n_regions);
void bt_pending_free(struct bt_pending **pending); /* wipes the records */
/* Takes `pending`. Past BT_MAX_PENDING the oldest is dropped: its access unit never came. */
void bt_pending_push(struct bt_pending_list *list, struct bt_pending *pending);
/* Takes the picture `pts` out of the list; NULL if it is not there. */
struct bt_pending *bt_pending_take(struct bt_pending_list *list, int64_t pts);
/* Whether a picture of this epoch waits. */
bool bt_pending_has_epoch(const struct bt_pending_list *list, uint64_t epoch_number);
void bt_pending_clear(struct bt_pending_list *list);

#endif
