/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/stream_keys.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hpke.h"
#include "crypto/key.h"
#include "crypto/key_tree.h"
#include "crypto/random.h"
#include "crypto/wipe.h"

static const char envelope_info[] = "bauta v1 stream key";

/* What a sealed stream key is bound to: its stream's id and the objects' codec. */
struct envelope_aad {
    uint8_t bytes[BT_STREAM_ID_SIZE + 1];
};

static struct bt_hpke_suite envelope_suite(struct envelope_aad *aad,
                                           const uint8_t stream_id[BT_STREAM_ID_SIZE],
                                           int object_codec)
{
    memcpy(aad->bytes, stream_id, BT_STREAM_ID_SIZE);
    aad->bytes[BT_STREAM_ID_SIZE] = (uint8_t)object_codec;
    return (struct bt_hpke_suite){BT_HPKE_AES_256_GCM,
                                  {(const uint8_t *)envelope_info, sizeof(envelope_info) - 1},
                                  {aad->bytes, sizeof(aad->bytes)}};
}

static enum bauta_status seal_envelope(struct bt_writer_keys *keys, struct bt_envelope *envelope,
                                       const struct bauta_public_key *recipient)
{
    struct envelope_aad aad;
    struct bt_hpke_suite suite =
        envelope_suite(&aad, keys->message.stream_id, keys->message.object_codec);
    memcpy(envelope->key_id, recipient->id, BT_KEY_ID_SIZE);
    return bt_hpke_seal(envelope->enc, envelope->sealed, &suite, recipient->bytes,
                        (struct bauta_bytes){keys->stream_key, sizeof(keys->stream_key)});
}

enum bauta_status bt_writer_keys_init(struct bt_writer_keys *keys,
                                      const struct bauta_public_key *const *recipients,
                                      int n_recipients, int object_codec)
{
    *keys = (struct bt_writer_keys){.message = {.object_codec = object_codec}};
    enum bauta_status status = bt_random(keys->stream_key, sizeof(keys->stream_key));
    if (!status)
        status = bt_random(keys->message.stream_id, BT_STREAM_ID_SIZE);
    for (int i = 0; i < n_recipients && !status; i++)
        status = seal_envelope(keys, &keys->message.envelopes[keys->message.n_envelopes++],
                               recipients[i]);
    if (status)
        bt_writer_keys_clear(keys);
    return status;
}

/* Both sides: derives an epoch's key unless it is the one at hand. */
static enum bauta_status enter(uint8_t epoch_key[32], bool *has_epoch, uint32_t *at,
                               const uint8_t stream_key[32], uint32_t epoch)
{
    if (*has_epoch && *at == epoch)
        return BAUTA_OK;
    enum bauta_status status = bt_key_tree_epoch(epoch_key, stream_key, 0, epoch);
    *has_epoch = status == BAUTA_OK;
    *at = epoch;
    return status;
}

enum bauta_status bt_writer_keys_enter(struct bt_writer_keys *keys, uint32_t epoch)
{
    return enter(keys->epoch_key, &keys->has_epoch, &keys->epoch, keys->stream_key, epoch);
}

void bt_writer_keys_clear(struct bt_writer_keys *keys)
{
    bt_wipe(keys, sizeof(*keys));
}

struct bt_reader_key *bt_reader_keys_find(const struct bt_reader_keys *keys,
                                          const uint8_t stream_tag[BT_STREAM_TAG])
{
    for (int i = keys->n_items - 1; i >= 0; i--) /* the newest, should two tags be alike */
        if (memcmp(keys->items[i].stream_id, stream_tag, BT_STREAM_TAG) == 0)
            return &keys->items[i];
    return NULL;
}

/* A place for a new stream; past BT_MAX_STREAMS the first is forgotten. */
static struct bt_reader_key *add(struct bt_reader_keys *keys)
{
    if (!keys->items)
        keys->items = calloc(BT_MAX_STREAMS, sizeof(*keys->items));
    if (!keys->items)
        return NULL;
    if (keys->n_items == BT_MAX_STREAMS) {
        memmove(keys->items, keys->items + 1, (BT_MAX_STREAMS - 1) * sizeof(*keys->items));
        keys->n_items--;
    }
    struct bt_reader_key *key = &keys->items[keys->n_items++];
    *key = (struct bt_reader_key){.open = false};
    return key;
}

static enum bauta_status open_envelope(struct bt_reader_key *to, const struct bt_envelope *envelope,
                                       const struct bauta_private_key *key)
{
    struct envelope_aad aad;
    struct bt_hpke_suite suite = envelope_suite(&aad, to->stream_id, to->object_codec);
    enum bauta_status status =
        bt_hpke_open(to->stream_key, &suite, key->bytes, envelope->enc,
                     (struct bauta_bytes){envelope->sealed, sizeof(envelope->sealed)});
    to->open = status == BAUTA_OK;
    return status;
}

enum bauta_status bt_reader_keys_learn(struct bt_reader_keys *keys,
                                       const struct bt_stream_message *message)
{
    struct bt_reader_key *known = NULL;
    for (int i = 0; i < keys->n_items && !known; i++)
        if (memcmp(keys->items[i].stream_id, message->stream_id, BT_STREAM_ID_SIZE) == 0)
            known = &keys->items[i];
    if (known && known->open)
        return BAUTA_OK;
    if (!known)
        known = add(keys);
    if (!known)
        return BAUTA_ERR_MEMORY;
    memcpy(known->stream_id, message->stream_id, BT_STREAM_ID_SIZE);
    known->object_codec = message->object_codec;
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < message->n_envelopes && !known->open; i++)
        if (memcmp(message->envelopes[i].key_id, keys->key->id, BT_KEY_ID_SIZE) == 0)
            status = open_envelope(known, &message->envelopes[i], keys->key);
    return status;
}

enum bauta_status bt_reader_key_enter(struct bt_reader_key *key, uint32_t epoch)
{
    if (!key->open)
        return BAUTA_ERR_DENIED;
    return enter(key->epoch_key, &key->has_epoch, &key->epoch, key->stream_key, epoch);
}

void bt_reader_keys_clear(struct bt_reader_keys *keys)
{
    if (keys->items)
        bt_wipe(keys->items, BT_MAX_STREAMS * sizeof(*keys->items));
    free(keys->items);
    keys->items = NULL;
    keys->n_items = 0;
}
