/* SPDX-License-Identifier: Apache-2.0 */
#include "edits.h"

#include "bitstream/nal.h"

enum { EDIT_BYTES = 6, MAX_EDITS = 64, MAX_NALS = 64 };

enum edit_kind { FLIP, DROP, DOUBLE, SWAP, SHORTEN, MOVE, DROP_UNIT, SWAP_UNITS, N_EDITS };

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

static void edit(struct bt_buffer *units, int n_units, const uint8_t e[EDIT_BYTES])
{
    enum edit_kind kind = e[0] % N_EDITS;
    struct bt_buffer *u = &units[e[1] % n_units], *other = &units[e[2] % n_units];
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

void edit_units(struct bt_buffer *units, int n_units, struct bauta_bytes edits)
{
    for (size_t at = 0; at + EDIT_BYTES <= edits.size && at < (MAX_EDITS - 1) * EDIT_BYTES;
         at += EDIT_BYTES)
        edit(units, n_units, edits.data + at);
}
