/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include <bauta/inspector.h>

#include "edits.h"
#include "recovered.h"
#include "recovery/messages.h"

/*
 * A whole stream, damaged as the input says: its first byte picks the stream, edits follow. Laws:
 * those of recovered_check(); a picture that is shown beside other slices than its own counts as
 * changed; the inspector counts no more pictures than access units.
 */
enum { N_STREAMS = 2 };

static struct recovered wholes[N_STREAMS];
static struct bt_buffer units[RECOVERED_MAX]; /* the damaged copy */

static void load_streams(void)
{
    static bool loaded;
    if (!loaded) {
        recovered_load(&wholes[0], BAUTA_VECTORS "/streams/reordered.h264",
                       recovered_vectors_key());
        recovered_load(&wholes[1], BAUTA_VECTORS "/streams/h265.h265", recovered_vectors_key());
    }
    loaded = true;
}

static bool same_slices(const struct recovered *r, const struct bt_buffer *a,
                        const struct bt_buffer *b)
{
    uint8_t hash_a[BT_SLICES_HASH], hash_b[BT_SLICES_HASH];
    return !bt_messages_hash_slices(hash_a, r->codec, bt_buffer_view(a)) &&
           !bt_messages_hash_slices(hash_b, r->codec, bt_buffer_view(b)) &&
           memcmp(hash_a, hash_b, sizeof(hash_a)) == 0;
}

static void restore(const struct recovered *r)
{
    static struct bauta_reveal_report report;
    struct bauta_restorer *restorer = recovered_restorer(r, recovered_vectors_key());
    struct bt_frame frame;
    int n_collected = 0;
    LAW(!bt_frame_init(&frame, r->width, r->height));
    for (int n = 0; n < r->n_pictures; n++) {
        for (; n_collected <= r->shows[n]; n_collected++)
            LAW(!bauta_restorer_collect(restorer, bt_buffer_view(&units[n_collected]),
                                        n_collected));
        bt_picture_copy(&frame.picture, &r->masked[n].picture);
        enum bauta_status status =
            bauta_restorer_reveal(restorer, &report, &frame.picture, r->shows[n]);
        LAW(status != BAUTA_ERR_ARGUMENT && status != BAUTA_ERR_MEMORY);
        int shown = recovered_check(r, &report, &r->masked[n].picture, &frame.picture);
        LAW(shown < 0 || report.changed ||
            same_slices(r, &r->units[r->shows[shown]], &units[r->shows[n]]));
    }
    bt_frame_clear(&frame);
    bauta_restorer_free(&restorer);
}

static void inspect(const struct recovered *r)
{
    struct bauta_inspector *inspector;
    struct bauta_inspection found;
    LAW(!bauta_inspector_new(&inspector, r->codec));
    for (int n = 0; n < r->n_units; n++)
        LAW(!bauta_inspector_collect(inspector, bt_buffer_view(&units[n]), n));
    bauta_inspector_result(inspector, &found);
    LAW(found.n_access_units <= (uint64_t)r->n_units);
    LAW(found.n_pictures <= found.n_access_units);
    LAW(found.recovery_bytes <= found.stream_bytes);
    bauta_inspector_free(&inspector);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    load_streams();
    const struct recovered *r = &wholes[data[0] % N_STREAMS];
    for (int n = 0; n < r->n_units; n++)
        bt_buffer_append(&units[n], bt_buffer_view(&r->units[n]));
    edit_units(units, r->n_units, (struct bauta_bytes){data + 1, size - 1});
    restore(r);
    inspect(r);
    for (int n = 0; n < r->n_units; n++)
        bt_buffer_clear(&units[n]);
    return 0;
}
