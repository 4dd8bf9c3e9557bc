/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/run.h"

#include <string.h>

enum { RUN_ID = BAUTA_STREAM_ID_SIZE - BT_STREAM_TAG };

static uint32_t read_tag(const uint8_t tag[BT_STREAM_TAG])
{
    return (uint32_t)tag[0] << 24 | (uint32_t)tag[1] << 16 | (uint32_t)tag[2] << 8 | tag[3];
}

void bt_run_next_stream(uint8_t stream_id[BAUTA_STREAM_ID_SIZE])
{
    uint32_t next = read_tag(stream_id) + 1;
    for (int i = 0; i < BT_STREAM_TAG; i++)
        stream_id[i] = (uint8_t)(next >> (24 - 8 * i));
}

int64_t bt_run_distance(const uint8_t from[BT_STREAM_TAG], const uint8_t to[BT_STREAM_TAG])
{
    uint32_t after = read_tag(to) - read_tag(from);
    return after <= INT32_MAX ? (int64_t)after : (int64_t)after - UINT32_MAX - 1;
}

/* Whether more than the tag is known of an id. */
static bool has_run(const uint8_t stream_id[BAUTA_STREAM_ID_SIZE])
{
    static const uint8_t unknown[RUN_ID];
    return memcmp(stream_id + BT_STREAM_TAG, unknown, RUN_ID) != 0;
}

bool bauta_run_is_same(const uint8_t stream_id[BAUTA_STREAM_ID_SIZE],
                       const uint8_t other_id[BAUTA_STREAM_ID_SIZE])
{
    if (!has_run(stream_id) || !has_run(other_id))
        return memcmp(stream_id, other_id, BT_STREAM_TAG) == 0;
    return memcmp(stream_id + BT_STREAM_TAG, other_id + BT_STREAM_TAG, RUN_ID) == 0;
}
