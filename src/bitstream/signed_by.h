/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SIGNED_BY_H
#define BT_SIGNED_BY_H

#include "bitstream/nal.h"

/* The name of another scheme that signs this access unit's stream ("ONVIF Media Signing", "Axis
 * Signed Video"), told by an SEI of its own; NULL if there is none. */
BAUTA_MUST_CHECK const char *bt_signed_by(enum bauta_codec codec, struct bauta_bytes au);

#endif
