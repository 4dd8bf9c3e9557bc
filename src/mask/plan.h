/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PLAN_H
#define BT_PLAN_H

#include <bauta/status.h>
#include <bauta/target.h>
#include <bauta/whole.h>

#include "base/limits.h"
#include "base/sighting.h"

/*
 * All regions of one picture, in the order of ownership: a pixel that several regions cover belongs
 * to the first of them. Faces and heads come before bodies, small before large, near before far.
 * The order is the order on the wire, so that writer and reader agree on every pixel's owner. No
 * two regions have the same target and class; every rectangle is even and lies inside the picture.
 */
struct bt_plan {
    struct bauta_region regions[BT_MAX_REGIONS];
    int n_regions;
    enum bauta_whole whole; /* why the one region hides everything; not on the wire */
};

/* Turns sightings into regions, with a memory of where each mask was: a mask stays put until its
 * target would leave it, then steps (DESIGN: steps hide sub-block motion and cost few bits). */
struct bt_planner {
    int width, height;      /* of the picture, in pixels */
    int blocks;             /* at most so many across a mask's shorter side */
    struct bauta_view view; /* of the last picture in which somebody could look */
    struct bt_plan last;
};

void bt_planner_init(struct bt_planner *planner, int width, int height, int blocks);

/* The regions of the next picture. Sightings that were dropped for want of place hide the whole
 * picture; so does a plan that would hold a target and class twice, regions that together are too
 * large (BT_MAX_COVER), and what `sightings->whole` asks for. `plan->whole` says which. */
void bt_planner_plan(struct bt_planner *planner, struct bt_plan *plan,
                     const struct bt_sightings *sightings);

/* Whether its regions together are no larger than BT_MAX_COVER pictures of this size: a reader has
 * to decode as much, at least. */
bool bt_plan_is_bounded(const struct bt_plan *plan, int width, int height);

/* The plan for a picture in which nobody could look: the last one, every region grown by an eighth
 * of its size; the whole picture if nobody is in the last one, or if the masks together would be
 * larger.
 */
void bt_planner_plan_blind(struct bt_planner *planner, struct bt_plan *plan);

/* One region that hides everything, and why. */
void bt_planner_plan_whole(struct bt_planner *planner, struct bt_plan *plan, enum bauta_whole why);

/* The edge of a mosaic block for a region, in luma pixels: the smallest level at which no more than
 * `blocks` of them lie across the region's shorter side, so that a face shows as few whatever its
 * size. Where `view` has oblong pixels, that is the shorter side as it is shown, and the rule holds
 * for either direction. Levels: 8 16 24 32 48 64 96 128 192 256 384 512 768 1024 1536 2048 4096
 * 8192. What that withstands and what not is in docs/threat-model.md. */
int bt_plan_block(struct bauta_rect rect, const struct bauta_view *view, int blocks);

#endif
