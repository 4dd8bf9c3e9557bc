/* SPDX-License-Identifier: Apache-2.0 */
#include "protect/pending.h"

#include <stdlib.h>

struct bt_pending *bt_pending_new(int n_regions)
{
    struct bt_pending *pending = calloc(1, sizeof(*pending));
    if (!pending)
        return NULL;
    pending->records = calloc((size_t)n_regions + 1, sizeof(*pending->records));
    if (!pending->records) {
        free(pending);
        return NULL;
    }
    return pending;
}

void bt_pending_free(struct bt_pending **pending)
{
    struct bt_pending *p = *pending;
    if (!p)
        return;
    for (int i = 0; i < p->head.plan.n_regions; i++)
        bt_record_clear(&p->records[i]);
    bt_writer_keys_unref(&p->keys);
    free(p->records);
    free(p);
    *pending = NULL;
}

struct bt_pending *bt_pending_take(struct bt_pending_list *list, int64_t pts)
{
    for (struct bt_pending **at = &list->first; *at; at = &(*at)->next) {
        struct bt_pending *pending = *at;
        if (pending->pts != pts)
            continue;
        *at = pending->next;
        pending->next = NULL;
        list->n_items--;
        return pending;
    }
    return NULL;
}

void bt_pending_push(struct bt_pending_list *list, struct bt_pending *pending)
{
    if (list->n_items == BT_MAX_PENDING) {
        struct bt_pending *oldest = bt_pending_take(list, list->first->pts);
        bt_pending_free(&oldest);
    }
    struct bt_pending **at = &list->first;
    while (*at)
        at = &(*at)->next;
    *at = pending;
    list->n_items++;
}

bool bt_pending_has_epoch(const struct bt_pending_list *list, uint64_t epoch_number)
{
    for (const struct bt_pending *at = list->first; at; at = at->next)
        if (at->epoch_number == epoch_number)
            return true;
    return false;
}

void bt_pending_clear(struct bt_pending_list *list)
{
    while (list->first) {
        struct bt_pending *pending = bt_pending_take(list, list->first->pts);
        bt_pending_free(&pending);
    }
}
