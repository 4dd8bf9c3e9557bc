/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_nodes.h"

#include <stdbool.h>
#include <string.h>

#include <bauta/secrets.h>

uint32_t bt_key_node_last(uint32_t first, int depth)
{
    return depth == 0 ? UINT32_MAX : first | (uint32_t)((UINT64_C(1) << (32 - depth)) - 1);
}

int bt_key_node_depth(uint32_t first, uint32_t last)
{
    int depth = BT_KEY_TREE_DEPTH;
    while (depth > 0) {
        uint64_t size = UINT64_C(1) << (33 - depth); /* epochs below the node one level up */
        if (first % size != 0 || first + size - 1 > last)
            break;
        depth--;
    }
    return depth;
}

static bool spans(const struct bt_key_node *node, uint32_t epoch)
{
    return node->kind == BT_NODE_EPOCHS && epoch >= node->epoch &&
           epoch <= bt_key_node_last(node->epoch, node->depth);
}

static bool reaches(const struct bt_key_node *node, const struct bt_key_place *place)
{
    if (node->kind == BT_NODE_EPOCHS)
        return spans(node, place->epoch);
    return place->epoch == node->epoch && place->class_ == node->class_ &&
           (node->kind == BT_NODE_CLASS || place->target == node->target);
}

static enum bauta_status derive(uint8_t out[BT_KEY_SIZE], const struct bt_key_node *node,
                                const struct bt_key_place *place)
{
    uint8_t key[BT_KEY_SIZE];
    memcpy(key, node->key, sizeof(key));
    enum bauta_status status = BAUTA_OK;
    if (node->kind == BT_NODE_EPOCHS)
        status = bt_key_tree_epoch(key, key, node->depth, place->epoch);
    if (!status && node->kind == BT_NODE_EPOCHS)
        status = bt_key_tree_class(key, key, place->class_);
    if (!status && node->kind != BT_NODE_TARGET)
        status = bt_key_tree_target(key, key, place->target);
    if (!status)
        memcpy(out, key, sizeof(key));
    bauta_wipe(key, sizeof(key));
    return status;
}

enum bauta_status bt_key_nodes_find(uint8_t target_key[BT_KEY_SIZE],
                                    const struct bt_key_nodes *nodes,
                                    const struct bt_key_place *place)
{
    for (size_t i = 0; i < nodes->n_items; i++)
        if (reaches(&nodes->items[i], place))
            return derive(target_key, &nodes->items[i], place);
    return BAUTA_ERR_DENIED;
}

enum bauta_status bt_key_nodes_epoch(uint8_t epoch_key[BT_KEY_SIZE],
                                     const struct bt_key_nodes *nodes, uint32_t epoch)
{
    for (size_t i = 0; i < nodes->n_items; i++)
        if (spans(&nodes->items[i], epoch))
            return bt_key_tree_epoch(epoch_key, nodes->items[i].key, nodes->items[i].depth, epoch);
    return BAUTA_ERR_DENIED;
}

enum bauta_status bt_key_node_derive(struct bt_key_node *node,
                                     const uint8_t stream_key[BT_KEY_SIZE])
{
    if (node->kind == BT_NODE_EPOCHS)
        return bt_key_tree_node(node->key, stream_key, 0, node->depth, node->epoch);
    enum bauta_status status = bt_key_tree_epoch(node->key, stream_key, 0, node->epoch);
    if (!status)
        status = bt_key_tree_class(node->key, node->key, node->class_);
    if (!status && node->kind == BT_NODE_TARGET)
        status = bt_key_tree_target(node->key, node->key, node->target);
    return status;
}
