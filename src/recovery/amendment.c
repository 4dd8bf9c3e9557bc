/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/amendment.h"

#include <string.h>

#include "base/reader.h"
#include "crypto/key.h"

static const char purpose[] = "bauta v1 amendment";

void bt_amendment_put_erased(struct bt_buffer *erased, uint32_t unit, int region,
                             const uint8_t digest[BT_DIGEST_SIZE])
{
    bt_buffer_put_u32(erased, unit);
    bt_buffer_put_u8(erased, (unsigned)region >> 8);
    bt_buffer_put_u8(erased, (unsigned)region & 0xff);
    bt_buffer_append(erased, (struct bauta_bytes){digest, BT_DIGEST_SIZE});
}

static void put(struct bt_buffer *out, const uint8_t *data, size_t size)
{
    bt_buffer_append(out, (struct bauta_bytes){data, size});
}

/* Whether a region is named that has no place in one byte. */
static bool needs_wide(struct bauta_bytes erased)
{
    for (size_t at = 0; at < erased.size; at += BT_ERASED_WIDE_SIZE)
        if (erased.data[at + 4])
            return true;
    return false;
}

static void put_all_erased(struct bt_buffer *out, struct bauta_bytes erased, bool wide)
{
    bt_buffer_put_vlq(out, (uint32_t)(erased.size / BT_ERASED_WIDE_SIZE));
    if (wide) {
        bt_buffer_append(out, erased);
        return;
    }
    for (size_t at = 0; at < erased.size; at += BT_ERASED_WIDE_SIZE) {
        put(out, erased.data + at, 4);
        put(out, erased.data + at + 5, 1 + BT_DIGEST_SIZE);
    }
}

enum bauta_status bt_amendment_write(struct bt_buffer *out, const struct bt_amendment *m,
                                     const struct bauta_signing_key *key)
{
    size_t start = out->size;
    bool wide = m->kind == BT_AMENDMENT_ERASED && needs_wide(m->erased);
    bt_buffer_put_u8(out, BT_MESSAGE_AMENDMENT);
    bt_buffer_put_u8(out, wide ? BT_WIRE_VERSION_WIDE : BT_WIRE_VERSION);
    put(out, m->stream_id, sizeof(m->stream_id));
    bt_buffer_put_u32(out, m->epoch);
    bt_buffer_put_u8(out, (unsigned)m->kind);
    put(out, m->manifest, sizeof(m->manifest));
    bt_buffer_put_u64(out, m->utc_ms);
    put(out, key->public_bytes, sizeof(key->public_bytes));
    bt_buffer_put_vlq(out, (uint32_t)m->reason.size);
    bt_buffer_append(out, m->reason);
    if (m->kind == BT_AMENDMENT_ERASED) {
        put_all_erased(out, m->erased, wide);
    } else {
        put(out, m->recipients, sizeof(m->recipients));
    }
    return bt_sign_append(out, start, key, purpose);
}

static size_t entry_size(const struct bt_amendment *m)
{
    return m->wide ? BT_ERASED_WIDE_SIZE : BT_ERASED_SIZE;
}

/* Unit and region come first in an entry, big-endian, so bytes compare as they do. */
static bool rises(const struct bt_amendment *m)
{
    size_t size = entry_size(m);
    for (size_t at = size; at < m->erased.size; at += size)
        if (memcmp(m->erased.data + at - size, m->erased.data + at, size - BT_DIGEST_SIZE) >= 0)
            return false;
    return true;
}

static void take_body(struct bt_amendment *m, struct bt_reader *r)
{
    if (m->kind == BT_AMENDMENT_RECIPIENTS) {
        bt_reader_copy(r, m->recipients, sizeof(m->recipients));
        return;
    }
    uint32_t n = bt_reader_vlq(r);
    if (m->kind != BT_AMENDMENT_ERASED || n > bt_reader_left(r) / entry_size(m))
        r->overrun = true;
    else
        m->erased = bt_reader_take(r, (size_t)n * entry_size(m));
}

static enum bauta_status parse(struct bt_amendment *m, struct bauta_bytes bytes)
{
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    if (bt_reader_u8(&r) != BT_MESSAGE_AMENDMENT)
        return BAUTA_ERR_FORMAT;
    unsigned version = bt_reader_u8(&r);
    m->wide = version == BT_WIRE_VERSION_WIDE;
    if (version != BT_WIRE_VERSION && !m->wide)
        return r.overrun ? BAUTA_ERR_FORMAT : BAUTA_ERR_UNSUPPORTED;
    bt_reader_copy(&r, m->stream_id, sizeof(m->stream_id));
    m->epoch = bt_reader_u32(&r);
    m->kind = (enum bt_amendment_kind)bt_reader_u8(&r);
    bt_reader_copy(&r, m->manifest, sizeof(m->manifest));
    m->utc_ms = bt_reader_u64(&r);
    bt_reader_copy(&r, m->signer, sizeof(m->signer));
    uint32_t reason_size = bt_reader_vlq(&r);
    if (r.overrun || reason_size > BT_MAX_REASON)
        return BAUTA_ERR_FORMAT;
    m->reason = bt_reader_take(&r, reason_size);
    take_body(m, &r);
    if (r.overrun)
        return BAUTA_ERR_FORMAT;
    m->signed_ = (struct bauta_bytes){bytes.data, (size_t)(r.at - bytes.data)};
    bt_reader_copy(&r, m->signature, sizeof(m->signature));
    if (r.overrun || bt_reader_left(&r) || !rises(m))
        return BAUTA_ERR_FORMAT;
    return m->wide && !needs_wide(m->erased) ? BAUTA_ERR_FORMAT : BAUTA_OK; /* one form each */
}

enum bauta_status bt_amendment_parse(struct bt_amendment *m, struct bauta_bytes bytes)
{
    *m = (struct bt_amendment){.epoch = 0};
    enum bauta_status status = parse(m, bytes);
    if (status)
        *m = (struct bt_amendment){.epoch = 0};
    return status;
}

enum bauta_status bt_amendment_verify(const struct bt_amendment *m)
{
    struct bauta_signer signer = {{0}, {0}};
    memcpy(signer.bytes, m->signer, sizeof(signer.bytes));
    return bt_sign_verify(m->signature, &signer, purpose, m->signed_);
}

const uint8_t *bt_amendment_find(const struct bt_amendment *m, uint32_t unit, int region)
{
    if (region < 0 || (!m->wide && region > BT_MAX_NARROW_INDEX))
        return NULL;
    const uint8_t name[6] = {(uint8_t)(unit >> 24), (uint8_t)(unit >> 16),  (uint8_t)(unit >> 8),
                             (uint8_t)unit,         (uint8_t)(region >> 8), (uint8_t)region};
    uint8_t wanted[6];
    memcpy(wanted, name, sizeof(wanted));
    if (!m->wide)
        wanted[4] = name[5];
    size_t size = entry_size(m), place = size - BT_DIGEST_SIZE;
    size_t low = 0, high = m->erased.size / size;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const uint8_t *entry = m->erased.data + middle * size;
        int order = memcmp(entry, wanted, place);
        if (order == 0)
            return entry + place;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
