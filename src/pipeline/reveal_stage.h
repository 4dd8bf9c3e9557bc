/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_REVEAL_STAGE_H
#define BT_REVEAL_STAGE_H

#include <bauta/file.h>

#include "base/frame.h"
#include "codec/fit.h"
#include "pipeline/output.h"
#include "pipeline/stage.h"

/* SHOW: collects the messages of each access unit, puts the originals into each picture, encodes
 * and writes it, brought to the first picture's size if it has another. The last stage; what it
 * works with is borrowed. */
struct bt_reveal_stage {
    struct bt_stage stage;
    struct bauta_restorer *restorer;
    struct bt_encode *encode;
    struct bt_mux *mux;
    const struct bauta_recover_settings *settings;
    struct bauta_recover_result *result;
    struct bt_frame turned; /* the picture at hand, where the output wants it turned */
    int width, height;      /* of what is written */
    double pixel;           /* its width to its height */
    struct bt_fit fit;
    double last_key_s; /* time of the last IDR picture asked for */
};

void bt_reveal_stage_init(struct bt_reveal_stage *stage, struct bauta_restorer *restorer,
                          const struct bt_output *output, const struct bt_source *source,
                          const struct bauta_recover_settings *settings,
                          struct bauta_recover_result *result);
void bt_reveal_stage_clear(struct bt_reveal_stage *stage);

#endif
