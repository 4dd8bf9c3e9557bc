/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_WIRE_H
#define BT_WIRE_H

#include <bauta/run.h>

#include "crypto/sizes.h"

/* Numbers that every message shares; docs/format.md owns them. */

/* SEI user_data_unregistered of Bauta:
 * 7f247eef-1dcd-4127-9769-ee7067ad093e (RFC 4122 version 4). */
#define BT_WIRE_UUID                                                                               \
    {                                                                                              \
        0x7f, 0x24, 0x7e, 0xef, 0x1d, 0xcd, 0x41, 0x27, 0x97, 0x69, 0xee, 0x70, 0x67, 0xad, 0x09,  \
            0x3e                                                                                   \
    }

#define BT_WIRE_VERSION 1
/* Of the messages that name more regions than version 1 has room for, and are else the same; a
 * reader of version 1 passes over them (docs/format.md, "Wide messages"; docs/adr/0009). */
#define BT_WIRE_VERSION_WIDE  (BT_WIRE_VERSION | 0x80)
#define BT_MAX_NARROW_REGIONS 128 /* regions of a picture message of version 1 */
#define BT_MAX_NARROW_INDEX   255 /* of a region, in an amendment of version 1 */
#define BT_STREAM_TAG         4 /* leading bytes of the stream id that each picture message repeats */
#define BT_SLICES_HASH        16 /* leading bytes of SHA-256 over a picture's coded slices */

enum bt_message_type {
    BT_MESSAGE_STREAM = 1,
    BT_MESSAGE_PICTURE = 2,
    BT_MESSAGE_MANIFEST = 3,
    BT_MESSAGE_AMENDMENT = 4
};

#endif
