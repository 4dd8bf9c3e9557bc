/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_HASH_H
#define BT_HASH_H

#include <bauta/bytes.h>
#include <bauta/status.h>

#include "crypto/sizes.h"

/* SHA-256 (FIPS 180-4), in pieces: init, add ..., finish, which also frees; after a failure the
 * later calls do nothing and finish() says BAUTA_ERR_CRYPTO. */
struct bt_hash {
    void *context;
    int failed;
};

void bt_hash_init(struct bt_hash *hash);
void bt_hash_add(struct bt_hash *hash, struct bauta_bytes bytes);
BAUTA_MUST_CHECK enum bauta_status bt_hash_finish(struct bt_hash *hash, uint8_t out[BT_HASH_SIZE]);

/* All at once. */
BAUTA_MUST_CHECK enum bauta_status bt_hash_bytes(uint8_t out[BT_HASH_SIZE],
                                                 struct bauta_bytes bytes);

#endif
