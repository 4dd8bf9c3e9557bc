/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_RECORD_H
#define BT_RECORD_H

#include <stdbool.h>

#include <bauta/status.h>

#include "base/privacy.h"

/*
 * What a capsule seals (docs/format.md, "Record"):
 *
 *   +-------+----------+------+------+------------------+----------------------//
 *   | flags | sequence | dx/2 | dy/2 | w/2 · h/2        | object unit, packed:
 *   | u8    | vlq      | vlq  | vlq  | vlq, if key only | (size vlq · NAL unit) ...
 *   +-------+----------+------+------+------------------+----------------------//
 *
 * flags: bit 0 key. sequence: units since the key unit; a reader decodes a unit only after the one
 * before it. dx, dy: how far the region begins right of and below the window. w, h: the window.
 */
struct bt_record_head {
    bool key;
    uint32_t sequence;
    struct bauta_rect window; /* of a record that is no key only x and y are given */
};

/* Writes a record for a region; `unit` is an Annex B byte stream. Failures show in
 * bt_buffer_status(&record->bytes). */
void bt_record_write(struct bt_record *record, const struct bt_record_head *head,
                     struct bauta_rect region, struct bauta_bytes unit);

/* Reads a record and appends its object unit to `unit` as Annex B. BAUTA_ERR_FORMAT if anything in
 * it is not as above, or a key record's window does not hold the region. */
BAUTA_MUST_CHECK enum bauta_status bt_record_parse(struct bt_record_head *head,
                                                   struct bt_buffer *unit,
                                                   const struct bt_record *record,
                                                   struct bauta_rect region);

void bt_record_clear(struct bt_record *record); /* wipes */

#endif
