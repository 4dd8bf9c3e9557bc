/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PROTECTOR_STATE_H
#define BT_PROTECTOR_STATE_H

#include "find/finder.h"
#include "mask/mosaic.h"
#include "protect/manifest_writer.h"
#include "protect/object_writer.h"
#include "protect/pending.h"
#include "protect/protector.h"
#include "protect/writer_keys.h"

/* What a protector knows; protector.c (masks) and protector_attach.c (seals) share it. */
struct bauta_protector {
    struct bauta_protector_settings settings;
    struct bt_finder *finder; /* NULL when regions are given */
    struct bt_planner planner;
    struct bt_hidden hidden;
    struct bt_mosaic *mosaic;
    struct bt_object_writers writers;
    struct bt_recipients recipients;
    struct bt_writer_keys *keys; /* of the stream at hand, counted */
    struct bt_manifest_writer manifests;
    struct bt_pending_list pending;
    bool started, finished;
    bool lost_start;             /* the picture that began the epoch at hand did not get through */
    bool renew_keys;             /* at the next epoch */
    bool looked;                 /* at any picture yet */
    int64_t last_look;           /* pts of the last one that was looked at */
    int64_t last_pts, epoch_pts; /* of the last picture, and of the first in the epoch */
    int64_t keys_pts;            /* of the first picture in the stream at hand */
    uint64_t epoch_number;       /* of the epoch at hand in this run, over all streams */
    uint32_t epoch, picture;     /* numbers of the picture to come */
    /* Kept to save allocations. */
    struct bt_buffer head_bytes, message, stream_message, manifest[2], access_unit;
};

#endif
