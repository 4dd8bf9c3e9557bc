/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "engine/messages.h"

/* Law: a message put into an access unit is found there again, and the slices' hash stays the same. */
static const uint8_t message[] = {2, 1, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0};

static enum bauta_status note(void *user, struct bauta_bytes found)
{
    int *n_found = user;
    *n_found += found.size == sizeof(message) && memcmp(found.data, message, found.size) == 0;
    return BAUTA_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bauta_bytes au = {data, size}, messages[] = {{message, sizeof(message)}};
    for (int i = BAUTA_CODEC_H264; i <= BAUTA_CODEC_H265; i++) {
        enum bauta_codec codec = (enum bauta_codec)i;
        uint8_t before[BT_SLICES_HASH], after[BT_SLICES_HASH];
        struct bt_buffer out = {0};
        int n_before = 0, n_after = 0;
        size_t sei_bytes = 0;
        LAW(!bt_messages_collect(codec, au, &sei_bytes, note, &n_before));
        enum bauta_status hashed = bt_messages_hash_slices(before, codec, au);
        enum bauta_status inserted = bt_messages_insert(&out, codec, au, messages, 1);
        LAW((hashed == BAUTA_OK) == (inserted == BAUTA_OK));
        if (!inserted) {
            LAW(!bt_messages_hash_slices(after, codec, bt_buffer_view(&out)));
            LAW(memcmp(before, after, sizeof(before)) == 0);
            LAW(!bt_messages_collect(codec, bt_buffer_view(&out), &sei_bytes, note, &n_after));
            LAW(n_after == n_before + 1);
        }
        bt_buffer_clear(&out);
    }
    return 0;
}
