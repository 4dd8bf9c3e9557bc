/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PICTURE_MESSAGE_H
#define BT_PICTURE_MESSAGE_H

#include <bauta/bytes.h>
#include <bauta/status.h>

#include "base/privacy.h"
#include "mask/plan.h"
#include "recovery/wire.h"

/*
 * What one picture carries: a head in the clear, which every capsule of the picture authenticates,
 * and one capsule for each region, in the regions' order (docs/format.md, "Picture message"):
 *
 *    0      1         2            6       10             26
 *   +------+---------+------------+-------+--------------+---------+---+---------------//
 *   | type | version | stream tag | epoch | slices hash  | picture | n | n regions
 *   | 2    | 1       | 4 bytes    | 4     | 16           | vlq     |vlq|
 *   +------+---------+------------+-------+--------------+---------+---+---------------//
 *   region:  target vlq · kind u8 · x/2 vlq · y/2 vlq · w/2 vlq · h/2 vlq
 *            kind: class in the lower 2 bits, block/8 in the upper 6
 *   then n capsules:  size vlq · size bytes, 0 for a region whose capsule is missing
 *
 * With more than BT_MAX_NARROW_REGIONS regions the version is BT_WIRE_VERSION_WIDE; with no more it
 * must not be.
 */
struct bt_picture_head {
    uint8_t stream_tag[BT_STREAM_TAG];
    uint32_t epoch;
    uint32_t picture; /* number within the epoch, in presentation order, from 0 */
    uint8_t slices_hash[BT_SLICES_HASH];
    struct bt_plan plan;
};

/* A parsed message; the views are into the bytes it was parsed from. */
struct bt_picture_message {
    struct bt_picture_head head;
    struct bauta_bytes head_bytes;
    struct bauta_bytes capsules[BT_MAX_REGIONS]; /* as many as the plan has regions */
};

/* Appends the head; failures show in bt_buffer_status(out). */
void bt_picture_message_write_head(struct bt_buffer *out, const struct bt_picture_head *head);
/* Appends one capsule after the head, NULL for one that is missing. */
void bt_picture_message_write_capsule(struct bt_buffer *out, const struct bt_capsule *capsule);

/* BAUTA_ERR_FORMAT: not such a message, a region outside BT_MAX_SIDE, empty, of an unknown class,
 * or named twice, or wide without need; BAUTA_ERR_UNSUPPORTED: a later version; BAUTA_ERR_LIMIT:
 * too many regions. */
BAUTA_MUST_CHECK enum bauta_status bt_picture_message_parse(struct bt_picture_message *m,
                                                            struct bauta_bytes bytes);

#endif
