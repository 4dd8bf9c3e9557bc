/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ITEMS = 16 };

bool bt_array_grow(void *items, size_t item_size, size_t n_items, size_t *n_allocated)
{
    if (n_items < *n_allocated)
        return true;
    size_t n = *n_allocated ? *n_allocated * 2 : LEAST_ITEMS;
    if (n > SIZE_MAX / item_size)
        return false;
    void *array; /* of any type of pointer: they all look alike (C11 allows the copy, not a cast) */
    memcpy(&array, items, sizeof(array));
    array = realloc(array, n * item_size);
    if (!array)
        return false;
    memcpy(items, &array, sizeof(array));
    *n_allocated = n;
    return true;
}
