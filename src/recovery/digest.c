/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/digest.h"

#include <string.h>

#include "crypto/hash.h"

enum { ENVELOPES_AT = 32 }; /* where a stream message's number of envelopes stands */

enum bauta_status bt_digest(uint8_t out[BT_DIGEST_SIZE], struct bauta_bytes bytes)
{
    uint8_t whole[BT_HASH_SIZE];
    enum bauta_status status = bt_hash_bytes(whole, bytes);
    memcpy(out, whole, BT_DIGEST_SIZE);
    return status;
}

enum bauta_status bt_digest_stream(uint8_t stream[BT_DIGEST_SIZE],
                                   uint8_t recipients[BT_DIGEST_SIZE], struct bauta_bytes message)
{
    if (message.size <= ENVELOPES_AT)
        return BAUTA_ERR_FORMAT;
    enum bauta_status status = bt_digest(stream, (struct bauta_bytes){message.data, ENVELOPES_AT});
    if (status)
        return status;
    return bt_digest(
        recipients, (struct bauta_bytes){message.data + ENVELOPES_AT, message.size - ENVELOPES_AT});
}

enum bauta_status bt_digest_capsules(struct bt_capsule_digests *digests,
                                     const struct bt_picture_message *message)
{
    *digests = (struct bt_capsule_digests){.n_regions = message->head.plan.n_regions};
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < digests->n_regions && !status; i++)
        if (message->capsules[i].size > 0)
            status = bt_digest(digests->items[i], message->capsules[i]);
    return status;
}

enum bauta_status bt_digest_recovery(uint8_t out[BT_DIGEST_SIZE], struct bauta_bytes head_bytes,
                                     const struct bt_capsule_digests *digests)
{
    uint8_t whole[BT_HASH_SIZE];
    struct bt_hash sum;
    bt_hash_init(&sum);
    bt_hash_add(&sum, head_bytes);
    bt_hash_add(
        &sum, (struct bauta_bytes){digests->items[0], (size_t)digests->n_regions * BT_DIGEST_SIZE});
    enum bauta_status status = bt_hash_finish(&sum, whole);
    memcpy(out, whole, BT_DIGEST_SIZE);
    return status;
}
