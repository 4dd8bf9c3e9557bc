/* SPDX-License-Identifier: Apache-2.0 */
#include "recording_folder.h"

#include <glib/gstdio.h>
#include <string.h>

#include "torn.h"

enum { TRUST_AFTER_S = 3600, JUMP_S = 5, FUTURE_S = 60 };

struct entry {
    char *path;
    gint64 written_s; /* wall time of its last byte */
    gint64 size;
};

static const char *extension(const struct recording_folder *recordings)
{
    return recordings->config->record.format == RECORD_MKV ? "mkv" : "mp4";
}

char *recording_folder_new_path(const struct recording_folder *recordings, gint64 wall_us)
{
    GDateTime *time = g_date_time_new_from_unix_utc(wall_us / G_TIME_SPAN_SECOND);
    char *stamp = g_date_time_format(time, "%Y%m%dT%H%M%SZ");
    g_date_time_unref(time);
    char *path = NULL;
    for (int n = 1; !path; n++) {
        char suffix[16] = "";
        if (n > 1)
            g_snprintf(suffix, sizeof(suffix), "-%d", n);
        path = g_strdup_printf("%s/%s-%s%s.%s", recordings->config->record.directory,
                               recordings->config->name, stamp, suffix, extension(recordings));
        char *part = g_strconcat(path, ".part", NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(part, G_FILE_TEST_EXISTS))
            g_clear_pointer(&path, g_free);
        g_free(part);
    }
    g_free(stamp);
    return path;
}

/* Whether `name` is CAMERA-YYYYMMDDTHHMMSSZ[-N].mp4 or .mkv, and then `ending`. */
static bool is_segment(const struct recording_folder *recordings, const char *name,
                       const char *ending)
{
    size_t length = strlen(recordings->config->name);
    if (strncmp(name, recordings->config->name, length) != 0 || name[length] != '-')
        return false;
    const char *at = name + length + 1;
    static const char pattern[] = "ddddddddTddddddZ";
    for (const char *p = pattern; *p; p++, at++)
        if (*p == 'd' ? !g_ascii_isdigit(*at) : *at != *p)
            return false;
    if (*at == '-')
        at += 1 + strspn(at + 1, "0123456789");
    return (strncmp(at, ".mp4", 4) == 0 || strncmp(at, ".mkv", 4) == 0) &&
           strcmp(at + 4, ending) == 0;
}

static void free_entry(gpointer data)
{
    struct entry *entry = data;
    g_free(entry->path);
    g_free(entry);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
    if (x->written_s != y->written_s)
        return x->written_s < y->written_s ? -1 : 1;
    return strcmp(x->path, y->path);
}

/* The camera's segments, oldest first. */
static GPtrArray *list(const struct recording_folder *recordings, const char *ending)
{
    GPtrArray *entries = g_ptr_array_new_with_free_func(free_entry);
    GDir *folder = g_dir_open(recordings->config->record.directory, 0, NULL);
    const char *name;
    while (folder && (name = g_dir_read_name(folder))) {
        if (!is_segment(recordings, name, ending))
            continue;
        char *path = g_build_filename(recordings->config->record.directory, name, NULL);
        GStatBuf status;
        if (g_lstat(path, &status) || !S_ISREG(status.st_mode)) {
            g_free(path);
            continue;
        }
        struct entry *entry = g_new(struct entry, 1);
        *entry = (struct entry){path, status.st_mtime, status.st_size};
        g_ptr_array_add(entries, entry);
    }
    if (folder)
        g_dir_close(folder);
    g_ptr_array_sort(entries, compare);
    return entries;
}

int recording_folder_recover(const struct recording_folder *recordings)
{
    GPtrArray *parts = list(recordings, ".part");
    int n = 0;
    for (guint i = 0; i < parts->len; i++) {
        const struct entry *entry = parts->pdata[i];
        char *path = g_strndup(entry->path, strlen(entry->path) - strlen(".part"));
        if (!torn_mend(entry->path))
            g_unlink(entry->path);
        else if (!g_file_test(path, G_FILE_TEST_EXISTS) && g_rename(entry->path, path) == 0)
            n++;
        g_free(path);
    }
    g_ptr_array_unref(parts);
    return n;
}

