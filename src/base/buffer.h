/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_BUFFER_H
#define BT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bauta/bytes.h>
#include <bauta/status.h>

/*
 * Bytes that grow. A failed allocation sets `failed` and later writes do nothing, so a message is
 * written straight through and checked once, with bt_buffer_status(). Start from `{0}`.
 */
struct bt_buffer {
    uint8_t *data;
    size_t size, capacity;
    bool failed;
};

void bt_buffer_clear(struct bt_buffer *b); /* frees; usable again */
void bt_buffer_reset(struct bt_buffer *b); /* size 0, keeps the memory, forgets a failure */
void bt_buffer_wipe(struct bt_buffer *b);  /* overwrites the whole capacity, then clears */
BAUTA_MUST_CHECK enum bauta_status bt_buffer_status(const struct bt_buffer *b);
struct bauta_bytes bt_buffer_view(const struct bt_buffer *b);

/* Adds `size` bytes of unknown content and returns them, or NULL (and sets `failed`). */
uint8_t *bt_buffer_extend(struct bt_buffer *b, size_t size);
void bt_buffer_append(struct bt_buffer *b, struct bauta_bytes bytes);
void bt_buffer_put_u8(struct bt_buffer *b, unsigned value);
void bt_buffer_put_u16(struct bt_buffer *b, unsigned value); /* big-endian, as all of these */
void bt_buffer_put_u32(struct bt_buffer *b, uint32_t value);
void bt_buffer_put_u64(struct bt_buffer *b, uint64_t value);
/* Unsigned LEB128 variant, big-endian groups of seven bits, the high bit set on all but the last
 * byte (the "variable length quantity" of MIDI and of MPEG-4 descriptors); 1 to 5 bytes. */
void bt_buffer_put_vlq(struct bt_buffer *b, uint32_t value);

#endif
