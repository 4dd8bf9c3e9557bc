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
    } items[16384];
    int n_items;
    int n_dropped; /* that found no place */
};

/* A kind of detector model: how it wants its input, and what its outputs mean. One file each. */
struct bt_family {
    const char *name;
    unsigned classes; /* set of 1 << BAUTA_CLASS_BODY or _FACE: what its models may find */
    struct bt_sample_format format;
    int step;      /* of which the input's sides are multiples, where the model leaves them open */
    float overlap; /* IoU above which the weaker of two candidates is a duplicate */
    /* Whether the outputs look like this family's, for an input of `width` x `height`. */
    bool (*fits)(const struct bt_tensor *outputs, int n_outputs, int width, int height);
    /* Adds candidates with at least `least_score`;
     * further ones are counted as dropped when there is no place. */
    void (*decode)(struct bt_candidates *out, const struct bt_tensor *outputs, int n_outputs,
                   int width, int height, float least_score);
};

extern const struct bt_family bt_family_blazeface, bt_family_centerface, bt_family_faceboxes,
    bt_family_nanodet, bt_family_nanodet_plus, bt_family_scrfd, bt_family_yolov8, bt_family_yolox,
    bt_family_yunet;

/* All of them, NULL at the end; those that are told by names before those told by shapes. */
extern const struct bt_family *const bt_families[];

/* The family for models that find `class_` whose outputs these are; called `name` if that is not
 * NULL. NULL if there is none. */
const struct bt_family *bt_family_of(const struct bt_tensor *outputs, int n_outputs, int width,
                                     int height, enum bauta_class class_, const char *name);
/* The names of the families of a class, with commas between, into `text`. */
void bt_family_names(char *text, size_t size, enum bauta_class class_);

/* An output as a table: the last side is a row's depth, the others multiplied the number of rows.
 */
int64_t bt_output_depth(const struct bt_tensor *output);
int64_t bt_output_rows(const struct bt_tensor *output);
/* The output with that many rows of that depth; NULL if there is none. */
const struct bt_tensor *bt_output_find(const struct bt_tensor *outputs, int n_outputs, int64_t rows,
                                       int64_t depth);
const struct bt_tensor *bt_output_named(const struct bt_tensor *outputs, int n_outputs,
                                        const char *name);

/* Adds a candidate if there is place, else counts it as dropped. */
void bt_candidates_add(struct bt_candidates *c, struct bt_box box, float score);
/* Sorts by score and drops whatever overlaps a better one by more than `overlap` (IoU). */
void bt_candidates_thin(struct bt_candidates *c, float overlap);
float bt_box_iou(struct bt_box a, struct bt_box b);

#endif
