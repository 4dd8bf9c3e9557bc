/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MOSAIC_H
#define BT_MOSAIC_H

#include <stdbool.h>
#include <stddef.h>

#include <bauta/hide.h>

#include "base/privacy.h"
#include "mask/plan.h"

/*
 * Paints masks, with a memory for each target, so that a block's value neither tells small changes
 * nor averages out:
 *
 * - The blocks of a mask hang on the mask, not on the picture: they go along with the target. Their
 *   first edges lie at places drawn by lot for each target (random phase).
 * - A block's value is its mean, rounded to multiples of `quantum`, and stays until the mean is
 *   further from it than `hold`.
 * - Noise (Laplace) is drawn once for each block of a target and stays.
 */
struct bt_mosaic;

struct bt_mosaic_settings {
    enum bauta_style style;
    /* Scale of the noise in levels (its standard deviation is 1.4 times that); colour changes looks
     * more than it helps against recognition, so it has its own. */
    float luma_noise, chroma_noise;
    bool colourless;
    int quantum, hold; /* levels; 1 and 0: every block shows its mean */
    bool random_phase; /* else blocks begin at the mask's corner */
    /* Fills `out` with `size` random bytes; false: it cannot, and masks become grey. */
    bool (*random)(uint8_t *out, size_t size);
};

/* What the public settings mean. `random` is left to the caller. */
void bt_mosaic_settings_init(struct bt_mosaic_settings *settings,
                             const struct bauta_hide_settings *hide);

/* BAUTA_ERR_MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_mosaic_new(struct bt_mosaic **mosaic,
                                                 const struct bt_mosaic_settings *settings);
void bt_mosaic_free(struct bt_mosaic **mosaic);

/*
 * Hides every region of `plan` in `clear`, in place, and hands the same picture over as `masked`;
 * `clear` is empty afterwards. Regions are painted from the last owner to the first, so where they
 * overlap the mean is of what was painted already and never shows more than the coarser mask. What
 * memory or chance are missing for becomes grey. Cannot fail.
 */
void bt_mosaic_hide(struct bt_mosaic *mosaic, struct bt_masked *masked, struct bt_clear *clear,
                    const struct bt_plan *plan);

#endif
