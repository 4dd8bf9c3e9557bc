/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include "base/rect.h"
#include "recovery/capsule.h"
#include "recovery/picture_message.h"
#include "recovery/record.h"

/* Laws: a picture message that is taken is written back byte for byte; no capsule opens that was
 * not sealed here, and one that was opens here to what was sealed; a record that is taken has its
 * region in its window. */
static const uint8_t key[32] = {7}, stream_id[BAUTA_STREAM_ID_SIZE] = {9};

static void try_record(struct bauta_bytes bytes, struct bauta_rect region)
{
    struct bt_record record = {{0}};
    struct bt_record_head head;
    struct bt_buffer unit = {0};
    bt_buffer_append(&record.bytes, bytes);
    if (!bt_record_parse(&head, &unit, &record, region)) {
        LAW(unit.size > 4 && head.window.x >= 0 && head.window.y >= 0);
        LAW(head.window.x <= region.x && head.window.y <= region.y);
        LAW(!head.key || bt_rect_contains(head.window, region));
    }
    bt_record_clear(&record);
    bt_buffer_clear(&unit);
}

/* Seals `bytes` for a region and opens them again: there, and not for another target. */
static void seal_and_open(struct bauta_bytes bytes, const struct bt_seal_context *context,
                          const struct bauta_region *region)
{
    struct bt_record record = {{0}}, opened = {{0}};
    struct bt_capsule capsule = {{0}};
    bt_buffer_append(&record.bytes, bytes);
    LAW(!bt_capsule_seal(&capsule, &record, context, region->class_, region->target));
    struct bauta_bytes sealed = bt_buffer_view(&capsule.bytes);
    LAW(bt_capsule_open(&opened, sealed, context, region->class_, region->target + 1) ==
        BAUTA_ERR_TAMPERED);
    LAW(opened.bytes.size == 0);
    LAW(!bt_capsule_open(&opened, sealed, context, region->class_, region->target));
    LAW(opened.bytes.size == bytes.size &&
        (!bytes.size || memcmp(opened.bytes.data, bytes.data, bytes.size) == 0));
    try_record(bt_buffer_view(&opened.bytes), region->rect);
    bt_record_clear(&record);
    bt_record_clear(&opened);
    bt_capsule_clear(&capsule);
}

static void try_message(struct bauta_bytes bytes)
{
    static struct bt_picture_message m;
    if (bt_picture_message_parse(&m, bytes))
        return;
    struct bt_buffer out = {0};
    struct bt_seal_context context = {key, stream_id, m.head.picture, m.head_bytes};
    bt_picture_message_write_head(&out, &m.head);
    LAW(out.size == m.head_bytes.size && memcmp(out.data, m.head_bytes.data, out.size) == 0);
    for (int i = 0; i < m.head.plan.n_regions; i++) {
        struct bt_record record = {{0}};
        LAW(bt_capsule_open(&record, m.capsules[i], &context, m.head.plan.regions[i].class_,
                            m.head.plan.regions[i].target) == BAUTA_ERR_TAMPERED);
        LAW(record.bytes.size == 0);
    }
    if (m.head.plan.n_regions)
        seal_and_open(m.capsules[0], &context, &m.head.plan.regions[0]);
    bt_buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bauta_bytes bytes = {data, size};
    try_message(bytes);
    try_record(bytes, (struct bauta_rect){64, 48, 32, 80});
    return 0;
}
