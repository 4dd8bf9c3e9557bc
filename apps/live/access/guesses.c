/* SPDX-License-Identifier: Apache-2.0 */
#include "guesses.h"

#include "base/origin.h"

/* Each has rows text → gint64: the time after which the row says nothing any more. */
enum kind {
    WRONG,       /* origin; each wrong one moves the time on */
    WRONG_KNOWN, /* "ORIGIN USER"; the same, for those in KNOWN */
    ARRIVED,     /* origin; each connection moves the time on */
    KNOWN,       /* "ORIGIN USER" that was let in */
    HOME,        /* origin that somebody was let in from */
    TICKET,      /* "ORIGIN USER NONCE" that somebody was let in with */
    N_KINDS
};

/* Of the kinds that count. */
static const struct {
    int at_once, a_second;
} limits[N_KINDS] = {
    [WRONG] = {GUESSES_AT_ONCE, 1},
    [WRONG_KNOWN] = {GUESSES_KNOWN_AT_ONCE, 1},
    [ARRIVED] = {GUESSES_ARRIVALS_AT_ONCE, GUESSES_ARRIVALS_A_S},
};

struct guesses {
    GMutex lock; /* of what follows */
    GHashTable *tables[N_KINDS];
    guint64 counts[GUESSES_N_DOORS];
};

/* By which one request counts. */
struct keys {
    char *origin, *wide; /* the latter may be NULL */
    char *pair;
    bool own;
};

struct guesses *guesses_new(void)
{
    struct guesses *guesses = g_atomic_rc_box_new0(struct guesses);
    g_mutex_init(&guesses->lock);
    for (int i = 0; i < N_KINDS; i++)
        guesses->tables[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return guesses;
}

struct guesses *guesses_ref(struct guesses *guesses)
{
    return g_atomic_rc_box_acquire(guesses);
}

static void clear(gpointer data)
{
    struct guesses *guesses = data;
    for (int i = 0; i < N_KINDS; i++)
        g_hash_table_unref(guesses->tables[i]);
    g_mutex_clear(&guesses->lock);
}

void guesses_unref(struct guesses *guesses)
{
    if (guesses)
        g_atomic_rc_box_release_full(guesses, clear);
}

/* Takes the lock, too. */
static void begin(struct guesses *guesses, struct keys *keys, const char *address, const char *user)
{
    keys->origin = origin_key(address, &keys->own);
    keys->wide = origin_wide(address);
    keys->pair = g_strdup_printf("%s %s", keys->origin, user ? user : "");
    g_mutex_lock(&guesses->lock);
}

static void end(struct guesses *guesses, struct keys *keys)
{
    g_mutex_unlock(&guesses->lock);
    g_free(keys->origin);
    g_free(keys->wide);
    g_free(keys->pair);
}

/* What follows is called with the lock held. */

static gint64 until(const struct guesses *guesses, enum kind kind, const char *key, gint64 now_us)
{
    const gint64 *time_us = g_hash_table_lookup(guesses->tables[kind], key);
    return time_us ? MAX(*time_us, now_us) : now_us;
}

/* The row that says nothing soonest. */
static const char *find_least(GHashTable *table)
{
    GHashTableIter iter;
    gpointer key, time_us;
    const char *least = NULL;
    gint64 least_us = G_MAXINT64;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, &time_us))
        if (!least || *(const gint64 *)time_us < least_us) {
            least = key;
            least_us = *(const gint64 *)time_us;
        }
    return least;
}

static void set(struct guesses *guesses, enum kind kind, const char *key, gint64 time_us)
{
    GHashTable *table = guesses->tables[kind];
    if (g_hash_table_size(table) >= GUESSES_MAX && !g_hash_table_contains(table, key))
        g_hash_table_remove(table, find_least(table));
    gint64 *value = g_new(gint64, 1);
    *value = time_us;
    g_hash_table_insert(table, g_strdup(key), value);
}

/* `times`: how much more than the limit is allowed. NULL is never too often. */
static bool is_too_often(const struct guesses *guesses, enum kind kind, const char *key, int times,
                         gint64 now_us)
{
    const gint64 cost_us = G_USEC_PER_SEC / (limits[kind].a_second * times);
    return key && until(guesses, kind, key, now_us) - now_us >
                      (limits[kind].at_once * times - 1) * cost_us;
}

static void count(struct guesses *guesses, enum kind kind, const char *key, int times,
                  gint64 now_us)
{
    const gint64 cost_us = G_USEC_PER_SEC / (limits[kind].a_second * times);
    if (key && !is_too_often(guesses, kind, key, times, now_us))
        set(guesses, kind, key, until(guesses, kind, key, now_us) + cost_us);
}

static bool comes_too_often(const struct guesses *guesses, enum kind kind, const struct keys *keys,
                            gint64 now_us)
{
    return is_too_often(guesses, kind, keys->origin, 1, now_us) ||
           is_too_often(guesses, kind, keys->wide, GUESSES_WIDE, now_us);
}

