/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_STAGE_H
#define BT_STAGE_H

#include <bauta/status.h>

struct bt_item;

/*
 * A stage takes items and hands what it makes of them to the next. take() takes always, also on
 * failure; NULL is the end of the run, handed on like any item, after everything that the stage
 * still held. Once a stage has failed it is not called again. Each stage is the first member of its
 * own struct and runs on one thread.
 */
struct bt_stage {
    enum bauta_status (*take)(struct bt_stage *stage, struct bt_item *item);
    struct bt_stage *next; /* NULL for the last */
};

/* Hands `item` (or the end) to the stage after `stage`. */
BAUTA_MUST_CHECK enum bauta_status bt_stage_pass(const struct bt_stage *stage,
                                                 struct bt_item *item);

#endif
