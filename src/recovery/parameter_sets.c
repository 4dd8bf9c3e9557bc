/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/parameter_sets.h"

#include <string.h>

#include "bitstream/nal.h"

static void insert(struct bt_parameter_sets *sets, const uint8_t digest[BT_DIGEST_SIZE])
{
    int at = 0;
    while (at < sets->n_items && memcmp(sets->items[at], digest, BT_DIGEST_SIZE) < 0)
        at++;
    if (at < sets->n_items && memcmp(sets->items[at], digest, BT_DIGEST_SIZE) == 0)
        return;
    if (sets->n_items == BT_MAX_PARAMETER_SETS) {
        sets->too_many = true;
        return;
    }
    memmove(sets->items[at + 1], sets->items[at],
            (size_t)(sets->n_items - at) * sizeof(sets->items[0]));
    memcpy(sets->items[at], digest, BT_DIGEST_SIZE);
    sets->n_items++;
}

enum bauta_status bt_parameter_sets_add(struct bt_parameter_sets *sets, enum bauta_codec codec,
                                        struct bauta_bytes au)
{
    struct bt_nal_reader units;
    struct bauta_bytes nal;
    enum bauta_status status = BAUTA_OK;
    bt_nal_reader_init(&units, au);
    while (!status && bt_nal_next(&units, &nal)) {
        if (bt_nal_kind(codec, nal) != BT_NAL_PARAMETERS)
            continue;
        uint8_t digest[BT_DIGEST_SIZE];
        status = bt_digest(digest, nal);
        if (!status)
            insert(sets, digest);
    }
    return status;
}

enum bauta_status bt_parameter_sets_digest(uint8_t out[BT_DIGEST_SIZE],
                                           const struct bt_parameter_sets *sets)
{
    if (sets->too_many)
        return BAUTA_ERR_LIMIT;
    return bt_digest(
        out, (struct bauta_bytes){sets->items[0], (size_t)sets->n_items * sizeof(sets->items[0])});
}
