/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_TREE_H
#define BT_KEY_TREE_H

#include <stdint.h>

#include <bauta/status.h>
#include <bauta/target.h>

#include "crypto/sizes.h"

/*
 * Stream key -> binary tree over epochs -> epoch key -> class key -> target key (docs/format.md,
 * "Keys"). All keys are 32 bytes; each is HKDF-Expand (RFC 5869) of its parent. The tree has 32
 * levels; an epoch's path is its number, most significant bit first. Who holds an inner node can
 * derive the epochs below it and no others.
 */
#define BT_KEY_TREE_DEPTH 32

/* The key of `epoch` from the node at `depth` (0: the stream key) on its path. BAUTA_ERR_CRYPTO. */
BAUTA_MUST_CHECK enum bauta_status bt_key_tree_epoch(uint8_t out[BT_KEY_SIZE],
                                                     const uint8_t node[BT_KEY_SIZE], int depth,
                                                     uint32_t epoch);
/* The node at `to_depth` on the path of `epoch`, from that at `from_depth`. */
BAUTA_MUST_CHECK enum bauta_status bt_key_tree_node(uint8_t out[BT_KEY_SIZE],
                                                    const uint8_t node[BT_KEY_SIZE], int from_depth,
                                                    int to_depth, uint32_t epoch);
BAUTA_MUST_CHECK enum bauta_status bt_key_tree_class(uint8_t out[BT_KEY_SIZE],
                                                     const uint8_t epoch_key[BT_KEY_SIZE],
                                                     enum bauta_class class_);
BAUTA_MUST_CHECK enum bauta_status
bt_key_tree_target(uint8_t out[BT_KEY_SIZE], const uint8_t class_key[BT_KEY_SIZE], uint32_t target);

#endif
