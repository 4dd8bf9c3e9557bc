/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

#include <bauta/secrets.h>

void bt_buffer_clear(struct bt_buffer *b)
{
    free(b->data);
    *b = (struct bt_buffer){0};
}

void bt_buffer_reset(struct bt_buffer *b)
{
    b->size = 0;
    b->failed = false;
}

void bt_buffer_wipe(struct bt_buffer *b)
{
    bauta_wipe(b->data, b->capacity);
    bt_buffer_clear(b);
}

enum bauta_status bt_buffer_status(const struct bt_buffer *b)
{
    return b->failed ? BAUTA_ERR_MEMORY : BAUTA_OK;
}

struct bauta_bytes bt_buffer_view(const struct bt_buffer *b)
{
    return (struct bauta_bytes){b->data, b->size};
}

/* Moves to a larger block and leaves none of the old bytes behind: they may be a record's. */
static bool grow(struct bt_buffer *b, size_t capacity)
{
    uint8_t *data = malloc(capacity);
    if (!data)
        return false;
    struct bt_buffer old = *b;
    if (old.size)
        memcpy(data, old.data, old.size);
    b->data = data;
    b->capacity = capacity;
    bt_buffer_wipe(&old);
    return true;
}

uint8_t *bt_buffer_extend(struct bt_buffer *b, size_t size)
{
    if (b->failed || size > SIZE_MAX / 4 || b->size > SIZE_MAX / 4) {
        b->failed = true;
        return NULL;
    }
    size_t needed = b->size + size;
    if (needed > b->capacity || !b->data) {
        size_t doubled = b->capacity * 2 > 64 ? b->capacity * 2 : 64;
        if (!grow(b, doubled > needed ? doubled : needed)) {
            b->failed = true;
            return NULL;
        }
    }
    uint8_t *start = b->data + b->size;
    b->size = needed;
    return start;
}

void bt_buffer_append(struct bt_buffer *b, struct bauta_bytes bytes)
{
    uint8_t *to = bt_buffer_extend(b, bytes.size);
    if (to && bytes.size)
        memcpy(to, bytes.data, bytes.size);
}

static void put_big_endian(struct bt_buffer *b, uint64_t value, int size)
{
    uint8_t *to = bt_buffer_extend(b, (size_t)size);
    if (!to)
        return;
    for (int i = size - 1; i >= 0; i--, value >>= 8)
        to[i] = (uint8_t)(value & 0xff);
}

void bt_buffer_put_u8(struct bt_buffer *b, unsigned value)
{
    put_big_endian(b, value, 1);
}

void bt_buffer_put_u16(struct bt_buffer *b, unsigned value)
{
    put_big_endian(b, value, 2);
}

void bt_buffer_put_u32(struct bt_buffer *b, uint32_t value)
{
    put_big_endian(b, value, 4);
}

void bt_buffer_put_u64(struct bt_buffer *b, uint64_t value)
{
    put_big_endian(b, value, 8);
}

void bt_buffer_put_vlq(struct bt_buffer *b, uint32_t value)
{
    for (int shift = 28; shift > 0; shift -= 7)
        if (value >> shift)
            bt_buffer_put_u8(b, 0x80u | ((value >> shift) & 0x7f));
    bt_buffer_put_u8(b, value & 0x7f);
}
