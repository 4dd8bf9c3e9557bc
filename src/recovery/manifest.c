/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/manifest.h"

#include <string.h>

#include "base/reader.h"
#include "crypto/key.h"

static const char purpose[] = "bauta v1 manifest";

enum { FLAG_LAST = 1, FLAG_PARAMETERS = 2 };

static void put(struct bt_buffer *out, const uint8_t *data, size_t size)
{
    bt_buffer_append(out, (struct bauta_bytes){data, size});
}

enum bauta_status bt_manifest_write(struct bt_buffer *out, const struct bt_manifest *m,
                                    const struct bauta_signing_key *key)
{
    size_t start = out->size;
    bt_buffer_put_u8(out, BT_MESSAGE_MANIFEST);
    bt_buffer_put_u8(out, m->timed ? BT_WIRE_VERSION_WIDE : BT_WIRE_VERSION);
    put(out, m->stream_id, sizeof(m->stream_id));
    bt_buffer_put_u32(out, m->epoch);
    bt_buffer_put_u8(out, (m->last ? FLAG_LAST : 0u) | (m->has_parameters ? FLAG_PARAMETERS : 0u));
    put(out, m->previous, sizeof(m->previous));
    put(out, m->stream, sizeof(m->stream));
    put(out, m->recipients, sizeof(m->recipients));
    put(out, m->parameters, sizeof(m->parameters));
    put(out, key->id, sizeof(key->id));
    bt_buffer_put_vlq(out, m->n_units);
    bt_buffer_append(out, m->units);
    if (m->timed) {
        bt_buffer_put_u64(out, (uint64_t)m->start_us);
        bt_buffer_append(out, m->times);
    }
    return bt_sign_append(out, start, key, purpose);
}

/* One time for each unit. */
static void parse_times(struct bt_manifest *m, struct bt_reader *r)
{
    m->start_us = (int64_t)bt_reader_u64(r);
    const uint8_t *start = r->at;
    for (uint32_t i = 0; i < m->n_units && !r->overrun; i++)
        bt_reader_vlq(r);
    m->times = (struct bauta_bytes){start, (size_t)(r->at - start)};
}

static enum bauta_status parse(struct bt_manifest *m, struct bauta_bytes bytes)
{
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    if (bt_reader_u8(&r) != BT_MESSAGE_MANIFEST)
        return BAUTA_ERR_FORMAT;
    unsigned version = bt_reader_u8(&r);
    m->timed = version == BT_WIRE_VERSION_WIDE;
    if (version != BT_WIRE_VERSION && !m->timed)
        return r.overrun ? BAUTA_ERR_FORMAT : BAUTA_ERR_UNSUPPORTED;
    bt_reader_copy(&r, m->stream_id, sizeof(m->stream_id));
    m->epoch = bt_reader_u32(&r);
    unsigned flags = bt_reader_u8(&r);
    m->last = (flags & FLAG_LAST) != 0;
    m->has_parameters = (flags & FLAG_PARAMETERS) != 0;
    bt_reader_copy(&r, m->previous, sizeof(m->previous));
    bt_reader_copy(&r, m->stream, sizeof(m->stream));
    bt_reader_copy(&r, m->recipients, sizeof(m->recipients));
    bt_reader_copy(&r, m->parameters, sizeof(m->parameters));
    bt_reader_copy(&r, m->signer_id, sizeof(m->signer_id));
    m->n_units = bt_reader_vlq(&r);
    if (r.overrun || flags > (FLAG_LAST | FLAG_PARAMETERS) ||
        m->n_units > bt_reader_left(&r) / BT_MANIFEST_UNIT)
        return BAUTA_ERR_FORMAT;
    m->units = bt_reader_take(&r, (size_t)m->n_units * BT_MANIFEST_UNIT);
    if (m->timed)
        parse_times(m, &r);
    m->signed_ = (struct bauta_bytes){bytes.data, (size_t)(r.at - bytes.data)};
    bt_reader_copy(&r, m->signature, sizeof(m->signature));
    return r.overrun || bt_reader_left(&r) ? BAUTA_ERR_FORMAT : BAUTA_OK;
}

enum bauta_status bt_manifest_parse(struct bt_manifest *m, struct bauta_bytes bytes)
{
    *m = (struct bt_manifest){.epoch = 0};
    enum bauta_status status = parse(m, bytes);
    if (status)
        *m = (struct bt_manifest){.epoch = 0};
    return status;
}

enum bauta_status bt_manifest_verify(const struct bt_manifest *m, const struct bauta_signer *signer)
{
    return bt_sign_verify(m->signature, signer, purpose, m->signed_);
}
