/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <string.h>

#include <bauta/inspector.h>

#include "bitstream/nal.h"
#include "engine/messages.h"
#include "recovered.h"

/*
 * A whole stream, damaged as the input says: its first byte picks the stream, each EDIT_BYTES after
 * it are one edit. Laws: those of recovered_check(); a picture that is shown beside other slices
 * than its own counts as changed; the inspector counts no more pictures than access units.
 */
enum { N_STREAMS = 2, EDIT_BYTES = 6, MAX_EDITS = 64, MAX_NALS = 64 };

enum edit_kind { FLIP, DROP, DOUBLE, SWAP, SHORTEN, MOVE, DROP_UNIT, SWAP_UNITS, N_EDITS };

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

/* The NAL units of an access unit; views into it. */
static int split(struct bauta_bytes nals[MAX_NALS], const struct bt_buffer *unit)
{
    struct bt_nal_reader r;
    int n = 0;
    bt_nal_reader_init(&r, bt_buffer_view(unit));
    while (n < MAX_NALS && bt_nal_next(&r, &nals[n]))
        n++;
    return n;
}

static void put(struct bt_buffer *unit, struct bauta_bytes *nals, int n)
{
    struct bt_buffer out = {0};
    for (int i = 0; i < n; i++)
        if (nals[i].size)
            bt_nal_copy(&out, nals[i]);
    bt_buffer_clear(unit);
    *unit = out;
}

/* Changes one NAL unit: of access unit `u` the one that `which` says. */
static void edit_nal(enum edit_kind kind, struct bt_buffer *u, struct bt_buffer *other,
                     unsigned which, unsigned where)
{
    struct bauta_bytes nals[MAX_NALS + 1];
    int n = split(nals, u);
    if (n == 0)
        return;
    int i = (int)which % n, next = (i + 1) % n;
    struct bauta_bytes at = nals[i];
    if (kind == DROP || kind == MOVE)
        nals[i].size = 0;
    if (kind == MOVE)
        bt_nal_copy(other, at);
    if (kind == DOUBLE)
        nals[n++] = at;
    if (kind == SHORTEN)
        nals[i].size = where % (at.size + 1);
    if (kind == SWAP) {
        nals[i] = nals[next];
        nals[next] = at;
    }
    put(u, nals, n);
}

static void edit(const struct recovered *r, const uint8_t e[EDIT_BYTES])
{
    enum edit_kind kind = e[0] % N_EDITS;
    struct bt_buffer *u = &units[e[1] % r->n_units], *other = &units[e[2] % r->n_units];
    struct bt_buffer swapped = *u;
    unsigned where = e[3] | (unsigned)e[4] << 8;
    switch (kind) {
    case FLIP:
        if (u->size)
            u->data[where % u->size] ^= (uint8_t)(e[5] ? e[5] : 1);
        break;
    case DROP_UNIT:
        bt_buffer_clear(u);
        break;
    case SWAP_UNITS:
        *u = *other;
        *other = swapped;
        break;
    case MOVE:
        if (u == other)
            break;
        edit_nal(kind, u, other, e[5], where);
        break;
    case DROP:
    case DOUBLE:
    case SWAP:
    case SHORTEN:
    case N_EDITS:
        edit_nal(kind, u, other, e[5], where);
        break;
    }
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
    LAW(found.n_access_units == (uint64_t)r->n_units && found.n_pictures <= found.n_access_units);
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
    for (size_t at = 1; at + EDIT_BYTES <= size && at < MAX_EDITS * EDIT_BYTES; at += EDIT_BYTES)
        edit(r, data + at);
    restore(r);
    inspect(r);
    for (int n = 0; n < r->n_units; n++)
        bt_buffer_clear(&units[n]);
    return 0;
}
