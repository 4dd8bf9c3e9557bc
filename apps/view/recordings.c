/* SPDX-License-Identifier: Apache-2.0 */
#include "recordings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

struct recordings {
    char *path; /* of the folder, or of the file */
    char *file; /* its name; NULL: all of a folder */
};

static bool is_video(const char *name)
{
    static const char *const endings[] = {".mp4", ".m4v", ".mov", ".mkv", ".ts"};
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
        const size_t size = strlen(name), ending = strlen(endings[i]);
        if (size > ending && g_ascii_strcasecmp(name + size - ending, endings[i]) == 0)
            return true;
    }
    return false;
}

/* No "", no ".", no "..", nothing hidden. */
static bool is_segment(const char *name)
{
    return *name && *name != '.' && !strchr(name, '/') && g_utf8_validate(name, -1, NULL);
}

char *recordings_decode(const char *path)
{
    char **segments = g_strsplit(path, "/", RECORDINGS_MAX_DEPTH + 2);
    const guint n = g_strv_length(segments);
    bool good = n > 0 && n <= RECORDINGS_MAX_DEPTH + 1;
    for (guint i = 0; i < n && good; i++) {
        char *plain = g_uri_unescape_string(segments[i], "/"); /* NULL of %00 and %2F */
        good = plain && *plain && strcmp(plain, ".") != 0 && strcmp(plain, "..") != 0 &&
               g_utf8_validate(plain, -1, NULL);
        g_free(segments[i]);
        segments[i] = plain ? plain : g_strdup("");
    }
    char *id = good ? g_strjoinv("/", segments) : NULL;
    g_strfreev(segments);
    return id;
}

/* A regular file `name` in `folder`; never waits, as opening a pipe would. */
static int open_file(int folder, const char *name, int more, struct stat *status)
{
    int file = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | more);
    if (file >= 0 && (fstat(file, status) || !S_ISREG(status->st_mode))) {
        close(file);
        return -1;
    }
    return file;
}

static int open_below(const char *path, const char *id, struct stat *status)
{
    char **segments = g_strsplit(id, "/", -1);
    const guint n = g_strv_length(segments);
    bool good = n > 0 && n <= RECORDINGS_MAX_DEPTH + 1 && is_video(segments[n - 1]);
    for (guint i = 0; i < n && good; i++)
        good = is_segment(segments[i]);
    int folder = good ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    for (guint i = 0; i + 1 < n && folder >= 0; i++) {
        int next = openat(folder, segments[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        close(folder);
        folder = next;
    }
    int file = folder >= 0 ? open_file(folder, segments[n - 1], O_NOFOLLOW, status) : -1;
    if (folder >= 0)
        close(folder);
    g_strfreev(segments);
    return file;
}

int recordings_open(const struct recordings *recordings, const char *id, struct stat *status)
{
    if (!recordings->file)
        return open_below(recordings->path, id, status);
    return strcmp(id, recordings->file) == 0 ? open_file(AT_FDCWD, recordings->path, 0, status)
                                             : -1;
}

static void free_recording(gpointer data)
{
    struct recording *recording = data;
    g_free(recording->id);
    g_free(recording);
}

/* Takes `id`. */
static void add(GPtrArray *list, char *id, const struct stat *status)
{
    struct recording *recording = g_new(struct recording, 1);
    const char *slash = strrchr(id, '/');
    *recording = (struct recording){id, slash ? slash + 1 : id, status->st_size,
                                    (gint64)status->st_mtim.tv_sec * 1000 +
                                        status->st_mtim.tv_nsec / 1000000};
    g_ptr_array_add(list, recording);
}

/* What was found, and how many names were looked at, videos or not. */
struct survey {
    GPtrArray *list;
    int n_names;
};

/* Takes the descriptor. `above`: its path, "" or with '/' at the end. */
static void walk(struct survey *survey, int folder, const char *above, int depth)
{
    DIR *names = fdopendir(folder);
    if (!names) {
        close(folder);
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(names)) && survey->list->len < RECORDINGS_MAX &&
           survey->n_names++ < RECORDINGS_MAX_NAMES) {
        struct stat status;
        if (!is_segment(entry->d_name) ||
            fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW))
            continue;
        if (S_ISREG(status.st_mode) && is_video(entry->d_name)) {
            add(survey->list, g_strconcat(above, entry->d_name, NULL), &status);
        } else if (S_ISDIR(status.st_mode) && depth < RECORDINGS_MAX_DEPTH) {
            int next =
                openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            char *path = g_strconcat(above, entry->d_name, "/", NULL);
            if (next >= 0)
                walk(survey, next, path, depth + 1);
            g_free(path);
        }
    }
    closedir(names);
}

static gint compare(gconstpointer a, gconstpointer b)
{
    const struct recording *x = *(struct recording *const *)a, *y = *(struct recording *const *)b;
    const int names = strcmp(x->name, y->name);
    return names ? names : strcmp(x->id, y->id);
}

GPtrArray *recordings_list(const struct recordings *recordings)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(free_recording);
    struct stat status;
    if (recordings->file) {
        if (stat(recordings->path, &status) == 0 && S_ISREG(status.st_mode))
            add(list, g_strdup(recordings->file), &status);
        return list;
    }
    int folder = open(recordings->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct survey survey = {list, 0};
    if (folder >= 0)
        walk(&survey, folder, "", 0);
    g_ptr_array_sort(list, compare);
    return list;
}

static char *check(const struct recordings *recordings)
{
    if (recordings->file)
        return NULL;
    GPtrArray *list = recordings_list(recordings);
    const bool empty = list->len == 0;
    g_ptr_array_unref(list);
    return empty ? g_strdup_printf("%s: there are no recordings in this folder (files called .mp4, "
                                   ".m4v, .mov, .mkv or .ts)",
                                   recordings->path)
                 : NULL;
}

struct recordings *recordings_new(const char *path, char **problem)
{
    struct stat status;
    *problem = NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0 || fstat(file, &status))
        *problem = g_strdup_printf("%s: %s", path, g_strerror(errno));
    else if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
        *problem = g_strdup_printf("%s: is neither a file nor a folder", path);
    if (file >= 0)
        close(file);
    if (*problem)
        return NULL;
    struct recordings *recordings = g_new0(struct recordings, 1);
    recordings->path = g_strdup(path);
    if (S_ISREG(status.st_mode)) {
        char *name = g_path_get_basename(path);
        recordings->file = g_utf8_make_valid(name, -1);
        g_free(name);
    }
    *problem = check(recordings);
    if (*problem)
        g_clear_pointer(&recordings, recordings_free);
    return recordings;
}

bool recordings_is_file(const struct recordings *recordings)
{
    return recordings->file != NULL;
}

void recordings_free(struct recordings *recordings)
{
    if (!recordings)
        return;
    g_free(recordings->path);
    g_free(recordings->file);
    g_free(recordings);
}
