/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/manifest_writer.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"

static void free_epoch(struct bt_open_epoch *epoch)
{
    bt_buffer_clear(&epoch->units);
    free(epoch);
}

static struct bt_open_epoch *find_or_add(struct bt_manifest_writer *w, const struct bt_sent *sent)
{
    struct bt_open_epoch **at = &w->first;
    while (*at && (*at)->number < sent->epoch_number)
        at = &(*at)->next;
    if (*at && (*at)->number == sent->epoch_number)
        return *at;
    struct bt_open_epoch *epoch = calloc(1, sizeof(*epoch));
    if (!epoch)
        return NULL;
    epoch->number = sent->epoch_number;
    epoch->manifest.epoch = sent->epoch;
    memcpy(epoch->manifest.stream_id, sent->stream_id, BT_STREAM_ID_SIZE);
    epoch->next = *at;
    *at = epoch;
    return epoch;
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
    struct bt_open_epoch *epoch = find_or_add(w, sent);
    if (!epoch)
        return BAUTA_ERR_MEMORY;
    enum bauta_status status = BAUTA_OK;
    if (sent->stream_message.size)
        status = bt_digest_stream(epoch->manifest.stream, epoch->manifest.recipients,
                                  sent->stream_message);
    if (!status)
        status = bt_parameter_sets_add(&epoch->parameters, sent->codec, sent->access_unit);
    if (status)
        return status;
    epoch->manifest.n_units++;
    bt_buffer_append(&epoch->units, (struct bauta_bytes){sent->slices_hash, BT_SLICES_HASH});
    return put_recovery(&epoch->units, sent->picture_message);
}

enum bauta_status bt_manifest_writer_close(struct bt_manifest_writer *w, struct bt_buffer *out,
                                           bool last)
{
    struct bt_open_epoch *epoch = w->first;
    struct bt_manifest *m = &epoch->manifest;
    w->first = epoch->next;
    m->last = last;
    m->has_parameters = epoch->parameters.n_items > 0;
    m->units = bt_buffer_view(&epoch->units);
    memcpy(m->previous, w->previous, sizeof(m->previous));
    size_t start = out->size;
    enum bauta_status status = bt_parameter_sets_digest(m->parameters, &epoch->parameters);
    if (!status)
        status = bt_manifest_write(out, m, w->key);
    if (!status)
        status =
            bt_hash_bytes(w->previous, (struct bauta_bytes){out->data + start, out->size - start});
    free_epoch(epoch);
    return status;
}

void bt_manifest_writer_clear(struct bt_manifest_writer *w)
{
    while (w->first) {
        struct bt_open_epoch *epoch = w->first;
        w->first = epoch->next;
        free_epoch(epoch);
    }
}
