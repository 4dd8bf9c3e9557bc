/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SEI_H
#define BT_SEI_H

#include "bitstream/nal.h"

#define BT_SEI_UUID_SIZE 16

/* Appends, with a start code, an SEI NAL unit with one user_data_unregistered message (payload type
 * 5; H.264 D.1.7, H.265 D.2.7): the UUID, then `body`. H.265 takes the temporal id of `slice`. */
void bt_sei_write(struct bt_buffer *out, enum bauta_codec codec,
                  const uint8_t uuid[BT_SEI_UUID_SIZE], struct bauta_bytes body,
                  struct bauta_bytes slice);

/* Goes through the SEI messages of one NAL unit, given unescaped (bt_nal_unescape()). */
struct bt_sei_reader {
    const uint8_t *at, *end;
};

void bt_sei_reader_init(struct bt_sei_reader *r, enum bauta_codec codec,
                        struct bauta_bytes unescaped);
/* The body of the next user_data_unregistered message with this UUID; false when there is none. A
 * message that runs over the end ends the search. */
bool bt_sei_next(struct bt_sei_reader *r, struct bauta_bytes *body,
                 const uint8_t uuid[BT_SEI_UUID_SIZE]);
/* The same for messages of a payload type. */
bool bt_sei_next_of(struct bt_sei_reader *r, struct bauta_bytes *payload, size_t type);

/*
 * Appends the SEI NAL unit `nal` (escaped, as it stands in a stream) without the messages of this
 * UUID: the unit itself if it has none, nothing if it has no others. What cannot be read after one
 * of them is left out too.
 */
void bt_sei_filter(struct bt_buffer *out, enum bauta_codec codec, struct bauta_bytes nal,
                   const uint8_t uuid[BT_SEI_UUID_SIZE]);

#endif
