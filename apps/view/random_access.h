/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RANDOM_ACCESS_H
#define RANDOM_ACCESS_H

#include <bauta/protector.h>

/* Whether decoding can begin at an access unit (Annex B): it has an IDR slice (H.264, table 7-1:
 * type 5), or one of an IRAP picture (H.265, table 7-1: types 16 to 21). Pure. */
bool random_access_is(enum bauta_codec codec, struct bauta_bytes unit);

#endif
