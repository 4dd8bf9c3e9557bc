/* SPDX-License-Identifier: Apache-2.0 */
#include "range.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

/* Digits at `*text`, which goes on behind them; a number too large stands for the largest. */
static bool read_number(uint64_t *number, const char **text)
{
    const char *begin = *text;
    *number = 0;
    for (; **text >= '0' && **text <= '9'; (*text)++) {
        const uint64_t digit = (uint64_t)(**text - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *number * 10 + digit;
    }
    return *text > begin;
}

enum range_result range_parse(struct range *range, const char *text, uint64_t size)
{
    static const char unit[] = "bytes=";
    if (!text || strncasecmp(text, unit, strlen(unit)) != 0)
        return RANGE_BAD;
    text += strlen(unit);
    uint64_t first, last;
    const bool has_first = read_number(&first, &text);
    if (*text++ != '-')
        return RANGE_BAD;
    const bool has_last = read_number(&last, &text);
    if (*text || (!has_first && !has_last) || (has_first && has_last && last < first))
        return RANGE_BAD;
    if (!has_first) { /* the last so many */
        if (last == 0 || size == 0)
            return RANGE_BEYOND;
        first = last < size ? size - last : 0;
        last = size - 1;
    } else if (first >= size) {
        return RANGE_BEYOND;
    } else if (!has_last || last >= size) {
        last = size - 1;
    }
    if (last - first >= RANGE_MAX_BYTES)
        last = first + RANGE_MAX_BYTES - 1;
    *range = (struct range){first, last};
    return RANGE_GOOD;
}
