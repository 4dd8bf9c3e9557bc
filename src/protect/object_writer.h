/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_OBJECT_WRITER_H
#define BT_OBJECT_WRITER_H

#include <bauta/object_codec.h>

#include "protect/encoder_pool.h"
#include "mask/crop.h"
#include "mask/window.h"
#include "recovery/record.h"

/* The object stream of one target and class, while it is in the picture. */
struct bt_object_writer {
    uint32_t target;
    enum bauta_class class_;
    void *encoder; /* NULL: the next unit begins anew */
    struct bt_window window;
    struct bt_frame frame; /* of the window's size */
    uint32_t sequence;     /* units since the key unit */
    bool used;             /* in the picture at hand */
};

/* The object streams that are open. */
struct bt_object_writers {
    const struct bauta_object_codec *codec; /* borrowed */
    /* those of this picture, and those of the last one until the sweep */
    struct bt_object_writer items[2 * BT_MAX_REGIONS];
    int n_items;
    struct bt_encoder_pool pool;
};

/* What a picture's objects are made from. */
struct bt_object_source {
    const struct bt_masked *masked;
    const struct bt_hidden *hidden;
    const struct bt_plan *plan;
};

/*
 * Encodes region `index` of the plan and writes its record. With `renew` (an epoch begins) the unit
 * is a key unit and the window's size is chosen anew. After a failure `record` is empty and the
 * object begins anew with its next picture.
 */
BAUTA_MUST_CHECK enum bauta_status bt_object_writers_write(struct bt_object_writers *writers,
                                                           struct bt_record *record,
                                                           const struct bt_object_source *source,
                                                           int index, bool renew);

/* Closes the objects that had no record since the last call. */
void bt_object_writers_sweep(struct bt_object_writers *writers);
void bt_object_writers_clear(struct bt_object_writers *writers);

#endif
