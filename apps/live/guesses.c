/* SPDX-License-Identifier: Apache-2.0 */
#include "guesses.h"

#include <gio/gio.h>
#include <string.h>

struct guesses {
    GMutex lock;           /* of what follows */
    GHashTable *addresses; /* text → gint64: when it will have been wrong no time, a second each */
    GHashTable *known;     /* "ADDRESS USER" → gint64: when last */
    guint64 counts[GUESSES_N_DOORS];
};

struct guesses *guesses_new(void)
{
    struct guesses *guesses = g_atomic_rc_box_new0(struct guesses);
    g_mutex_init(&guesses->lock);
    guesses->addresses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    guesses->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return guesses;
}

struct guesses *guesses_ref(struct guesses *guesses)
{
    return g_atomic_rc_box_acquire(guesses);
}

static void clear(gpointer data)
{
    struct guesses *guesses = data;
    g_hash_table_unref(guesses->addresses);
    g_hash_table_unref(guesses->known);
    g_mutex_clear(&guesses->lock);
}

void guesses_unref(struct guesses *guesses)
{
    if (guesses)
        g_atomic_rc_box_release_full(guesses, clear);
}

/* By which an address counts; the caller frees it. `own`: it is this machine's. */
static char *key_of(const char *text, bool *own)
{
    GInetAddress *address = g_inet_address_new_from_string(text);
    *own = address && g_inet_address_get_is_loopback(address);
    char *key = NULL;
    if (address && g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV6) {
        const guint8 *bytes = g_inet_address_to_bytes(address);
        static const guint8 mapped[12] = {[10] = 0xff, [11] = 0xff};
        if (memcmp(bytes, mapped, sizeof(mapped)) != 0)
            key = g_strdup_printf("%02x%02x%02x%02x%02x%02x%02x%02x::", bytes[0], bytes[1],
                                  bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
        else
            *own = bytes[12] == 127;
    }
    g_clear_object(&address);
    return key ? key : g_strdup(text);
}

static gboolean is_before(gpointer key, gpointer time_us, gpointer limit_us)
{
    (void)key;
    return *(const gint64 *)time_us <= *(const gint64 *)limit_us;
}

/* Forgets what is of no use any more when it is full; false if all is of use. */
static bool make_room(GHashTable *table, gint64 limit_us)
{
    if (g_hash_table_size(table) >= GUESSES_MAX)
        g_hash_table_foreach_remove(table, is_before, &limit_us);
    return g_hash_table_size(table) < GUESSES_MAX;
}

static void set(GHashTable *table, const char *key, gint64 time_us)
{
    gint64 *value = g_new(gint64, 1);
    *value = time_us;
    g_hash_table_insert(table, g_strdup(key), value);
}

/* With the lock held. Addresses for which there is no room are one. */
static gint64 until(const struct guesses *guesses, const char *key, gint64 now_us)
{
    const gint64 *time_us = g_hash_table_lookup(guesses->addresses, key);
    if (!time_us && g_hash_table_size(guesses->addresses) >= GUESSES_MAX)
        time_us = g_hash_table_lookup(guesses->addresses, "");
    return time_us ? MAX(*time_us, now_us) : now_us;
}

static bool is_too_often(gint64 until_us, gint64 now_us)
{
    return until_us - now_us > (gint64)(GUESSES_AT_ONCE - 1) * G_USEC_PER_SEC;
}

static bool is_known(const struct guesses *guesses, const char *key, const char *user,
                     gint64 now_us)
{
    char *pair = g_strdup_printf("%s %s", key, user ? user : "");
    const gint64 *time_us = g_hash_table_lookup(guesses->known, pair);
    g_free(pair);
    return time_us && now_us - *time_us < (gint64)GUESSES_KNOWN_S * G_USEC_PER_SEC;
}

bool guesses_may(struct guesses *guesses, const char *address, const char *user, gint64 now_us)
{
    bool own;
    char *key = key_of(address, &own);
    g_mutex_lock(&guesses->lock);
    const bool may = own || !is_too_often(until(guesses, key, now_us), now_us) ||
                     is_known(guesses, key, user, now_us);
    g_mutex_unlock(&guesses->lock);
    g_free(key);
    return may;
}

void guesses_right(struct guesses *guesses, const char *address, const char *user, gint64 now_us)
{
    bool own;
    char *key = key_of(address, &own);
    char *pair = g_strdup_printf("%s %s", key, user ? user : "");
    g_mutex_lock(&guesses->lock);
    const gint64 limit_us = now_us - (gint64)GUESSES_KNOWN_S * G_USEC_PER_SEC;
    if (g_hash_table_contains(guesses->known, pair) || make_room(guesses->known, limit_us))
        set(guesses->known, pair, now_us);
    g_mutex_unlock(&guesses->lock);
    g_free(pair);
    g_free(key);
}

void guesses_wrong(struct guesses *guesses, enum guesses_door door, const char *address,
                   gint64 now_us)
{
    bool own;
    char *key = key_of(address, &own);
    g_mutex_lock(&guesses->lock);
    guesses->counts[door]++;
    const bool room = make_room(guesses->addresses, now_us);
    const gint64 until_us = until(guesses, key, now_us);
    if (!is_too_often(until_us, now_us))
        set(guesses->addresses, room || g_hash_table_contains(guesses->addresses, key) ? key : "",
            until_us + G_USEC_PER_SEC);
    g_mutex_unlock(&guesses->lock);
    g_free(key);
}

bool guesses_often(struct guesses *guesses, const char *address, gint64 now_us)
{
    bool own;
    char *key = key_of(address, &own);
    g_mutex_lock(&guesses->lock);
    const bool often = is_too_often(until(guesses, key, now_us), now_us);
    g_mutex_unlock(&guesses->lock);
    g_free(key);
    return often;
}

guint64 guesses_count(struct guesses *guesses, enum guesses_door door)
{
    g_mutex_lock(&guesses->lock);
    const guint64 count = guesses->counts[door];
    g_mutex_unlock(&guesses->lock);
    return count;
}

const char *guesses_door_name(enum guesses_door door)
{
    static const char *const names[] = {"http", "rtsp", "onvif"};
    return names[door];
}
