/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_COLLECTED_H
#define BT_COLLECTED_H

#include <stdbool.h>

#include "recovery/picture_message.h"

/* The message of a picture that was collected and not yet revealed. */
struct bt_collected {
    int64_t pts;
    uint64_t order; /* in which it came */
    bool changed;   /* its slices are not those the message names */
    struct bt_buffer bytes;
    struct bt_picture_message message; /* views into `bytes` */
    struct bt_collected *next;
};

/* In the order they were collected, which is decoding order. */
struct bt_collected_list {
    struct bt_collected *first;
    int n_items;
    uint64_t n_pushed; /* ever */
};

/* Copies and parses `message`. `*collected` is NULL, with BAUTA_OK, if it does not parse: a damaged
 * message is as good as none. */
BAUTA_MUST_CHECK enum bauta_status bt_collected_new(struct bt_collected **collected,
                                                    struct bauta_bytes message, int64_t pts);
void bt_collected_free(struct bt_collected **collected);
/* Takes `collected`. Past BT_MAX_PENDING the oldest is dropped. */
void bt_collected_push(struct bt_collected_list *list, struct bt_collected *collected);
/* Takes the picture `pts` out of the list; NULL if it is not there. */
struct bt_collected *bt_collected_take(struct bt_collected_list *list, int64_t pts);
/* Takes the first, in presentation order, of those shown before `until` in its epoch; those of
 * earlier epochs of the stream that came before it are dropped, since the objects begin anew. NULL
 * if there is none. */
struct bt_collected *bt_collected_take_before(struct bt_collected_list *list,
                                              const struct bt_collected *until);
void bt_collected_clear(struct bt_collected_list *list);

#endif
