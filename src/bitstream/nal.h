/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_NAL_H
#define BT_NAL_H

#include <stdbool.h>

#include <bauta/bytes.h>
#include <bauta/codec.h>
#include <bauta/status.h>

#include "base/buffer.h"

/* NAL units of H.264 (ITU-T H.264, 7.3.1 and Annex B) and H.265 (7.3.1 and Annex B). */

/* Goes through the NAL units of an Annex B byte stream. */
struct bt_nal_reader {
    const uint8_t *at, *end;
};

void bt_nal_reader_init(struct bt_nal_reader *r, struct bauta_bytes stream);
/* The next unit without its start code and without zero bytes after it; false at the end. Units of
 * no byte are passed over, and so is what stands before the first start code. */
bool bt_nal_next(struct bt_nal_reader *r, struct bauta_bytes *nal);

/* What a unit is, from its header; a unit too short for one is of kind OTHER. */
enum bt_nal_kind {
    BT_NAL_OTHER,
    BT_NAL_SLICE, /* VCL, and the prefix unit (H.264 type 14) that belongs to the slice after it */
    BT_NAL_PARAMETERS, /* VPS, SPS, PPS and the like */
    BT_NAL_SEI,        /* of those that stand before the slices */
    BT_NAL_DELIMITER   /* access unit delimiter */
};

enum bt_nal_kind bt_nal_kind(enum bauta_codec codec, struct bauta_bytes nal);
/* A slice of the picture itself: not a prefix unit, nor one of another layer or view. */
bool bt_nal_picture(enum bauta_codec codec, struct bauta_bytes nal);
/* A slice that decoding can begin at: IDR of H.264, IRAP of H.265. */
bool bt_nal_random_access(enum bauta_codec codec, struct bauta_bytes nal);

/* Appends a start code and the unit `header` + `payload`, the payload escaped (emulation
 * prevention: H.264 7.4.1, H.265 7.4.2). */
void bt_nal_write(struct bt_buffer *out, struct bauta_bytes header, struct bauta_bytes payload);
/* Appends a start code and a unit that is escaped already. */
void bt_nal_copy(struct bt_buffer *out, struct bauta_bytes nal);
/* Appends a unit's bytes with the emulation prevention taken out. */
void bt_nal_unescape(struct bt_buffer *out, struct bauta_bytes nal);

/* Writes a byte stream without start codes: (size vlq · unit) ..., shorter by some bytes a unit. */
void bt_nal_pack(struct bt_buffer *out, struct bauta_bytes stream);
/* The way back, with start codes. BAUTA_ERR_FORMAT if a size does not fit or there is no unit. */
BAUTA_MUST_CHECK enum bauta_status bt_nal_unpack(struct bt_buffer *out, struct bauta_bytes packed);

#endif
