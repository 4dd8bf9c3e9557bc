/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_TILES_H
#define BT_TILES_H

#include <stdbool.h>
#include <stdint.h>

#include <bauta/target.h>

/* Noise is drawn for so many blocks in each direction; further ones begin again. */
enum { BT_NOISE_SIDE = 16 };

/* The blocks of one target's mask, and what is remembered of them. */
struct bt_tiles {
    uint32_t target;
    enum bauta_class class_;
    uint64_t used;            /* number of the picture that used them last, from 1; 0: free */
    uint8_t phase_x, phase_y; /* by lot */
    int16_t noise[3][BT_NOISE_SIDE][BT_NOISE_SIDE]; /* levels, by plane, row, column */
    int block, n_columns, n_rows;
    uint8_t *values[3]; /* [n_rows][n_columns] each, one allocation; NULL: none yet */
};

/*
 * Where the blocks of a side of `size` pixels end, with the first one between half a block and a
 * whole one long, as `phase` (0 to 255) says, in steps of 4, and the last one between one and
 * two. Gives their number, at most `size` / `block` rounded up; `ends[number - 1]` is `size`.
 */
int bt_tiles_cut(int *ends, int size, int block, uint8_t phase);

/* Whether the remembered values fit masks of that many blocks of that size; else makes room for new
 * ones, all unset. False without memory. */
bool bt_tiles_fit(struct bt_tiles *tiles, int block, int n_columns, int n_rows, bool *fresh);
void bt_tiles_clear(struct bt_tiles *tiles);

#endif
