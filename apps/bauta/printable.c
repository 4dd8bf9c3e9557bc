/* SPDX-License-Identifier: Apache-2.0 */
#include "printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Reads one character of UTF-8 (RFC 3629); gives its bytes, 0 if it is none. */
static size_t read_character(uint32_t *character, const unsigned char *text)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t size = *text < 0x80 ? 1 : *text < 0xc2 ? 0 : *text < 0xe0 ? 2 : *text < 0xf0 ? 3 : 4;
    if (*text > 0xf4)
        size = 0;
    *character = size == 1 ? *text : size ? *text & (0xffu >> (size + 1)) : 0;
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        *character = *character << 6 | (text[i] & 0x3fu);
    }
    bool surrogate = *character >= 0xd800 && *character < 0xe000;
    return size && (*character < least[size] || *character > 0x10ffff || surrogate) ? 0 : size;
}

/* Unicode Standard, 23.2: characters that order text from right to left and back. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static void escape(char out[16], uint32_t c)
{
    static const char *const names[] = {['\t'] = "\\t", ['\n'] = "\\n", ['\r'] = "\\r"};
    if (c < sizeof(names) / sizeof(names[0]) && names[c])
        snprintf(out, 16, "%s", names[c]);
    else
        snprintf(out, 16, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
}

const char *printable(char *out, size_t size, const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t used = 0;
    while (*at) {
        char piece[16] = "";
        uint32_t c;
        size_t n = read_character(&c, at);
        if (!n)
            snprintf(piece, sizeof(piece), "\\x%02x", *at);
        else if (is_hidden(c))
            escape(piece, c);
        else
            memcpy(piece, at, n);
        size_t length = strlen(piece);
        if (used + length >= size)
            break;
        memcpy(out + used, piece, length);
        used += length;
        at += n ? n : 1;
    }
    if (size)
        out[used] = '\0';
    return out;
}

json_t *printable_json(const char *text)
{
    json_t *json = json_string(text);
    const size_t size = 10 * strlen(text) + 1; /* each byte escaped */
    char *out = json ? NULL : malloc(size);
    if (out)
        json = json_string(printable(out, size, text));
    free(out);
    return json;
}
