/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_GROUP_H
#define BT_GROUP_H

#include <bauta/group.h>

#include "base/buffer.h"
#include "crypto/sizes.h"

enum { BT_GROUP_ID = 16 };

struct bauta_group {
    uint8_t id[BT_GROUP_ID]; /* random */
    int threshold, n_members;
    uint8_t members[BAUTA_MAX_MEMBERS][BT_RAW_KEY_SIZE]; /* raw public keys */
};

/* As bytes, of which grants hold a copy: version u8 · id 16 · threshold u8 · number of members u8 ·
 * their public keys, 32 each. */
void bt_group_write(struct bt_buffer *out, const struct bauta_group *group);
/* BAUTA_ERR_FORMAT, BAUTA_ERR_UNSUPPORTED. */
BAUTA_MUST_CHECK enum bauta_status bt_group_read(struct bauta_group *group,
                                                 struct bauta_bytes bytes);
/* The place of a member by its raw public key, -1 if it is none. */
int bt_group_find(const struct bauta_group *group, const uint8_t public_bytes[BT_RAW_KEY_SIZE]);

#endif
