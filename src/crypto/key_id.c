/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_id.h"

#include <string.h>

#include "crypto/hash.h"

enum bauta_status bt_key_id(uint8_t id[BAUTA_KEY_ID_SIZE],
                            const uint8_t public_bytes[BT_RAW_KEY_SIZE])
{
    uint8_t hash[BT_HASH_SIZE];
    enum bauta_status status = bt_hash_bytes(hash, (struct bauta_bytes){public_bytes, 32});
    if (!status)
        memcpy(id, hash, BAUTA_KEY_ID_SIZE);
    return status;
}
