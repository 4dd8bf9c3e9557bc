/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DER_H
#define BT_DER_H

#include <stdbool.h>

#include "base/reader.h"

/* As much of DER (ITU-T X.690) as private key files need; a reader as in base/reader.h, which
 * overruns where another element comes than was asked for. */
enum bt_der_tag {
    BT_DER_INTEGER = 0x02,
    BT_DER_OCTETS = 0x04,
    BT_DER_OBJECT = 0x06,
    BT_DER_SEQUENCE = 0x30,
    BT_DER_CONTEXT = 0xa0,  /* [0], constructed */
    BT_DER_CONTEXT_1 = 0x81 /* [1], primitive: OneAsymmetricKey's public key (RFC 5958, 2) */
};

enum { BT_DER_NAME = 80 };

/* What the next element holds, which must be of this tag. */
struct bauta_bytes bt_der_take(struct bt_reader *r, enum bt_der_tag tag);
/* The same, to be read on. */
struct bt_reader bt_der_enter(struct bt_reader *r, enum bt_der_tag tag);
/* Whether an element of this tag is next. */
bool bt_der_follows(const struct bt_reader *r, enum bt_der_tag tag);
/* A number that is not negative; what is beyond 64 bits is the largest. */
uint64_t bt_der_number(struct bt_reader *r);
bool bt_der_is(struct bauta_bytes object, const char *encoding, size_t size);
/* An object identifier in words, or its numbers with dots. */
void bt_der_name(char name[BT_DER_NAME], struct bauta_bytes object);

#endif
