/* SPDX-License-Identifier: Apache-2.0 */
#include "nonces.h"

#include <string.h>

enum { MAX_NONCES = 1 << 16 };

struct use {
    gint64 until_us, first_us;
    char *owner; /* NULL: nobody may again */
};

struct nonces {
    GHashTable *table; /* text → struct use */
    gint64 oldest_us;  /* when the first of them may be forgotten */
};

static void free_use(gpointer data)
{
    struct use *use = data;
    g_free(use->owner);
    g_free(use);
}

struct nonces *nonces_new(void)
{
    struct nonces *nonces = g_new0(struct nonces, 1);
    nonces->table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_use);
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
    gpointer use;
    nonces->oldest_us = G_MAXINT64;
    g_hash_table_iter_init(&iter, nonces->table);
    while (g_hash_table_iter_next(&iter, NULL, &use)) {
        const gint64 until_us = ((const struct use *)use)->until_us;
        if (until_us <= now_us)
            g_hash_table_iter_remove(&iter);
        else
            nonces->oldest_us = MIN(nonces->oldest_us, until_us);
    }
    /* Not at every use, when many end one after the other. */
    nonces->oldest_us = MAX(nonces->oldest_us, now_us + G_USEC_PER_SEC);
}

static bool is_again(const struct use *use, const char *owner, gint64 now_us)
{
    return owner && use->owner && !strcmp(owner, use->owner) && now_us >= use->first_us &&
           now_us < use->first_us + G_USEC_PER_SEC;
}

bool nonces_use(struct nonces *nonces, const char *text, const char *owner, gint64 until_us,
                gint64 now_us)
{
    forget(nonces, now_us);
    const struct use *before = g_hash_table_lookup(nonces->table, text);
    if (before || g_hash_table_size(nonces->table) >= MAX_NONCES)
        return before && is_again(before, owner, now_us);
    struct use *use = g_new(struct use, 1);
    *use = (struct use){until_us, now_us, g_strdup(owner)};
    g_hash_table_insert(nonces->table, g_strdup(text), use);
    nonces->oldest_us = MIN(nonces->oldest_us, until_us);
    return true;
}
