/* SPDX-License-Identifier: Apache-2.0 */
#include "mask/tiles.h"

#include <stdlib.h>
#include <string.h>

enum { STEP = 4 }; /* pixels: the least transform of H.264 and H.265 */

int bt_tiles_cut(int *ends, int size, int block, uint8_t phase)
{
    int steps = block / 2 / STEP + 1, n = 0;
    int end = block / 2 + phase % steps * STEP;
    while (size - end >= block) {
        ends[n++] = end;
        end += block;
    }
    ends[n++] = size;
    return n;
}

bool bt_tiles_fit(struct bt_tiles *t, int block, int n_columns, int n_rows, bool *fresh)
{
    *fresh = !t->values[0] || t->block != block || t->n_columns != n_columns || t->n_rows != n_rows;
    if (!*fresh)
        return true;
    size_t n = (size_t)n_columns * (size_t)n_rows;
    uint8_t *values = realloc(t->values[0], 3 * n);
    if (!values)
        return false;
    for (size_t i = 0; i < 3; i++)
        t->values[i] = values + i * n;
    t->block = block;
    t->n_columns = n_columns;
    t->n_rows = n_rows;
    return true;
}

void bt_tiles_clear(struct bt_tiles *t)
{
    free(t->values[0]);
    memset(t, 0, sizeof(*t));
}
