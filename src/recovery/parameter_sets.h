/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PARAMETER_SETS_H
#define BT_PARAMETER_SETS_H

#include <bauta/bytes.h>
#include <bauta/protector.h>

#include "base/buffer.h"
#include "recovery/digest.h"

enum { BT_MAX_PARAMETER_SETS = 64 };

/*
 * The different parameter sets that stood in the access units of an epoch. Containers move and
 * repeat them, so neither their order nor their number counts.
 */
struct bt_parameter_sets {
    int n_items;
    uint8_t items[BT_MAX_PARAMETER_SETS][BT_DIGEST_SIZE]; /* rising */
    bool too_many;
};

BAUTA_MUST_CHECK enum bauta_status bt_parameter_sets_add(struct bt_parameter_sets *sets,
                                                         enum bauta_codec codec,
                                                         struct bauta_bytes au);
/* One digest for all of them. BAUTA_ERR_LIMIT: there were more than BT_MAX_PARAMETER_SETS. */
BAUTA_MUST_CHECK enum bauta_status bt_parameter_sets_digest(uint8_t out[BT_DIGEST_SIZE],
                                                            const struct bt_parameter_sets *sets);

#endif
