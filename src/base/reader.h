/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_READER_H
#define BT_READER_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/bytes.h>

/*
 * Reads bytes and cannot overrun: past the end it gives 0 (or an empty view) and sets `overrun`,
 * which is checked once, after the last read.
 */
struct bt_reader {
    const uint8_t *at, *end;
    bool overrun;
};

void bt_reader_init(struct bt_reader *r, struct bauta_bytes bytes);
size_t bt_reader_left(const struct bt_reader *r);
uint8_t bt_reader_u8(struct bt_reader *r);
uint16_t bt_reader_u16(struct bt_reader *r); /* big-endian, as all of these */
uint32_t bt_reader_u32(struct bt_reader *r);
uint64_t bt_reader_u64(struct bt_reader *r);
/* As bt_buffer_put_vlq(); more than 32 bits, more than 5 bytes or a leading zero group is an
 * overrun. */
uint32_t bt_reader_vlq(struct bt_reader *r);
struct bauta_bytes bt_reader_take(struct bt_reader *r, size_t size);
/* Copies; past the end `to` stays as it is. */
void bt_reader_copy(struct bt_reader *r, uint8_t *to, size_t size);

#endif