/* The time of the last segment that is believed, seconds; 0: there is none. */
static gint64 vouched(const struct recording_folder *recordings)
{
    const gint64 step_s = TRUST_AFTER_S + recordings->config->record.segment_s;
    GPtrArray *entries = list(recordings, "");
    gint64 last_s = 0, begin_s = 0, believed_s = 0;
    bool first = true; /* no step until now */
    for (guint i = 0; i < entries->len; i++) {
        const gint64 written_s = ((const struct entry *)entries->pdata[i])->written_s;
        if (i == 0 || written_s - last_s > step_s) {
            begin_s = written_s;
            first = i == 0;
        }
        if (first || written_s - begin_s >= TRUST_AFTER_S)
            believed_s = written_s;
        last_s = written_s;
    }
    g_ptr_array_unref(entries);
    return believed_s;
}

void recording_folder_init(struct recording_folder *recordings, const struct camera_config *config,
                           gint64 wall_us, gint64 now_us)
{
    *recordings = (struct recording_folder){.config = config, .offset_us = wall_us - now_us};
    const gint64 vouched_us = vouched(recordings) * G_TIME_SPAN_SECOND;
    if (vouched_us && wall_us > vouched_us + TRUST_AFTER_S * G_TIME_SPAN_SECOND) {
        recordings->offset_us = vouched_us - now_us;
        recordings->ahead_us = now_us;
    }
}

/* Wall time as it is believed, seconds. */
static gint64 believed_now(struct recording_folder *recordings, gint64 wall_us, gint64 now_us)
{
    const gint64 offset_us = wall_us - now_us;
    bool ahead = offset_us > recordings->offset_us + JUMP_S * G_TIME_SPAN_SECOND;
    if (!ahead)
        recordings->ahead_us = 0;
    else if (!recordings->ahead_us)
        recordings->ahead_us = now_us;
    if (!ahead || now_us - recordings->ahead_us > TRUST_AFTER_S * G_TIME_SPAN_SECOND) {
        recordings->offset_us = offset_us;
        recordings->ahead_us = 0;
    }
    return (now_us + recordings->offset_us) / G_TIME_SPAN_SECOND;
}

/* In the order of `list`: those from the future, oldest first, before the others. */
static void put_future_first(GPtrArray *entries, gint64 wall_us)
{
    const gint64 future_s = wall_us / G_TIME_SPAN_SECOND + FUTURE_S;
    guint n = 0;
    while (n < entries->len &&
           ((const struct entry *)entries->pdata[entries->len - 1 - n])->written_s > future_s)
        n++;
    for (guint i = 0, n_past = entries->len - n; i < n; i++) {
        gpointer entry = g_ptr_array_steal_index(entries, n_past + i);
        g_ptr_array_insert(entries, (gint)i, entry);
    }
}

int recording_folder_sweep(struct recording_folder *recordings, gint64 wall_us, gint64 now_us)
{
    const struct record_config *record = &recordings->config->record;
    if (!record->retention_s && !record->limit_bytes)
        return 0;
    gint64 oldest_s = believed_now(recordings, wall_us, now_us) - record->retention_s;
    GPtrArray *entries = list(recordings, "");
    put_future_first(entries, wall_us);
    gint64 total = 0;
    int n = 0;
    for (guint i = 0; i < entries->len; i++)
        total += ((const struct entry *)entries->pdata[i])->size;
    for (guint i = 0; i < entries->len; i++) {
        const struct entry *entry = entries->pdata[i];
        bool old = record->retention_s && entry->written_s < oldest_s;
        bool many = record->limit_bytes && total > record->limit_bytes;
        if ((old || many) && g_unlink(entry->path) == 0) {
            total -= entry->size;
            n++;
        }
    }
    g_ptr_array_unref(entries);
    return n;
}
