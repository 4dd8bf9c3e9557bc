/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MASK_STAGE_H
#define BT_MASK_STAGE_H

#include <bauta/file.h>

#include "base/buffer.h"
#include "codec/encode.h"
#include "mux/mux.h"
#include "pipeline/stage.h"

enum {
    BT_MASK_STAGE_DELAY = 1024,     /* pictures that an encoder may hold back */
    BT_MASK_STAGE_TARGETS = 1 << 16 /* targets that are counted */
};

/* HIDE, KEEP and CARRY: masks each picture, encodes it, attaches its capsules and writes it. The
 * last stage; what it works with is borrowed. */
struct bt_mask_stage {
    struct bt_stage stage;
    struct bauta_protector *protector;
    struct bt_encode *encode;
    struct bt_mux *mux;
    const struct bauta_protect_settings *settings;
    struct bauta_protect_result *result;
    struct bauta_recipient_list *recipients; /* of now; kept up to date */
    /* pts in ticks and in microseconds of the pictures in the encoder, at number % DELAY */
    struct bt_mask_time {
        int64_t ticks, us;
    } times[BT_MASK_STAGE_DELAY];
    uint64_t n_pictures;
    /* The access unit that came last, until the next one tells whether it ends its epoch. */
    bool holds;
    struct bt_coded held;
    struct bt_buffer held_bytes;
    uint64_t targets[BT_MASK_STAGE_TARGETS]; /* the set of those met, each plus 1; 0: free */
};

void bt_mask_stage_init(struct bt_mask_stage *stage, const struct bauta_protect_settings *settings,
                        struct bauta_protect_result *result,
                        struct bauta_recipient_list *recipients);
/* Before a run: makes the stage ready for what these are for. */
void bt_mask_stage_part(struct bt_mask_stage *stage, struct bauta_protector *protector,
                        struct bt_encode *encode, struct bt_mux *mux);
void bt_mask_stage_clear(struct bt_mask_stage *stage);

#endif
