/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/messages.h"
#include "protect/protector_state.h"
#include "recovery/capsule.h"

/* Writes the picture message: the head, then a capsule for each record. */
static enum bauta_status seal_picture(struct bauta_protector *p, const struct bt_pending *pending)
{
    const struct bt_plan *plan = &pending->head.plan;
    struct bt_writer_keys *keys = pending->keys;
    bt_buffer_reset(&p->head_bytes);
    bt_picture_message_write_head(&p->head_bytes, &pending->head);
    enum bauta_status status = bt_buffer_status(&p->head_bytes);
    if (!status)
        status = bt_writer_keys_enter(keys, pending->head.epoch);
    bt_buffer_reset(&p->message);
    bt_buffer_append(&p->message, bt_buffer_view(&p->head_bytes));
    struct bt_seal_context context = {keys->epoch_key, keys->message.stream_id,
                                      pending->head.picture, bt_buffer_view(&p->head_bytes)};
    for (int i = 0; i < plan->n_regions && !status; i++) {
        struct bt_capsule capsule = {{0}};
        bool sealed = pending->records[i].bytes.size > 0;
        if (sealed)
            status = bt_capsule_seal(&capsule, &pending->records[i], &context,
                                     plan->regions[i].class_, plan->regions[i].target);
        bt_picture_message_write_capsule(&p->message, sealed ? &capsule : NULL);
        bt_capsule_clear(&capsule);
    }
    return status ? status : bt_buffer_status(&p->message);
}

static enum bauta_status write_stream_message(struct bauta_protector *p,
                                              const struct bt_pending *pending)
{
    bt_buffer_reset(&p->stream_message);
    if (!pending->random_access)
        return BAUTA_OK;
    struct bt_stream_message stream = pending->keys->message;
    stream.epoch = pending->head.epoch;
    stream.utc_ms = pending->utc_ms;
    bt_stream_message_write(&p->stream_message, &stream);
    return bt_buffer_status(&p->stream_message);
}

/* Whether nothing will come any more of an epoch that has begun to leave. */
static bool epoch_has_left(const struct bauta_protector *p, uint64_t number)
{
    return (p->finished || number < p->epoch_number) && !bt_pending_has_epoch(&p->pending, number);
}

/* Notes what leaves, for the manifests, and writes those that are due: that of the epoch before, if
 * its end did not show sooner, and that of the epoch that ends here. */
static enum bauta_status write_manifests(struct bauta_protector *p,
                                         const struct bt_pending *pending, struct bauta_bytes au)
{
    struct bt_manifest_writer *w = &p->manifests;
    bt_buffer_reset(&p->manifest[0]);
    bt_buffer_reset(&p->manifest[1]);
    if (!w->key)
        return BAUTA_OK;
    struct bt_sent sent = {pending->epoch_number,
                           pending->keys->message.stream_id,
                           pending->head.epoch,
                           p->settings.codec,
                           au,
                           bt_buffer_view(&p->stream_message),
                           bt_buffer_view(&p->message),
                           pending->head.slices_hash,
                           pending->pts};
    enum bauta_status status = BAUTA_OK;
    if (pending->random_access && w->open)
        status = bt_manifest_writer_close(w, &p->manifest[0], false);
    if (!status)
        status = bt_manifest_writer_note(w, &sent);
    if (!status && epoch_has_left(p, w->number))
        status =
            bt_manifest_writer_close(w, &p->manifest[1], p->finished && p->pending.n_items == 0);
    for (int i = 0; i < 2 && !status; i++)
        status = bt_buffer_status(&p->manifest[i]);
    return status;
}

static enum bauta_status attach(struct bauta_protector *p, struct bt_pending *pending,
                                struct bauta_bytes au)
{
    enum bauta_codec codec = p->settings.codec;
    enum bauta_status status = bt_messages_hash_slices(pending->head.slices_hash, codec, au);
    if (!status)
        status = seal_picture(p, pending);
    if (!status)
        status = write_stream_message(p, pending);
    if (!status)
        status = write_manifests(p, pending, au);
    if (status)
        return status;
    const struct bauta_bytes all[] = {bt_buffer_view(&p->stream_message),
                                      bt_buffer_view(&p->message), bt_buffer_view(&p->manifest[0]),
                                      bt_buffer_view(&p->manifest[1])};
    struct bauta_bytes messages[4];
    int n_messages = 0;
    for (int i = 0; i < 4; i++)
        if (all[i].size)
            messages[n_messages++] = all[i];
    bt_buffer_reset(&p->access_unit);
    return bt_messages_insert(&p->access_unit, codec, au, messages, n_messages);
}

enum bauta_status bauta_protector_attach(struct bauta_protector *p, struct bauta_bytes *out,
                                         struct bauta_bytes au, int64_t pts)
{
    if (!p || !out)
        return BAUTA_ERR_ARGUMENT;
    *out = p->settings.keep ? (struct bauta_bytes){NULL, 0} : au;
    if (!p->settings.keep)
        return BAUTA_OK;
    struct bt_pending *pending = bt_pending_take(&p->pending, pts);
    if (!pending)
        return BAUTA_ERR_NOT_FOUND;
    enum bauta_status status = attach(p, pending, au);
    bt_pending_free(&pending);
    if (!status)
        *out = bt_buffer_view(&p->access_unit);
    return status;
}
