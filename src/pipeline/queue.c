/* SPDX-License-Identifier: Apache-2.0 */
#include "pipeline/queue.h"

#include "pipeline/item.h"

static struct bt_item *pop(struct bt_queue *q)
{
    struct bt_item *item = q->items[q->first];
    q->first = (q->first + 1) % BT_QUEUE_LENGTH;
    q->n_items--;
    return item;
}

/* With the mutex held. */
static void drop_all(struct bt_queue *q)
{
    while (q->n_items > 0) {
        struct bt_item *item = pop(q);
        bt_item_free(&item);
    }
}

/* Waits for the next item; false when there will be none. *item is NULL for the end. */
static bool wait_for_item(struct bt_queue *q, struct bt_item **item)
{
    pthread_mutex_lock(&q->mutex);
    while (q->n_items == 0 && !q->ended)
        pthread_cond_wait(&q->changed, &q->mutex);
    bool some = q->n_items > 0;
    *item = some ? pop(q) : NULL;
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->mutex);
    return some;
}

static void *run(void *opaque)
{
    struct bt_queue *q = opaque;
    struct bt_item *item;
    while (wait_for_item(q, &item)) {
        bool end = item == NULL;
        enum bauta_status status = bt_stage_pass(&q->stage, item);
        if (!status && !end)
            continue;
        pthread_mutex_lock(&q->mutex);
        q->status = status;
        q->ended = true;
        drop_all(q);
        pthread_cond_broadcast(&q->changed);
        pthread_mutex_unlock(&q->mutex);
        break;
    }
    return NULL;
}

static enum bauta_status take(struct bt_stage *stage, struct bt_item *item)
{
    struct bt_queue *q = (struct bt_queue *)stage;
    bool end = item == NULL;
    pthread_mutex_lock(&q->mutex);
    while (q->n_items == BT_QUEUE_LENGTH && !q->ended)
        pthread_cond_wait(&q->changed, &q->mutex);
    if (q->ended) {
        bt_item_free(&item);
    } else {
        q->items[(q->first + q->n_items) % BT_QUEUE_LENGTH] = item;
        q->n_items++;
        pthread_cond_broadcast(&q->changed);
    }
    while (end && !q->ended)
        pthread_cond_wait(&q->changed, &q->mutex);
    enum bauta_status status = q->status;
    pthread_mutex_unlock(&q->mutex);
    return status;
}

enum bauta_status bt_queue_start(struct bt_queue *q, struct bt_stage *next)
{
    *q = (struct bt_queue){.stage = {.take = take, .next = next}};
    if (pthread_mutex_init(&q->mutex, NULL))
        return BAUTA_ERR_MEMORY;
    if (pthread_cond_init(&q->changed, NULL))
        goto destroy_mutex;
    if (pthread_create(&q->thread, NULL, run, q))
        goto destroy_cond;
    q->started = true;
    return BAUTA_OK;
destroy_cond:
    pthread_cond_destroy(&q->changed);
destroy_mutex:
    pthread_mutex_destroy(&q->mutex);
    return BAUTA_ERR_MEMORY;
}

void bt_queue_join(struct bt_queue *q)
{
    if (!q->started)
        return;
    pthread_mutex_lock(&q->mutex);
    q->ended = true;
    drop_all(q);
    pthread_cond_broadcast(&q->changed);
    pthread_mutex_unlock(&q->mutex);
    pthread_join(q->thread, NULL);
    pthread_cond_destroy(&q->changed);
    pthread_mutex_destroy(&q->mutex);
    q->started = false;
}
