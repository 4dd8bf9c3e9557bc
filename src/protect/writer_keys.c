/* SPDX-License-Identifier: Apache-2.0 */
#include "protect/writer_keys.h"

#include <string.h>

#include "crypto/key_tree.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "recovery/envelope.h"
#include "recovery/run.h"

enum bauta_status bt_recipients_init(struct bt_recipients *recipients,
                                     const struct bauta_public_key *const *keys, int n_keys,
                                     const struct bauta_group *const *groups, int n_groups)
{
    *recipients = (struct bt_recipients){.n_keys = 0};
    if (n_keys < 0 || n_groups < 0 || n_keys + n_groups < 1 || (n_keys && !keys) ||
        (n_groups && !groups) || n_keys > BAUTA_MAX_RECIPIENTS)
        return BAUTA_ERR_ARGUMENT;
    int n_envelopes = n_keys;
    for (int i = 0; i < n_groups && n_envelopes <= BAUTA_MAX_RECIPIENTS; i++)
        n_envelopes += groups[i]->n_members;
    if (n_envelopes > BAUTA_MAX_RECIPIENTS)
        return BAUTA_ERR_ARGUMENT;
    for (int i = 0; i < n_keys; i++)
        recipients->keys[recipients->n_keys++] = *keys[i];
    for (int i = 0; i < n_groups; i++)
        recipients->groups[recipients->n_groups++] = *groups[i];
    return BAUTA_OK;
}

static enum bauta_status seal_to_all(struct bt_writer_keys *keys,
                                     const struct bt_recipients *recipients)
{
    struct bt_stream_message *m = &keys->message;
    struct bt_envelope_place place = {m->stream_id, m->object_codec};
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < recipients->n_keys && !status; i++)
        status = bt_envelope_seal(&m->envelopes[m->n_envelopes++], &place, keys->stream_key,
                                  &recipients->keys[i]);
    for (int i = 0; i < recipients->n_groups && !status; i++) {
        status = bt_envelope_split(&m->envelopes[m->n_envelopes], &place, keys->stream_key,
                                   &recipients->groups[i]);
        m->n_envelopes += recipients->groups[i].n_members;
    }
    return status;
}

/* The id of a run's first stream, or of the one after `before`. */
static enum bauta_status name_stream(uint8_t id[BAUTA_STREAM_ID_SIZE],
                                     const struct bt_writer_keys *before)
{
    if (!before)
        return bt_random(id, BAUTA_STREAM_ID_SIZE);
    memcpy(id, before->message.stream_id, BAUTA_STREAM_ID_SIZE);
    bt_run_next_stream(id);
    return BAUTA_OK;
}

enum bauta_status bt_writer_keys_new(struct bt_writer_keys **keys,
                                     const struct bt_recipients *recipients,
                                     enum bauta_codec object_codec,
                                     const struct bt_writer_keys *before)
{
    *keys = bt_secret_new(sizeof(**keys));
    if (!*keys)
        return BAUTA_ERR_MEMORY;
    (*keys)->n_users = 1;
    (*keys)->message.object_codec = bt_codec_to_wire(object_codec);
    enum bauta_status status = bt_random((*keys)->stream_key, sizeof((*keys)->stream_key));
    if (!status)
        status = name_stream((*keys)->message.stream_id, before);
    if (!status)
        status = seal_to_all(*keys, recipients);
    if (status)
        bt_writer_keys_unref(keys);
    return status;
}

struct bt_writer_keys *bt_writer_keys_ref(struct bt_writer_keys *keys)
{
    keys->n_users++;
    return keys;
}

void bt_writer_keys_unref(struct bt_writer_keys **keys)
{
    if (*keys && --(*keys)->n_users == 0)
        bt_secret_free(*keys, sizeof(**keys));
    *keys = NULL;
}

enum bauta_status bt_writer_keys_enter(struct bt_writer_keys *keys, uint32_t epoch)
{
    if (keys->has_epoch && keys->epoch == epoch)
        return BAUTA_OK;
    enum bauta_status status = bt_key_tree_epoch(keys->epoch_key, keys->stream_key, 0, epoch);
    keys->has_epoch = status == BAUTA_OK;
    keys->epoch = epoch;
    return status;
}