/* What is not looked at for where it comes from is nothing to the neighbours. */
static void count_both(struct guesses *guesses, enum kind kind, const struct keys *keys,
                       gint64 now_us)
{
    if (is_too_often(guesses, kind, keys->origin, 1, now_us))
        return;
    count(guesses, kind, keys->origin, 1, now_us);
    count(guesses, kind, keys->wide, GUESSES_WIDE, now_us);
}

static bool is_known(const struct guesses *guesses, const struct keys *keys, gint64 now_us)
{
    return until(guesses, KNOWN, keys->pair, now_us) > now_us;
}

static bool is_wrong_too_often(const struct guesses *guesses, const struct keys *keys,
                               gint64 now_us)
{
    return is_known(guesses, keys, now_us)
               ? is_too_often(guesses, WRONG_KNOWN, keys->pair, 1, now_us)
               : comes_too_often(guesses, WRONG, keys, now_us);
}

bool guesses_arrive(struct guesses *guesses, const char *address, gint64 now_us)
{
    struct keys keys;
    begin(guesses, &keys, address, NULL);
    const bool free = keys.own || until(guesses, HOME, keys.origin, now_us) > now_us;
    const bool may = free || (!comes_too_often(guesses, WRONG, &keys, now_us) &&
                              !comes_too_often(guesses, ARRIVED, &keys, now_us));
    if (!free && may)
        count_both(guesses, ARRIVED, &keys, now_us);
    end(guesses, &keys);
    return may;
}

bool guesses_may(struct guesses *guesses, const char *address, const char *user, gint64 now_us)
{
    struct keys keys;
    begin(guesses, &keys, address, user);
    const bool may = keys.own || !is_wrong_too_often(guesses, &keys, now_us);
    end(guesses, &keys);
    return may;
}

void guesses_right(struct guesses *guesses, const char *address, const char *user, gint64 now_us)
{
    const gint64 until_us = now_us + (gint64)GUESSES_KNOWN_S * G_USEC_PER_SEC;
    struct keys keys;
    begin(guesses, &keys, address, user);
    set(guesses, KNOWN, keys.pair, until_us);
    set(guesses, HOME, keys.origin, until_us);
    end(guesses, &keys);
}

/* NULL without a nonce; the caller frees it. */
static char *name_ticket(const struct keys *keys, const char *nonce)
{
    return nonce ? g_strdup_printf("%s %s", keys->pair, nonce) : NULL;
}

void guesses_give_ticket(struct guesses *guesses, const char *address, const char *user,
                         const char *nonce, gint64 now_us)
{
    struct keys keys;
    begin(guesses, &keys, address, user);
    char *ticket = name_ticket(&keys, nonce);
    if (ticket)
        set(guesses, TICKET, ticket, now_us + (gint64)GUESSES_KNOWN_S * G_USEC_PER_SEC);
    g_free(ticket);
    end(guesses, &keys);
}

void guesses_take_ticket(struct guesses *guesses, const char *address, const char *user,
                         const char *nonce)
{
    struct keys keys;
    begin(guesses, &keys, address, user);
    char *ticket = name_ticket(&keys, nonce);
    if (ticket)
        g_hash_table_remove(guesses->tables[TICKET], ticket);
    g_free(ticket);
    end(guesses, &keys);
}

bool guesses_has_ticket(struct guesses *guesses, const char *address, const char *user,
                        const char *nonce, gint64 now_us)
{
    struct keys keys;
    begin(guesses, &keys, address, user);
    char *ticket = name_ticket(&keys, nonce);
    const bool has = ticket && until(guesses, TICKET, ticket, now_us) > now_us;
    g_free(ticket);
    end(guesses, &keys);
    return has;
}

void guesses_wrong(struct guesses *guesses, enum guesses_door door, const char *address,
                   const char *user, gint64 now_us)
{
    struct keys keys;
    begin(guesses, &keys, address, user);
    guesses->counts[door]++;
    if (is_known(guesses, &keys, now_us))
        count(guesses, WRONG_KNOWN, keys.pair, 1, now_us);
    else
        count_both(guesses, WRONG, &keys, now_us);
    end(guesses, &keys);
}

bool guesses_often(struct guesses *guesses, const char *address, const char *user, gint64 now_us)
{
    struct keys keys;
    begin(guesses, &keys, address, user);
    const bool often = is_wrong_too_often(guesses, &keys, now_us);
    end(guesses, &keys);
    return often;
}

guint64 guesses_count(struct guesses *guesses, enum guesses_door door)
{
    g_mutex_lock(&guesses->lock);
    const guint64 count_ = guesses->counts[door];
    g_mutex_unlock(&guesses->lock);
    return count_;
}

const char *guesses_door_name(enum guesses_door door)
{
    static const char *const names[] = {"http", "rtsp", "onvif"};
    return names[door];
}
