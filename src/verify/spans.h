/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SPANS_H
#define BT_SPANS_H

#include <bauta/inspector.h>

/* When something was there: spans by time, more than BAUTA_SPAN_GAP_S between two. All zeros is
 * empty. */
struct bt_spans {
    struct bauta_span *list;
    size_t n, n_allocated;
};

void bt_spans_clear(struct bt_spans *spans);
/* It is there at `time_s`, which is a number; times may come in any order. */
BAUTA_MUST_CHECK enum bauta_status bt_spans_note(struct bt_spans *spans, double time_s);

#endif
