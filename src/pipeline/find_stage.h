/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FIND_STAGE_H
#define BT_FIND_STAGE_H

#include <bauta/file.h>

#include "find/finder.h"
#include "pipeline/source.h"
#include "pipeline/stage.h"

/*
 * FIND: fills in each picture's sightings, from the detector or from the caller. With a look-ahead
 * it holds items back until it is known who is in them.
 */
struct bt_find_stage {
    struct bt_stage stage;
    struct bt_finder *finder; /* NULL: regions are given */
    int lookahead;            /* pictures */
    struct bt_item **held;    /* a ring, grown when packets of other streams fill it */
    size_t n_allocated, first, n_held;
    bool started;
    double started_s;   /* on the clock, when the first picture came */
    int64_t started_us; /* that picture's time */
    double busy_s;
    const char *path; /* of the input, for sentences; borrowed */
    const struct bauta_log *log;
    bool said_whole, said_areas;
    /* As in struct bauta_protect_settings; NULL unless regions are given. */
    enum bauta_status (*regions)(void *user, struct bauta_region *regions, int *n_regions,
                                 uint64_t picture, int width, int height);
    void *user;
};

/* The struct starts from `{0}`, with `regions` and `user` set if they are to be asked; it is
 * cleared also after a failure. Loads the models unless regions are given. */
BAUTA_MUST_CHECK enum bauta_status bt_find_stage_open(struct bt_find_stage *stage,
                                                      const struct bauta_find_settings *settings,
                                                      const struct bt_source *source,
                                                      const struct bauta_log *log);
void bt_find_stage_clear(struct bt_find_stage *stage);

#endif
