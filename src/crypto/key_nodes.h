/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_NODES_H
#define BT_KEY_NODES_H

#include "crypto/key_tree.h"

/* One key out of a stream's tree. What lies below it can be derived, nothing else. */
enum bt_key_node_kind { BT_NODE_EPOCHS, BT_NODE_CLASS, BT_NODE_TARGET };

struct bt_key_node {
    enum bt_key_node_kind kind;
    int depth;      /* of BT_NODE_EPOCHS: 0, the stream key, to BT_KEY_TREE_DEPTH, one epoch's */
    uint32_t epoch; /* the first below it */
    enum bauta_class class_; /* of the other two */
    uint32_t target;         /* of BT_NODE_TARGET */
    uint8_t key[BT_KEY_SIZE];
};

/* Some of them, of one stream. */
struct bt_key_nodes {
    struct bt_key_node *items;
    size_t n_items;
};

/* What a capsule is sealed with. */
struct bt_key_place {
    uint32_t epoch;
    enum bauta_class class_;
    uint32_t target;
};

/* The target key of `place`, from whichever node reaches it. BAUTA_ERR_DENIED: none does. */
BAUTA_MUST_CHECK enum bauta_status bt_key_nodes_find(uint8_t target_key[BT_KEY_SIZE],
                                                     const struct bt_key_nodes *nodes,
                                                     const struct bt_key_place *place);

/* The key of a whole epoch. BAUTA_ERR_DENIED: no node reaches that far up. */
BAUTA_MUST_CHECK enum bauta_status bt_key_nodes_epoch(uint8_t epoch_key[BT_KEY_SIZE],
                                                      const struct bt_key_nodes *nodes,
                                                      uint32_t epoch);

/* Derives `node->key` from the stream key by the node's other fields. */
BAUTA_MUST_CHECK enum bauta_status bt_key_node_derive(struct bt_key_node *node,
                                                      const uint8_t stream_key[BT_KEY_SIZE]);

/* How deep the largest node is that begins at epoch `first` and reaches no further than `last`:
 * taking these one after the other covers a span with the fewest nodes, from left to right. */
int bt_key_node_depth(uint32_t first, uint32_t last);
/* The last epoch below a node of this depth that begins at `first`. */
uint32_t bt_key_node_last(uint32_t first, int depth);

#endif
