/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/signed_epoch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void bt_signed_epoch_free(struct bt_signed_epoch **epoch)
{
    struct bt_signed_epoch *e = *epoch;
    if (!e)
        return;
    for (size_t i = 0; i < e->n_units; i++) {
        bt_buffer_clear(&e->units[i].present);
        bt_buffer_clear(&e->units[i].head_bytes);
        free(e->units[i].capsules);
    }
    for (int i = 0; i < e->n_amendments; i++)
        bt_buffer_clear(&e->amendment_bytes[i]);
    bt_buffer_clear(&e->manifest_bytes);
    free(e->units);
    free(e);
    *epoch = NULL;
}

struct bt_found_unit *bt_signed_epoch_add(struct bt_signed_epoch *epoch, double time_s,
                                          const struct bt_stamp *stamp)
{
    if (!bt_array_grow(&epoch->units, sizeof(*epoch->units), epoch->n_units, &epoch->n_allocated))
        return NULL;
    struct bt_found_unit *unit = &epoch->units[epoch->n_units++];
    *unit = (struct bt_found_unit){.time_s = time_s, .stamp = *stamp, .signed_s = (double)NAN};
    return unit;
}

static bool lacks_a_capsule(const struct bt_picture_message *message)
{
    for (int i = 0; i < message->head.plan.n_regions; i++)
        if (message->capsules[i].size == 0)
            return true;
    return false;
}

enum bauta_status bt_found_unit_set(struct bt_found_unit *unit,
                                    const struct bt_picture_message *message)
{
    struct bt_capsule_digests digests;
    enum bauta_status status = bt_digest_capsules(&digests, message);
    if (!status)
        status = bt_digest_recovery(unit->recovery, message->head_bytes, &digests);
    if (status)
        return status;
    unit->has_message = true;
    memcpy(unit->stream_tag, message->head.stream_tag, BT_STREAM_TAG);
    for (int i = 0; i < digests.n_regions; i++)
        if (message->capsules[i].size)
            bt_buffer_append(&unit->present,
                             (struct bauta_bytes){digests.items[i], BT_DIGEST_SIZE});
    if (!lacks_a_capsule(message))
        return bt_buffer_status(&unit->present);
    unit->capsules = malloc(sizeof(*unit->capsules));
    if (!unit->capsules)
        return BAUTA_ERR_MEMORY;
    *unit->capsules = digests;
    bt_buffer_append(&unit->head_bytes, message->head_bytes);
    unit->head_bytes.failed |= unit->present.failed;
    return bt_buffer_status(&unit->head_bytes);
}
