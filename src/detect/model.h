/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MODEL_H
#define BT_MODEL_H

#include "detect/family.h"

/* One loaded model of a known family, with the memory for its input. One thread at a time. */
struct bt_model;

struct bt_model_settings {
    const char *path;
    enum bauta_class class_; /* BODY or FACE: what it is to find */
    const char *family;      /* its name, or NULL: told from the outputs */
    int width, height; /* input size wanted, if the model takes any; becomes somewhat larger */
    int n_threads;
    const struct bauta_log *log;
};

/* Runs the model once, on nothing, to see what its outputs are. BAUTA_ERR_DETECTOR, having said
 * what was seen and what is known. */
BAUTA_MUST_CHECK enum bauta_status bt_model_load(struct bt_model **model,
                                                 struct bt_runtime *runtime,
                                                 const struct bt_model_settings *settings);
void bt_model_free(struct bt_model **model);

/* Finds what the family finds in the part `from` of a picture; `out` is in pixels of the picture,
 * best first, without duplicates. */
BAUTA_MUST_CHECK enum bauta_status bt_model_find(struct bt_model *model, struct bt_candidates *out,
                                                 struct bt_sampler *sampler,
                                                 const struct bt_clear *clear, struct bt_box from,
                                                 float least_score);

#endif
