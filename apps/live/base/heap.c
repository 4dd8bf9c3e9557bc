/* SPDX-License-Identifier: Apache-2.0 */
#include "heap.h"

#include <glib.h>
#include <malloc.h>

enum { ARENAS = 2, LARGE_BYTES = 128 << 10, SPARE_BYTES = 1 << 20, TRIM_S = 60 };

void heap_tame(void)
{
    mallopt(M_ARENA_MAX, ARENAS);
    mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
    mallopt(M_TRIM_THRESHOLD, SPARE_BYTES);
}

static gboolean trim(gpointer user)
{
    (void)user;
    malloc_trim(SPARE_BYTES);
    return G_SOURCE_CONTINUE;
}

unsigned heap_start_trimming(void)
{
    return g_timeout_add_seconds(TRIM_S, trim, NULL);
}

void heap_stop_trimming(unsigned timer)
{
    g_source_remove(timer);
}
