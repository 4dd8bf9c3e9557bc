/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ARRAY_H
#define BT_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes room for one more item. `items` is the address of the pointer to an array of `n_items`,
 * each of `item_size` bytes, with room for `*n_allocated`; the array may move. It begins with room
 * for 16, and doubles. False without memory: the array is as it was.
 */
bool bt_array_grow(void *items, size_t item_size, size_t n_items, size_t *n_allocated);

#endif
