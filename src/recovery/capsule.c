/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/capsule.h"

#include <bauta/secrets.h>

#include "crypto/aead.h"
#include "crypto/key_tree.h"

/* What both directions need. */
struct box {
    uint8_t nonce[BT_NONCE_SIZE];
    struct bt_buffer aad;
};

static enum bauta_status init_box(struct box *box, const struct bt_seal_context *context)
{
    *box = (struct box){{0}, {0}};
    for (int i = 0; i < 4; i++)
        box->nonce[BT_NONCE_SIZE - 1 - i] = (uint8_t)(context->picture >> 8 * i);
    bt_buffer_append(&box->aad, (struct bauta_bytes){context->stream_id, BAUTA_STREAM_ID_SIZE});
    bt_buffer_append(&box->aad, context->head_bytes);
    return bt_buffer_status(&box->aad);
}

static struct bt_aead aead_of(const struct box *box, const uint8_t key[BT_KEY_SIZE])
{
    return (struct bt_aead){key, 32, box->nonce, bt_buffer_view(&box->aad)};
}

static enum bauta_status derive(uint8_t key[BT_KEY_SIZE], const struct bt_seal_context *context,
                                enum bauta_class class_, uint32_t target)
{
    enum bauta_status status = bt_key_tree_class(key, context->epoch_key, class_);
    return status ? status : bt_key_tree_target(key, key, target);
}

enum bauta_status bt_capsule_seal(struct bt_capsule *capsule, const struct bt_record *record,
                                  const struct bt_seal_context *context, enum bauta_class class_,
                                  uint32_t target)
{
    struct box box;
    uint8_t key[BT_KEY_SIZE];
    enum bauta_status status = init_box(&box, context);
    if (!status)
        status = derive(key, context, class_, target);
    uint8_t *out = bt_buffer_extend(&capsule->bytes, record->bytes.size + BT_TAG_SIZE);
    if (!status && !out)
        status = BAUTA_ERR_MEMORY;
    struct bt_aead aead = aead_of(&box, key);
    if (!status)
        status = bt_aead_seal(out, &aead, bt_buffer_view(&record->bytes));
    bauta_wipe(key, sizeof(key));
    bt_buffer_clear(&box.aad);
    if (status)
        bt_capsule_clear(capsule);
    return status;
}

enum bauta_status bt_capsule_open(struct bt_record *record, struct bauta_bytes capsule,
                                  const struct bt_seal_context *context, enum bauta_class class_,
                                  uint32_t target)
{
    uint8_t key[BT_KEY_SIZE];
    enum bauta_status status = derive(key, context, class_, target);
    if (!status)
        status = bt_capsule_open_with(record, capsule, context, key);
    bauta_wipe(key, sizeof(key));
    return status;
}

enum bauta_status bt_capsule_open_with(struct bt_record *record, struct bauta_bytes capsule,
                                       const struct bt_seal_context *context,
                                       const uint8_t target_key[BT_KEY_SIZE])
{
    if (capsule.size < BT_TAG_SIZE)
        return BAUTA_ERR_TAMPERED;
    struct box box;
    enum bauta_status status = init_box(&box, context);
    uint8_t *out = bt_buffer_extend(&record->bytes, capsule.size - BT_TAG_SIZE);
    if (!status && !out)
        status = BAUTA_ERR_MEMORY;
    struct bt_aead aead = aead_of(&box, target_key);
    if (!status)
        status = bt_aead_open(out, &aead, capsule);
    bt_buffer_clear(&box.aad);
    if (status)
        bt_buffer_wipe(&record->bytes);
    return status;
}

void bt_capsule_clear(struct bt_capsule *capsule)
{
    bt_buffer_clear(&capsule->bytes);
}
