/* SPDX-License-Identifier: Apache-2.0 */
#include "nonces.h"

enum { MAX_NONCES = 1 << 16 };

struct nonces {
    GHashTable *table; /* text → gint64 *until_us */
    gint64 oldest_us;  /* when the first of them may be forgotten */
};

struct nonces *nonces_new(void)
{
    struct nonces *nonces = g_new0(struct nonces, 1);
    nonces->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    nonces->oldest_us = G_MAXINT64;
    return nonces;
}

void nonces_free(struct nonces *nonces)
{
    if (!nonces)
        return;
    g_hash_table_unref(nonces->table);
    g_free(nonces);
}

static void forget(struct nonces *nonces, gint64 now_us)
{
    if (now_us < nonces->oldest_us)
        return;
    GHashTableIter iter;
    gpointer until;
    nonces->oldest_us = G_MAXINT64;
    g_hash_table_iter_init(&iter, nonces->table);
    while (g_hash_table_iter_next(&iter, NULL, &until)) {
        const gint64 until_us = *(gint64 *)until;
        if (until_us <= now_us)
            g_hash_table_iter_remove(&iter);
        else
            nonces->oldest_us = MIN(nonces->oldest_us, until_us);
    }
    /* Not at every use, when many end one after the other. */
    nonces->oldest_us = MAX(nonces->oldest_us, now_us + G_USEC_PER_SEC);
}

bool nonces_use(struct nonces *nonces, const char *text, gint64 until_us, gint64 now_us)
{
    forget(nonces, now_us);
    if (g_hash_table_size(nonces->table) >= MAX_NONCES ||
        g_hash_table_contains(nonces->table, text))
        return false;
    gint64 *until = g_new(gint64, 1);
    *until = until_us;
    g_hash_table_insert(nonces->table, g_strdup(text), until);
    nonces->oldest_us = MIN(nonces->oldest_us, until_us);
    return true;
}
