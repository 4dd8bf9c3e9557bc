/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ACCESS_UNIT_H
#define BT_ACCESS_UNIT_H

#include "bitstream/nal.h"

/* Appends `au` with `sei` (whole NAL units with start codes) before its first slice: after
 * delimiter and parameter sets, where H.264 7.4.1.2.3 and H.265 7.4.2.4.4 want SEI.
 * BAUTA_ERR_FORMAT if there is no slice: SEI must not stand alone. */
BAUTA_MUST_CHECK enum bauta_status bt_access_unit_insert(struct bt_buffer *out,
                                                         enum bauta_codec codec,
                                                         struct bauta_bytes au,
                                                         struct bauta_bytes sei);

/* Appends `unit` without SEI and delimiters: what an object needs to be decoded, and no more. */
void bt_access_unit_strip(struct bt_buffer *out, enum bauta_codec codec, struct bauta_bytes unit);

/* Whether there is a picture in it: one of nothing but SEI, parameter sets, delimiters, fillers or
 * an end of sequence shows nothing, whatever time a container gives it. */
bool bt_access_unit_is_picture(enum bauta_codec codec, struct bauta_bytes au);

/* Whether decoding can begin here. */
bool bt_access_unit_random_access(enum bauta_codec codec, struct bauta_bytes au);

#endif
