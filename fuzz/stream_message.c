/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "crypto/key.h"
#include "restore/reader_keys.h"

/* Laws: a stream message that is taken is written back byte for byte; it opens no stream for a key
 * that it was not sealed to. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bt_stream_message m;
    if (bt_stream_message_parse(&m, (struct bauta_bytes){data, size}))
        return 0;
    struct bt_buffer out = {0};
    bt_stream_message_write(&out, &m);
    LAW(out.size == size && memcmp(out.data, data, size) == 0);
    struct bauta_private_key key = {.bytes = {5}};
    if (m.n_envelopes) /* as if the first envelope were for this key */
        memcpy(key.id, m.envelopes[0].key_id, sizeof(key.id));
    struct bt_reader_keys keys = {.key = &key};
    enum bauta_status status = bt_reader_keys_learn(&keys, &m);
    LAW(status == BAUTA_OK || status == BAUTA_ERR_TAMPERED);
    LAW(keys.n_items == 1 && keys.items[0].nodes.n_items == 0);
    uint8_t target_key[32];
    LAW(bt_reader_key_target(target_key, &keys.items[0],
                             &(struct bt_key_place){m.epoch, BAUTA_CLASS_BODY, 1}) ==
        BAUTA_ERR_DENIED);
    bt_reader_keys_clear(&keys);
    bt_buffer_clear(&out);
    return 0;
}
