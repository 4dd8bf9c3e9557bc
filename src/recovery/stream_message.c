/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/stream_message.h"

#include <string.h>

#include "base/reader.h"

static struct bauta_bytes view(const uint8_t *data, size_t size)
{
    return (struct bauta_bytes){data, size};
}

enum { WIRE_H264 = 1, WIRE_H265 = 2 };

int bt_codec_to_wire(enum bauta_codec codec)
{
    if (codec == BAUTA_CODEC_H264)
        return WIRE_H264;
    return codec == BAUTA_CODEC_H265 ? WIRE_H265 : 0;
}

enum bauta_codec bt_codec_of_wire(int number)
{
    if (number == WIRE_H264)
        return BAUTA_CODEC_H264;
    return number == WIRE_H265 ? BAUTA_CODEC_H265 : BAUTA_CODEC_OTHER;
}

void bt_stream_message_write(struct bt_buffer *out, const struct bt_stream_message *m)
{
    bt_buffer_put_u8(out, BT_MESSAGE_STREAM);
    bt_buffer_put_u8(out, BT_WIRE_VERSION);
    bt_buffer_append(out, view(m->stream_id, sizeof(m->stream_id)));
    bt_buffer_put_u32(out, m->epoch);
    bt_buffer_put_u64(out, m->utc_ms);
    bt_buffer_put_u8(out, (unsigned)m->object_codec);
    bt_buffer_put_u8(out, 0);
    bt_buffer_put_u8(out, (unsigned)m->n_envelopes);
    for (int i = 0; i < m->n_envelopes; i++) {
        const struct bt_envelope *e = &m->envelopes[i];
        bt_buffer_append(out, view(e->key_id, sizeof(e->key_id)));
        bt_buffer_append(out, view(e->enc, sizeof(e->enc)));
        bt_buffer_append(out, view(e->sealed, sizeof(e->sealed)));
    }
}

static enum bauta_status parse(struct bt_stream_message *m, struct bauta_bytes bytes)
{
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    if (bt_reader_u8(&r) != BT_MESSAGE_STREAM)
        return BAUTA_ERR_FORMAT;
    if (bt_reader_u8(&r) != BT_WIRE_VERSION)
        return r.overrun ? BAUTA_ERR_FORMAT : BAUTA_ERR_UNSUPPORTED;
    bt_reader_copy(&r, m->stream_id, sizeof(m->stream_id));
    m->epoch = bt_reader_u32(&r);
    m->utc_ms = bt_reader_u64(&r);
    m->object_codec = bt_reader_u8(&r);
    uint8_t flags = bt_reader_u8(&r);
    m->n_envelopes = bt_reader_u8(&r);
    if (flags != 0)
        return BAUTA_ERR_UNSUPPORTED;
    if (m->n_envelopes > BAUTA_MAX_RECIPIENTS)
        return BAUTA_ERR_LIMIT;
    for (int i = 0; i < m->n_envelopes; i++) {
        struct bt_envelope *e = &m->envelopes[i];
        bt_reader_copy(&r, e->key_id, sizeof(e->key_id));
        bt_reader_copy(&r, e->enc, sizeof(e->enc));
        bt_reader_copy(&r, e->sealed, sizeof(e->sealed));
    }
    return r.overrun || bt_reader_left(&r) ? BAUTA_ERR_FORMAT : BAUTA_OK;
}

enum bauta_status bt_stream_message_parse(struct bt_stream_message *m, struct bauta_bytes bytes)
{
    *m = (struct bt_stream_message){0};
    enum bauta_status status = parse(m, bytes);
    if (status)
        *m = (struct bt_stream_message){0};
    return status;
}
