/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FAMILY_H
#define BT_FAMILY_H

#include "base/sighting.h"
#include "detect/runtime.h"
#include "detect/sample.h"

/* What a model found, in pixels of its input, before duplicates are removed. */
struct bt_candidates {
    struct bt_candidate {
        struct bt_box box;
        float score;
    } items[1024];
    int n_items;
};

/* A kind of detector model: how it wants its input, and what its outputs mean. One file each. */
struct bt_family {
    const char *name;
    enum bauta_class class_; /* BODY or FACE: what it finds */
    struct bt_sample_format format;
    float overlap; /* IoU above which the weaker of two candidates is a duplicate */
    /* Whether the outputs look like this family's, for an input of `width` x `height`. */
    bool (*fits)(const struct bt_tensor *outputs, int n_outputs, int width, int height);
    /* Adds candidates with at least `least_score`;
     * further ones are dropped when there is no place. */
    void (*decode)(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score);
};

extern const struct bt_family bt_family_nanodet;
extern const struct bt_family bt_family_faceboxes;

/* Adds a candidate if there is place. */
void bt_candidates_add(struct bt_candidates *c, struct bt_box box, float score);
/* Sorts by score and drops whatever overlaps a better one by more than `overlap` (IoU). */
void bt_candidates_thin(struct bt_candidates *c, float overlap);
float bt_box_iou(struct bt_box a, struct bt_box b);

#endif
