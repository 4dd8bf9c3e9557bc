/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/manifest_writer.h"

#include <assert.h>
#include <string.h>

#include "crypto/hash.h"

static enum bauta_status begin(struct bt_manifest_writer *w, const struct bt_sent *sent)
{
    assert(!w->open);
    w->open = true;
    w->number = sent->epoch_number;
    w->manifest = (struct bt_manifest){.epoch = sent->epoch};
    w->parameters = (struct bt_parameter_sets){.n_items = 0};
    bt_buffer_reset(&w->units);
    memcpy(w->manifest.stream_id, sent->stream_id, BT_STREAM_ID_SIZE);
    return bt_digest_stream(w->manifest.stream, w->manifest.recipients, sent->stream_message);
}

/* A picture message's part of a manifest. */
static enum bauta_status put_recovery(struct bt_buffer *units, struct bauta_bytes picture_message)
{
    struct bt_picture_message message;
    struct bt_capsule_digests digests;
    uint8_t recovery[BT_DIGEST_SIZE];
    enum bauta_status status = bt_picture_message_parse(&message, picture_message);
    if (!status)
        status = bt_digest_capsules(&digests, &message);
    if (!status)
        status = bt_digest_recovery(recovery, message.head_bytes, &digests);
    if (!status)
        bt_buffer_append(units, (struct bauta_bytes){recovery, sizeof(recovery)});
    return status ? status : bt_buffer_status(units);
}

enum bauta_status bt_manifest_writer_note(struct bt_manifest_writer *w, const struct bt_sent *sent)
{
    enum bauta_status status = sent->stream_message.size ? begin(w, sent) : BAUTA_OK;
    if (!status && !w->open)
        return BAUTA_ERR_ARGUMENT; /* the caller attaches in another order than decoding */
    if (!status)
        status = bt_parameter_sets_add(&w->parameters, sent->codec, sent->access_unit);
    if (status)
        return status;
    w->manifest.n_units++;
    bt_buffer_append(&w->units, (struct bauta_bytes){sent->slices_hash, BT_SLICES_HASH});
    return put_recovery(&w->units, sent->picture_message);
}

enum bauta_status bt_manifest_writer_close(struct bt_manifest_writer *w, struct bt_buffer *out,
                                           bool last)
{
    struct bt_manifest *m = &w->manifest;
    assert(w->open);
    w->open = false;
    m->last = last;
    m->has_parameters = w->parameters.n_items > 0;
    m->units = bt_buffer_view(&w->units);
    memcpy(m->previous, w->previous, sizeof(m->previous));
    size_t start = out->size;
    enum bauta_status status = bt_parameter_sets_digest(m->parameters, &w->parameters);
    if (!status)
        status = bt_manifest_write(out, m, w->key);
    if (!status)
        status =
            bt_hash_bytes(w->previous, (struct bauta_bytes){out->data + start, out->size - start});
    return status;
}

void bt_manifest_writer_clear(struct bt_manifest_writer *w)
{
    bt_buffer_clear(&w->units);
}
