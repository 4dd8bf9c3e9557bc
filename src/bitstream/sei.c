/* SPDX-License-Identifier: Apache-2.0 */
#include "bitstream/sei.h"

#include <string.h>

enum { USER_DATA_UNREGISTERED = 5, TRAILING_BITS = 0x80 };

/* NAL unit headers: H.264 7.3.1 type 6, nal_ref_idc 0; H.265 7.3.1.2 type 39, layer 0. */
static struct bauta_bytes header_for(uint8_t header[2], enum bauta_codec codec,
                                     struct bauta_bytes slice)
{
    if (codec != BAUTA_CODEC_H265) {
        header[0] = 6;
        return (struct bauta_bytes){header, 1};
    }
    unsigned temporal_id_plus1 = slice.size >= 2 && slice.data[1] & 7 ? slice.data[1] & 7 : 1;
    header[0] = 39 << 1;
    header[1] = (uint8_t)temporal_id_plus1;
    return (struct bauta_bytes){header, 2};
}

void bt_sei_write(struct bt_buffer *out, enum bauta_codec codec,
                  const uint8_t uuid[BT_SEI_UUID_SIZE], struct bauta_bytes body,
                  struct bauta_bytes slice)
{
    struct bt_buffer message = {0};
    bt_buffer_put_u8(&message, USER_DATA_UNREGISTERED);
    size_t size = BT_SEI_UUID_SIZE + body.size;
    for (; size >= 255; size -= 255)
        bt_buffer_put_u8(&message, 255);
    bt_buffer_put_u8(&message, (unsigned)size);
    bt_buffer_append(&message, (struct bauta_bytes){uuid, BT_SEI_UUID_SIZE});
    bt_buffer_append(&message, body);
    bt_buffer_put_u8(&message, TRAILING_BITS);
    uint8_t header[2];
    bt_nal_write(out, header_for(header, codec, slice), bt_buffer_view(&message));
    out->failed |= message.failed;
    bt_buffer_clear(&message);
}

void bt_sei_reader_init(struct bt_sei_reader *r, enum bauta_codec codec,
                        struct bauta_bytes unescaped)
{
    size_t header = codec == BAUTA_CODEC_H265 ? 2 : 1;
    r->end = unescaped.size ? unescaped.data + unescaped.size : unescaped.data;
    r->at = unescaped.size > header ? unescaped.data + header : r->end;
}

/* A number coded as 255, 255, ..., rest (sei_message(), H.264 7.3.2.3.1); false past the end. */
static bool read_number(struct bt_sei_reader *r, size_t *number)
{
    *number = 0;
    while (r->at < r->end) {
        uint8_t byte = *r->at++;
        *number += byte;
        if (byte != 255)
            return true;
    }
    return false;
}

/* One message of any kind. */
struct message {
    size_t type;
    struct bauta_bytes payload, whole; /* whole: with type and size */
};

static bool next(struct bt_sei_reader *r, struct message *m)
{
    const uint8_t *start = r->at;
    size_t size;
    if (!read_number(r, &m->type) || !read_number(r, &size) || size > (size_t)(r->end - r->at)) {
        r->at = r->end;
        return false;
    }
    m->payload = (struct bauta_bytes){r->at, size};
    r->at += size;
    m->whole = (struct bauta_bytes){start, (size_t)(r->at - start)};
    return true;
}

static bool has_uuid(const struct message *m, const uint8_t uuid[BT_SEI_UUID_SIZE])
{
    return m->type == USER_DATA_UNREGISTERED && m->payload.size >= BT_SEI_UUID_SIZE &&
           memcmp(m->payload.data, uuid, BT_SEI_UUID_SIZE) == 0;
}

bool bt_sei_next(struct bt_sei_reader *r, struct bauta_bytes *body,
                 const uint8_t uuid[BT_SEI_UUID_SIZE])
{
    struct message m;
    while (next(r, &m)) {
        if (!has_uuid(&m, uuid))
            continue;
        *body = (struct bauta_bytes){m.payload.data + BT_SEI_UUID_SIZE,
                                     m.payload.size - BT_SEI_UUID_SIZE};
        return true;
    }
    return false;
}

bool bt_sei_next_of(struct bt_sei_reader *r, struct bauta_bytes *payload, size_t type)
{
    struct message m;
    while (next(r, &m)) {
        if (m.type != type)
            continue;
        *payload = m.payload;
        return true;
    }
    return false;
}

void bt_sei_filter(struct bt_buffer *out, enum bauta_codec codec, struct bauta_bytes nal,
                   const uint8_t uuid[BT_SEI_UUID_SIZE])
{
    size_t header = codec == BAUTA_CODEC_H265 ? 2 : 1;
    struct bt_buffer plain = {0}, others = {0};
    struct bt_sei_reader r;
    struct message m;
    bool ours = false;
    bt_nal_unescape(&plain, nal);
    bt_sei_reader_init(&r, codec, bt_buffer_view(&plain));
    while (next(&r, &m)) {
        ours |= has_uuid(&m, uuid);
        if (!has_uuid(&m, uuid))
            bt_buffer_append(&others, m.whole);
    }
    out->failed |= plain.failed;
    if (!ours) {
        bt_nal_copy(out, nal);
    } else if (others.size) {
        bt_buffer_put_u8(&others, TRAILING_BITS);
        bt_nal_write(out, (struct bauta_bytes){nal.data, header}, bt_buffer_view(&others));
    }
    out->failed |= others.failed;
    bt_buffer_clear(&plain);
    bt_buffer_clear(&others);
}
