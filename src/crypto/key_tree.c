/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_tree.h"

#include <assert.h>
#include <string.h>

#include <bauta/secrets.h>

#include "base/buffer.h"
#include "crypto/hkdf.h"

/* out = HKDF-Expand(parent, label || value as `value_size` big-endian bytes); out may be parent. */
static enum bauta_status child(uint8_t out[BT_KEY_SIZE], const uint8_t parent[BT_KEY_SIZE],
                               const char *label, uint32_t value, size_t value_size)
{
    uint8_t info[32], key[BT_KEY_SIZE];
    size_t size = strlen(label);
    assert(size + value_size <= sizeof(info));
    memcpy(info, label, size);
    for (size_t i = 0; i < value_size; i++)
        info[size + i] = (uint8_t)(value >> 8 * (value_size - 1 - i));
    memcpy(key, parent, 32);
    enum bauta_status status = bt_hkdf_expand(out, 32, (struct bauta_bytes){key, 32},
                                              (struct bauta_bytes){info, size + value_size});
    bauta_wipe(key, sizeof(key));
    return status;
}

enum bauta_status bt_key_tree_node(uint8_t out[BT_KEY_SIZE], const uint8_t node[BT_KEY_SIZE],
                                   int from_depth, int to_depth, uint32_t epoch)
{
    assert(0 <= from_depth && from_depth <= to_depth && to_depth <= BT_KEY_TREE_DEPTH);
    memmove(out, node, 32);
    enum bauta_status status = BAUTA_OK;
    for (int depth = from_depth; depth < to_depth && !status; depth++)
        status = child(out, out, "bauta v1 node", epoch >> (31 - depth) & 1, 1);
    return status;
}

enum bauta_status bt_key_tree_epoch(uint8_t out[BT_KEY_SIZE], const uint8_t node[BT_KEY_SIZE],
                                    int depth, uint32_t epoch)
{
    return bt_key_tree_node(out, node, depth, BT_KEY_TREE_DEPTH, epoch);
}

enum bauta_status bt_key_tree_class(uint8_t out[BT_KEY_SIZE], const uint8_t epoch_key[BT_KEY_SIZE],
                                    enum bauta_class class_)
{
    return child(out, epoch_key, "bauta v1 class", (uint32_t)class_, 1);
}

enum bauta_status bt_key_tree_target(uint8_t out[BT_KEY_SIZE], const uint8_t class_key[BT_KEY_SIZE],
                                     uint32_t target)
{
    return child(out, class_key, "bauta v1 target", target, 4);
}
