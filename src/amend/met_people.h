/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MET_PEOPLE_H
#define BT_MET_PEOPLE_H

#include <stddef.h>

#include <bauta/file.h>

#include "recovery/wire.h"

/* Those who were met, and how often, in that order. Starts from `{0}`. */
struct bt_met_people {
    struct bauta_met_person *items;
    size_t n_items, n_allocated;
};

BAUTA_MUST_CHECK enum bauta_status bt_met_people_note(struct bt_met_people *people,
                                                      const uint8_t stream_id[BAUTA_STREAM_ID_SIZE],
                                                      uint32_t target, uint64_t n);
void bt_met_people_clear(struct bt_met_people *people);

#endif
