/* SPDX-License-Identifier: Apache-2.0 */
#include "restore/collected.h"

#include <stdlib.h>
#include <string.h>

enum bauta_status bt_collected_new(struct bt_collected **collected, struct bauta_bytes message,
                                   int64_t pts)
{
    *collected = NULL;
    if (message.size > BT_MAX_MESSAGE_SIZE)
        return BAUTA_OK;
    struct bt_collected *c = calloc(1, sizeof(*c));
    if (!c)
        return BAUTA_ERR_MEMORY;
    c->pts = pts;
    bt_buffer_append(&c->bytes, message);
    enum bauta_status status = bt_buffer_status(&c->bytes);
    bool sound = !status && !bt_picture_message_parse(&c->message, bt_buffer_view(&c->bytes));
    if (sound)
        *collected = c;
    else
        bt_collected_free(&c);
    return status;
}

void bt_collected_free(struct bt_collected **collected)
{
    if (*collected)
        bt_buffer_clear(&(*collected)->bytes);
    free(*collected);
    *collected = NULL;
}

/* Takes the item that `*at` points to out of the list. */
static struct bt_collected *unlink_item(struct bt_collected_list *list, struct bt_collected **at)
{
    struct bt_collected *c = *at;
    *at = c->next;
    c->next = NULL;
    list->n_items--;
    return c;
}

void bt_collected_push(struct bt_collected_list *list, struct bt_collected *collected)
{
    if (list->n_items == BT_MAX_PENDING) {
        struct bt_collected *oldest = unlink_item(list, &list->first);
        bt_collected_free(&oldest);
    }
    struct bt_collected **at = &list->first;
    while (*at)
        at = &(*at)->next;
    *at = collected;
    collected->order = list->n_pushed++;
    list->n_items++;
}

struct bt_collected *bt_collected_take(struct bt_collected_list *list, int64_t pts)
{
    for (struct bt_collected **at = &list->first; *at; at = &(*at)->next)
        if ((*at)->pts == pts)
            return unlink_item(list, at);
    return NULL;
}

struct bt_collected *bt_collected_take_before(struct bt_collected_list *list,
                                              const struct bt_collected *until)
{
    const struct bt_picture_head *end = &until->message.head;
    struct bt_collected **first = NULL;
    struct bt_collected **at = &list->first;
    while (*at) {
        const struct bt_picture_head *head = &(*at)->message.head;
        bool same_stream = memcmp(head->stream_tag, end->stream_tag, BT_STREAM_TAG) == 0;
        if (same_stream && head->epoch < end->epoch && (*at)->order < until->order) {
            struct bt_collected *stale = unlink_item(list, at);
            bt_collected_free(&stale);
            first = NULL; /* may have pointed into what is gone */
            at = &list->first;
            continue;
        }
        if (same_stream && head->epoch == end->epoch && head->picture < end->picture &&
            (!first || head->picture < (*first)->message.head.picture))
            first = at;
        at = &(*at)->next;
    }
    return first ? unlink_item(list, first) : NULL;
}

void bt_collected_clear(struct bt_collected_list *list)
{
    while (list->first) {
        struct bt_collected *c = unlink_item(list, &list->first);
        bt_collected_free(&c);
    }
}
