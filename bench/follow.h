/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_FOLLOW_H
#define BENCH_FOLLOW_H

#include "mask/plan.h"

/* What Bauta's masks do not do, for comparison: puts each region of `plan` exactly where its target
 * is in this picture of `width` x `height` pixels, instead of where the mask stays put. */
void follow(struct bt_plan *plan, const struct bt_sightings *sightings, int width, int height);

#endif
