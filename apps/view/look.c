/* SPDX-License-Identifier: Apache-2.0 */
#include "look.h"

#include <string.h>
#include <unistd.h>

#include "look_file.h"
#include "stamp.h"

enum { MAX_KEPT = 64 };

enum state { LOOK_RUNNING, LOOK_DONE, LOOK_FAILED };

/* One state of one file. Shared by the main thread and the one that reads; the latter writes under
 * the look's mutex. */
struct entry {
    gatomicrefcount references;
    char *id, *name, *stamp;
    int file; /* open until it was read */
    enum state state;
    char *problem, *inspection, *verification;
    gint64 asked; /* counts up */
};

struct look {
    const struct recordings *recordings;
    const struct bauta_signer *const *signers;
    int n_signers;
    GMutex mutex;
    GPtrArray *entries;
    GThreadPool *reader; /* of one thread */
    gint64 n_asked;
    gint ends, reading;
};

static struct entry *ref(struct entry *entry)
{
    g_atomic_ref_count_inc(&entry->references);
    return entry;
}

static void unref(gpointer data)
{
    struct entry *entry = data;
    if (!g_atomic_ref_count_dec(&entry->references))
        return;
    if (entry->file >= 0)
        close(entry->file);
    g_free(entry->id);
    g_free(entry->name);
    g_free(entry->stamp);
    g_free(entry->problem);
    g_free(entry->inspection);
    g_free(entry->verification);
    g_free(entry);
}

static void read_file(struct look *look, struct entry *entry)
{
    /* What was opened is read, whatever stands under its name by now. */
    char *path = g_strdup_printf("/proc/self/fd/%d", entry->file);
    char *problem = NULL;
    char *inspection = look_inspect(path, entry->name, &problem);
    g_mutex_lock(&look->mutex);
    entry->inspection = inspection;
    g_mutex_unlock(&look->mutex);
    char *verification =
        inspection && !g_atomic_int_get(&look->ends)
            ? look_verify(path, entry->name, look->signers, look->n_signers, &problem)
            : NULL;
    g_mutex_lock(&look->mutex);
    entry->verification = verification;
    entry->problem = problem;
    entry->state = problem ? LOOK_FAILED : LOOK_DONE;
    close(entry->file);
    entry->file = -1;
    g_mutex_unlock(&look->mutex);
    g_free(path);
}

static void read_next(gpointer data, gpointer user)
{
    struct look *look = user;
    struct entry *entry = data;
    /* nobody else has it any more: it was forgotten before its turn */
    const bool wanted = !g_atomic_ref_count_compare(&entry->references, 1);
    g_atomic_int_set(&look->reading, 1); /* first, then whether it ends: look_free() asks in turn */
    if (wanted && !g_atomic_int_get(&look->ends))
        read_file(look, entry);
    g_atomic_int_set(&look->reading, 0);
    unref(entry);
}

struct look *look_new(const struct recordings *recordings,
                      const struct bauta_signer *const *signers, int n_signers)
{
    struct look *look = g_new0(struct look, 1);
    look->recordings = recordings;
    look->signers = signers;
    look->n_signers = n_signers;
    g_mutex_init(&look->mutex);
    look->entries = g_ptr_array_new_with_free_func(unref);
    look->reader = g_thread_pool_new(read_next, look, 1, FALSE, NULL);
    return look;
}

bool look_free(struct look *look)
{
    g_atomic_int_set(&look->ends, 1);
    if (g_atomic_int_get(&look->reading))
        return false;
    g_thread_pool_free(look->reader, FALSE, TRUE);
    g_ptr_array_unref(look->entries);
    g_mutex_clear(&look->mutex);
    g_free(look);
    return true;
}

static bool is_running(struct look *look, const struct entry *entry)
{
    g_mutex_lock(&look->mutex);
    const bool running = entry->state == LOOK_RUNNING;
    g_mutex_unlock(&look->mutex);
    return running;
}

/* NULL if it is not kept. What is kept of an earlier state of the file is forgotten, but not while
 * it is read: one that is still being written is not read twice at once. */
static struct entry *find(struct look *look, const char *id, const char *stamp)
{
    for (guint i = 0; i < look->entries->len; i++) {
        struct entry *entry = g_ptr_array_index(look->entries, i);
        if (strcmp(entry->id, id) != 0)
            continue;
        if (strcmp(entry->stamp, stamp) == 0 || is_running(look, entry))
            return entry;
        g_ptr_array_remove_index_fast(look->entries, i);
        return NULL;
    }
    return NULL;
}

static void make_room(struct look *look)
{
    guint oldest = 0;
    for (guint i = 1; i < look->entries->len; i++) {
        const struct entry *entry = g_ptr_array_index(look->entries, i);
        const struct entry *other = g_ptr_array_index(look->entries, oldest);
        if (entry->asked < other->asked)
            oldest = i;
    }
    if (look->entries->len >= MAX_KEPT)
        g_ptr_array_remove_index_fast(look->entries, oldest);
}

/* Takes stamp and descriptor. */
static struct entry *begin(struct look *look, const char *id, char *stamp, int file)
{
    const char *slash = strrchr(id, '/');
    struct entry *entry = g_new0(struct entry, 1);
    g_atomic_ref_count_init(&entry->references);
    entry->id = g_strdup(id);
    entry->name = g_strdup(slash ? slash + 1 : id);
    entry->stamp = stamp;
    entry->file = file;
    make_room(look);
    g_ptr_array_add(look->entries, entry);
    g_thread_pool_push(look->reader, ref(entry), NULL);
    return entry;
}

static char *write_entry(struct look *look, const struct entry *entry)
{
    static const char *const states[] = {
        [LOOK_RUNNING] = "running", [LOOK_DONE] = "done", [LOOK_FAILED] = "failed"};
    g_mutex_lock(&look->mutex);
    char *problem = json_write(json_text(entry->problem ? entry->problem : ""));
    char *etag = json_write(json_text(entry->stamp));
    char *text = g_strdup_printf(
        "{\"state\":\"%s\",\"problem\":%s,\"etag\":%s,\"inspection\":%s,\"verification\":%s}",
        states[entry->state], problem, etag, entry->inspection ? entry->inspection : "null",
        entry->verification ? entry->verification : "null");
    g_mutex_unlock(&look->mutex);
    g_free(problem);
    g_free(etag);
    return text;
}

char *look_at(struct look *look, const char *id)
{
    struct stat status;
    int file = recordings_open(look->recordings, id, &status);
    if (file < 0)
        return NULL;
    char *stamp = stamp_new(&status);
    struct entry *entry = find(look, id, stamp);
    if (entry) {
        close(file);
        g_free(stamp);
    } else {
        entry = begin(look, id, stamp, file);
    }
    entry->asked = ++look->n_asked;
    return write_entry(look, entry);
}
