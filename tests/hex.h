/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TESTS_HEX_H
#define BT_TESTS_HEX_H

#include "check.h"

#include <bauta/bytes.h>

enum { HEX_MOST = 8192 };

/* Bytes from hexadecimal digits. */
struct hex {
    uint8_t bytes[HEX_MOST];
    size_t size;
};

static inline int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static inline struct hex hex(const char *digits)
{
    struct hex h = {.size = 0};
    for (; digits[0] && digits[1]; digits += 2) {
        assert_true(h.size < HEX_MOST && hex_digit(digits[0]) >= 0 && hex_digit(digits[1]) >= 0);
        h.bytes[h.size++] = (uint8_t)(hex_digit(digits[0]) << 4 | hex_digit(digits[1]));
    }
    assert_int_equal('\0', digits[0]);
    return h;
}

static inline struct bauta_bytes hex_view(const struct hex *h)
{
    return (struct bauta_bytes){h->bytes, h->size};
}

#define check_hex(digits, data)                                                                    \
    do {                                                                                           \
        struct hex check_want = hex(digits);                                                       \
        assert_memory_equal(check_want.bytes, data, check_want.size);                              \
    } while (0)

#endif
