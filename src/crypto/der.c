/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/der.h"

#include <string.h>
#include <openssl/objects.h>

static size_t take_size(struct bt_reader *r)
{
    size_t size = bt_reader_u8(r);
    if (!(size & 0x80))
        return size;
    int n = (int)(size & 0x7f);
    if (n == 0 || n > 3)
        r->overrun = true; /* no size at all, or one that no key file has */
    for (size = 0; n > 0 && !r->overrun; n--)
        size = size << 8 | bt_reader_u8(r);
    return size;
}

struct bauta_bytes bt_der_take(struct bt_reader *r, enum bt_der_tag tag)
{
    if (bt_reader_u8(r) != tag)
        r->overrun = true;
    size_t size = take_size(r);
    if (r->overrun)
        return (struct bauta_bytes){NULL, 0};
    return bt_reader_take(r, size);
}

struct bt_reader bt_der_enter(struct bt_reader *r, enum bt_der_tag tag)
{
    struct bt_reader within;
    bt_reader_init(&within, bt_der_take(r, tag));
    within.overrun = r->overrun;
    return within;
}

bool bt_der_follows(const struct bt_reader *r, enum bt_der_tag tag)
{
    return !r->overrun && bt_reader_left(r) > 0 && *r->at == tag;
}

uint64_t bt_der_number(struct bt_reader *r)
{
    struct bauta_bytes digits = bt_der_take(r, BT_DER_INTEGER);
    if (digits.size == 0 || digits.data[0] & 0x80)
        r->overrun = true; /* none, or a negative one */
    uint64_t value = 0;
    for (size_t i = 0; i < digits.size; i++)
        value = value >> 56 ? UINT64_MAX : value << 8 | digits.data[i];
    return r->overrun ? 0 : value;
}

bool bt_der_is(struct bauta_bytes object, const char *encoding, size_t size)
{
    return object.size == size && memcmp(object.data, encoding, size) == 0;
}

void bt_der_name(char name[BT_DER_NAME], struct bauta_bytes object)
{
    const unsigned char head[] = {BT_DER_OBJECT, (unsigned char)object.size};
    unsigned char whole[2 + 64];
    ASN1_OBJECT *parsed = NULL;
    if (object.size > 0 && object.size <= 64) {
        memcpy(whole, head, 2);
        memcpy(whole + 2, object.data, object.size);
        const unsigned char *at = whole;
        parsed = d2i_ASN1_OBJECT(NULL, &at, (long)object.size + 2);
    }
    if (!parsed || OBJ_obj2txt(name, BT_DER_NAME, parsed, 0) <= 0)
        strcpy(name, "an unknown one");
    ASN1_OBJECT_free(parsed);
}
