/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EDITS_H
#define EDITS_H

#include "base/buffer.h"

/* Damages access units (Annex B) as the bytes say: bits flipped, NAL units lost, doubled, moved,
 * shortened and swapped, access units lost and swapped. */
void edit_units(struct bt_buffer *units, int n_units, struct bauta_bytes edits);

#endif
