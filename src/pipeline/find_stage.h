/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FIND_STAGE_H
#define BT_FIND_STAGE_H

#include <bauta/file.h>

#include "engine/finder.h"
#include "pipeline/stage.h"

/* FIND: fills in each picture's sightings, from the detector or from the caller. */
struct bt_find_stage {
    struct bt_stage stage;
    struct bt_finder *finder; /* borrowed; NULL: regions are given */
    const struct bauta_protect_settings *settings;
    double busy_s;
};

void bt_find_stage_init(struct bt_find_stage *stage, struct bt_finder *finder,
                        const struct bauta_protect_settings *settings, struct bt_stage *next);

#endif
