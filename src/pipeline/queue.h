/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_QUEUE_H
#define BT_QUEUE_H

#include <pthread.h>
#include <stdbool.h>

#include "pipeline/stage.h"

enum { BT_QUEUE_LENGTH = 8 };

/*
 * A stage that hands its items to the next one on a thread of its own; the only place where threads
 * meet. Put between two stages it makes them run side by side and changes nothing else. It holds at
 * most BT_QUEUE_LENGTH items; take() waits for room. When the next stage fails, the queue frees
 * what it holds and gives the failure back from take(); the end waits for the thread to be done.
 */
struct bt_queue {
    struct bt_stage stage;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct bt_item *items[BT_QUEUE_LENGTH];
    int first, n_items;
    bool started, ended;
    enum bauta_status status;
};

/* Starts the thread. Without success the queue must not be used, nor joined. */
BAUTA_MUST_CHECK enum bauta_status bt_queue_start(struct bt_queue *queue, struct bt_stage *next);
/* Ends the thread, freeing what was not handed on; also without an end before. */
void bt_queue_join(struct bt_queue *queue);

#endif
