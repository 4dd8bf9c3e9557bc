/* SPDX-License-Identifier: Apache-2.0 */
#include "base/reader.h"

#include <string.h>

void bt_reader_init(struct bt_reader *r, struct bauta_bytes bytes)
{
    r->at = bytes.data;
    r->end = bytes.size ? bytes.data + bytes.size : bytes.data;
    r->overrun = false;
}

size_t bt_reader_left(const struct bt_reader *r)
{
    return (size_t)(r->end - r->at);
}

struct bauta_bytes bt_reader_take(struct bt_reader *r, size_t size)
{
    if (r->overrun || size > bt_reader_left(r)) {
        r->overrun = true;
        r->at = r->end;
        return (struct bauta_bytes){NULL, 0};
    }
    struct bauta_bytes taken = {r->at, size};
    r->at = size ? r->at + size : r->at;
    return taken;
}

static uint64_t take_big_endian(struct bt_reader *r, size_t size)
{
    struct bauta_bytes bytes = bt_reader_take(r, size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++)
        value = value << 8 | bytes.data[i];
    return value;
}

uint8_t bt_reader_u8(struct bt_reader *r)
{
    return (uint8_t)take_big_endian(r, 1);
}

uint16_t bt_reader_u16(struct bt_reader *r)
{
    return (uint16_t)take_big_endian(r, 2);
}

uint32_t bt_reader_u32(struct bt_reader *r)
{
    return (uint32_t)take_big_endian(r, 4);
}

uint64_t bt_reader_u64(struct bt_reader *r)
{
    return take_big_endian(r, 8);
}

uint32_t bt_reader_vlq(struct bt_reader *r)
{
    uint64_t value = 0;
    for (int i = 0; i < 5; i++) {
        uint8_t byte = bt_reader_u8(r);
        if (i == 0 && byte == 0x80)
            break; /* one number, one coding */
        value = value << 7 | (byte & 0x7f);
        if (r->overrun || value > UINT32_MAX)
            break;
        if (!(byte & 0x80))
            return (uint32_t)value;
    }
    r->overrun = true;
    r->at = r->end;
    return 0;
}

void bt_reader_copy(struct bt_reader *r, uint8_t *to, size_t size)
{
    struct bauta_bytes bytes = bt_reader_take(r, size);
    if (bytes.size)
        memcpy(to, bytes.data, size);
}
