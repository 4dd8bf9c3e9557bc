/* SPDX-License-Identifier: Apache-2.0 */
#include "restore/reader_keys.h"

#include <string.h>

#include "crypto/key.h"
#include "crypto/secret.h"
#include "recovery/envelope.h"

static const size_t items_size = BT_MAX_STREAMS * sizeof(struct bt_reader_key);

struct bt_reader_key *bt_reader_keys_find(const struct bt_reader_keys *keys,
                                          const uint8_t stream_tag[BT_STREAM_TAG])
{
    for (int i = keys->n_items - 1; i >= 0; i--) /* the newest, should two tags be alike */
        if (memcmp(keys->items[i].stream_id, stream_tag, BT_STREAM_TAG) == 0)
            return &keys->items[i];
    return NULL;
}

/* A key's nodes may point into it, so after a move they point anew. */
static void settle(struct bt_reader_key *key, bool own_root)
{
    if (own_root)
        key->nodes = (struct bt_key_nodes){&key->root, 1};
}

static void forget_first(struct bt_reader_keys *keys)
{
    keys->n_items--;
    for (int i = 0; i < keys->n_items; i++) {
        bool own_root = keys->items[i + 1].nodes.items == &keys->items[i + 1].root;
        keys->items[i] = keys->items[i + 1];
        settle(&keys->items[i], own_root);
    }
}

/* A place for a new stream; past BT_MAX_STREAMS the first is forgotten. */
static struct bt_reader_key *add(struct bt_reader_keys *keys)
{
    if (!keys->items)
        keys->items = bt_secret_new(items_size);
    if (!keys->items)
        return NULL;
    if (keys->n_items == BT_MAX_STREAMS)
        forget_first(keys);
    struct bt_reader_key *key = &keys->items[keys->n_items++];
    *key = (struct bt_reader_key){.has_epoch = false};
    return key;
}

static enum bauta_status open_envelopes(struct bt_reader_key *to,
                                        const struct bt_stream_message *message,
                                        const struct bauta_private_key *key)
{
    struct bt_envelope_place place = {to->stream_id, to->object_codec};
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < message->n_envelopes; i++) {
        if (memcmp(message->envelopes[i].key_id, key->id, BAUTA_KEY_ID_SIZE) != 0)
            continue;
        status = bt_envelope_open(to->root.key, &message->envelopes[i], &place, key);
        settle(to, status == BAUTA_OK);
        if (!status)
            break;
    }
    return status;
}

enum bauta_status bt_reader_keys_learn(struct bt_reader_keys *keys,
                                       const struct bt_stream_message *message)
{
    struct bt_reader_key *known = NULL;
    for (int i = 0; i < keys->n_items && !known; i++)
        if (memcmp(keys->items[i].stream_id, message->stream_id, BAUTA_STREAM_ID_SIZE) == 0)
            known = &keys->items[i];
    if (known && known->nodes.n_items)
        return BAUTA_OK;
    if (!known)
        known = add(keys);
    if (!known)
        return BAUTA_ERR_MEMORY;
    memcpy(known->stream_id, message->stream_id, BAUTA_STREAM_ID_SIZE);
    known->object_codec = message->object_codec;
    if (!keys->grant)
        return open_envelopes(known, message, keys->key);
    known->nodes = bt_opened_grant_nodes(keys->grant, message->stream_id);
    return BAUTA_OK;
}

enum bauta_status bt_reader_key_target(uint8_t target_key[BT_KEY_SIZE], struct bt_reader_key *key,
                                       const struct bt_key_place *place)
{
    if (!key->has_epoch || key->epoch.epoch != place->epoch) {
        key->epoch = (struct bt_key_node){
            .kind = BT_NODE_EPOCHS, .depth = BT_KEY_TREE_DEPTH, .epoch = place->epoch};
        enum bauta_status status = bt_key_nodes_epoch(key->epoch.key, &key->nodes, place->epoch);
        key->has_epoch = status == BAUTA_OK;
        if (status && status != BAUTA_ERR_DENIED)
            return status;
    }
    const struct bt_key_nodes whole_epoch = {&key->epoch, 1};
    return bt_key_nodes_find(target_key, key->has_epoch ? &whole_epoch : &key->nodes, place);
}

void bt_reader_keys_clear(struct bt_reader_keys *keys)
{
    bt_secret_free(keys->items, items_size);
    keys->items = NULL;
    keys->n_items = 0;
}
