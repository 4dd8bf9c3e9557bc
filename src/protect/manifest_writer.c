/* SPDX-License-Identifier: Apache-2.0 */
#include "protect/manifest_writer.h"

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
    bt_buffer_reset(&w->times);
    memcpy(w->manifest.stream_id, sent->stream_id, BAUTA_STREAM_ID_SIZE);
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
    bt_buffer_append(&w->times,
                     (struct bauta_bytes){(const uint8_t *)&sent->pts_us, sizeof(sent->pts_us)});
    return put_recovery(&w->units, sent->picture_message);
}

static int64_t time_at(const struct bt_manifest_writer *w, uint32_t i)
{
    int64_t pts_us;
    memcpy(&pts_us, w->times.data + i * sizeof(pts_us), sizeof(pts_us));
    return pts_us;
}

/* An epoch that lasts for more than an hour (pictures that are taken once a day) has times that do
 * not fit: it goes without, as before there were any. */
static enum bauta_status put_times(struct bt_manifest_writer *w)
{
    struct bt_manifest *m = &w->manifest;
    enum bauta_status status = bt_buffer_status(&w->times);
    if (status)
        return status;
    m->start_us = time_at(w, 0);
    for (uint32_t i = 1; i < m->n_units; i++)
        m->start_us = time_at(w, i) < m->start_us ? time_at(w, i) : m->start_us;
    m->timed = true;
    bt_buffer_reset(&w->packed);
    for (uint32_t i = 0; i < m->n_units && m->timed; i++) {
        uint64_t after_us = (uint64_t)time_at(w, i) - (uint64_t)m->start_us;
        m->timed = after_us <= UINT32_MAX;
        bt_buffer_put_vlq(&w->packed, (uint32_t)after_us);
    }
    m->times = bt_buffer_view(&w->packed);
    return bt_buffer_status(&w->packed);
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
        status = put_times(w);
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
    bt_buffer_clear(&w->times);
    bt_buffer_clear(&w->packed);
}
