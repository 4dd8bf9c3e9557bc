/* SPDX-License-Identifier: Apache-2.0 */
#include "amend/met_people.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum bauta_status bt_met_people_note(struct bt_met_people *people,
                                     const uint8_t stream_id[BAUTA_STREAM_ID_SIZE], uint32_t target,
                                     uint64_t n)
{
    for (size_t i = 0; i < people->n_items; i++) {
        struct bauta_met_person *p = &people->items[i];
        if (p->target == target && memcmp(p->stream_id, stream_id, BAUTA_STREAM_ID_SIZE) == 0) {
            p->n += n;
            return BAUTA_OK;
        }
    }
    if (!bt_array_grow(&people->items, sizeof(*people->items), people->n_items,
                       &people->n_allocated))
        return BAUTA_ERR_MEMORY;
    struct bauta_met_person *p = &people->items[people->n_items++];
    *p = (struct bauta_met_person){.target = target, .n = n};
    memcpy(p->stream_id, stream_id, BAUTA_STREAM_ID_SIZE);
    return BAUTA_OK;
}

void bt_met_people_clear(struct bt_met_people *people)
{
    free(people->items);
    *people = (struct bt_met_people){.items = NULL};
}
