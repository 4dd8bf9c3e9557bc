/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/spans.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void bt_spans_clear(struct bt_spans *spans)
{
    free(spans->list);
    *spans = (struct bt_spans){0};
}

/* How many spans begin at `time_s` or before. Pictures come nearly in order: from the end. */
static size_t count_before(const struct bt_spans *spans, double time_s)
{
    size_t n = spans->n;
    for (int near = 0; near < 4 && n > 0; near++, n--)
        if (spans->list[n - 1].first_s <= time_s)
            return n;
    size_t low = 0;
    while (low < n) {
        size_t middle = low + (n - low) / 2;
        if (spans->list[middle].first_s <= time_s)
            low = middle + 1;
        else
            n = middle;
    }
    return low;
}

static enum bauta_status insert(struct bt_spans *spans, size_t at, double time_s)
{
    if (!bt_array_grow(&spans->list, sizeof(*spans->list), spans->n, &spans->n_allocated))
        return BAUTA_ERR_MEMORY;
    memmove(&spans->list[at + 1], &spans->list[at], (spans->n - at) * sizeof(*spans->list));
    spans->list[at] = (struct bauta_span){time_s, time_s};
    spans->n++;
    return BAUTA_OK;
}

/* Spans `at` - 1 and `at` have come together. */
static void join(struct bt_spans *spans, size_t at)
{
    spans->list[at - 1].last_s = spans->list[at].last_s;
    memmove(&spans->list[at], &spans->list[at + 1], (spans->n - at - 1) * sizeof(*spans->list));
    spans->n--;
}

enum bauta_status bt_spans_note(struct bt_spans *spans, double time_s)
{
    const size_t at = count_before(spans, time_s);
    struct bauta_span *before = at > 0 ? &spans->list[at - 1] : NULL;
    struct bauta_span *after = at < spans->n ? &spans->list[at] : NULL;
    if (before && time_s <= before->last_s)
        return BAUTA_OK;
    const bool full = spans->n == BAUTA_MAX_SPANS;
    const bool nearer = before && (!after || time_s - before->last_s <= after->first_s - time_s);
    if (before && (time_s - before->last_s <= BAUTA_SPAN_GAP_S || (full && nearer)))
        before->last_s = time_s;
    else if (after && (after->first_s - time_s <= BAUTA_SPAN_GAP_S || full))
        after->first_s = time_s;
    else
        return insert(spans, at, time_s);
    if (before && after && after->first_s - before->last_s <= BAUTA_SPAN_GAP_S)
        join(spans, at);
    return BAUTA_OK;
}
