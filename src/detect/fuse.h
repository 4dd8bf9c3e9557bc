/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_FUSE_H
#define BT_FUSE_H

#include "detect/family.h"

/* The upper part of a body where its head is looked for: a square of about the shoulders' width,
 * inside the picture (pixels). Proportions measured on COCO people, docs/detection.md. */
struct bt_box bt_fuse_head_area(struct bt_box body, int width, int height);

/* Joins what the two networks saw: drops faces that were seen twice, and finds each face its body:
 * the smallest one whose upper part holds the face's middle. A face is sure from the score
 * `sure_face` on, but never a tiny one: that must not take the place of the head estimate. */
void bt_fuse(struct bt_detections *found, const struct bt_candidates *bodies,
             struct bt_candidates *faces, float sure_face);

#endif
