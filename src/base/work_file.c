/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* O_TMPFILE */
#include <bauta/work_file.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/left_files.h"
#include "base/log.h"
#include "base/output_path.h"

enum { MOST_NAMED = 32, MOST_TRIES = 1000 };
enum { OPEN_TO_ALL = 0666 };

struct bauta_work_file {
    char *output;
    char name[BT_PATH_MOST]; /* of the work file; empty: it has none */
    int slot;                /* of `named` that has `name`, or negative */
    int file;
    struct bauta_work_file_settings settings;
    bool finished;
};

/* The names of all work files that have one, for a signal handler, which has no other way to them.
 */
static struct named {
    atomic_bool taken, ready;
    char path[BT_PATH_MOST];
} named[MOST_NAMED];

static int note_name(const char *path)
{
    for (int i = 0; i < MOST_NAMED; i++) {
        if (atomic_exchange(&named[i].taken, true))
            continue;
        snprintf(named[i].path, sizeof(named[i].path), "%s", path);
        atomic_store(&named[i].ready, true);
        return i;
    }
    return -1;
}

static void forget_name(int slot)
{
    if (slot < 0)
        return;
    atomic_store(&named[slot].ready, false);
    atomic_store(&named[slot].taken, false);
}

void bauta_work_files_abandon(void)
{
    for (int i = 0; i < MOST_NAMED; i++)
        if (atomic_load(&named[i].ready))
            unlink(named[i].path);
}

static enum bauta_status fail(const struct bauta_work_file *f, int error)
{
    bool exists = error == EEXIST;
    return bt_log_fail(
        f->settings.log, exists ? BAUTA_ERR_EXISTS : BAUTA_ERR_IO, "%s: %s%s", f->output,
        exists ? "" : "cannot be written: ", exists ? bt_exists_already : strerror(error));
}

/* A name in the output's folder that no other work file has. */
static bool choose_name(char name[BT_PATH_MOST], const struct bauta_work_file *f)
{
    char folder[BT_PATH_MOST];
    return bt_path_folder(folder, f->output) && bt_left_files_name(name, BT_PATH_MOST, folder);
}

/* Gives errno. */
static int open_named(struct bauta_work_file *f, mode_t mode)
{
    for (int i = 0; i < MOST_TRIES; i++) {
        if (!choose_name(f->name, f))
            return ENAMETOOLONG;
        f->file = open(f->name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
        if (f->file >= 0 && bt_left_files_lock(f->file)) {
            f->slot = note_name(f->name);
            return 0;
        }
        if (f->file >= 0)
            close(f->file);
        else if (errno != EEXIST)
            break;
    }
    *f->name = '\0'; /* not ours to remove */
    return errno;
}

static void print_link(char link[64], const struct bauta_work_file *f)
{
    snprintf(link, 64, "/proc/self/fd/%d", f->file);
}

/* A file without a name; false where there is no such thing, or no way to name it later. */
static bool open_nameless(struct bauta_work_file *f, mode_t mode)
{
#ifdef O_TMPFILE
    char folder[BT_PATH_MOST], link[64];
    if (!bt_path_folder(folder, f->output))
        return false;
    f->file = open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, mode);
    if (f->file < 0)
        return false;
    print_link(link, f);
    if (access(link, F_OK) == 0)
        return true;
    close(f->file);
    f->file = -1;
#else
    (void)f;
    (void)mode;
#endif
    return false;
}

static int open_stream(struct bauta_work_file *f)
{
    const char *pipe = bt_pipe_path(f->output);
    f->file = pipe ? open(pipe, O_WRONLY | O_CLOEXEC | O_NOCTTY) : STDOUT_FILENO;
    return f->file < 0 ? errno : 0;
}

static int open_file(struct bauta_work_file *f)
{
    unsigned mode = f->settings.mode ? f->settings.mode & 0600 : OPEN_TO_ALL;
    if (bauta_is_stream(f->output))
        return open_stream(f);
    bt_left_files_remove(f->output, f->settings.log);
    return open_nameless(f, (mode_t)mode) ? 0 : open_named(f, (mode_t)mode);
}

static enum bauta_status check(const char *output, const struct bauta_work_file_settings *s)
{
    struct stat about;
    if (!s->update)
        return bauta_output_check(output, s->replace, s->log);
    return lstat(output, &about) == 0 && S_ISREG(about.st_mode)
               ? BAUTA_OK
               : bt_log_fail(s->log, BAUTA_ERR_IO, "%s: is no regular file", output);
}

enum bauta_status bauta_work_file_open(struct bauta_work_file **file, const char *output,
                                       const struct bauta_work_file_settings *settings)
{
    if (!file)
        return BAUTA_ERR_ARGUMENT;
    *file = NULL;
    if (!output || !settings || settings->mode > 0777)
        return BAUTA_ERR_ARGUMENT;
    struct stat about;
    enum bauta_status status = check(output, settings);
    if (status)
        return status;
    struct bauta_work_file *f = calloc(1, sizeof(*f));
    if (!f)
        return BAUTA_ERR_MEMORY;
    f->slot = f->file = -1;
    f->settings = *settings;
    if (settings->update && !settings->mode && lstat(output, &about) == 0)
        f->settings.mode = about.st_mode & 0777;
    f->output = strdup(output);
    status = f->output ? BAUTA_OK : BAUTA_ERR_MEMORY;
    int error = status ? 0 : open_file(f);
    if (error)
        status = fail(f, error);
    if (status)
        bauta_work_file_free(&f);
    *file = f;
    return status;
}

int bauta_work_file_descriptor(const struct bauta_work_file *file)
{
    return file->file;
}

/* Gives a file without a name one that nobody else has. Gives errno. */
static int name_it(struct bauta_work_file *f)
{
    char link[64];
    print_link(link, f);
    bt_left_files_lock(f->file);
    for (int i = 0; i < MOST_TRIES; i++) {
        if (!choose_name(f->name, f))
            return ENAMETOOLONG;
        if (linkat(AT_FDCWD, link, AT_FDCWD, f->name, AT_SYMLINK_FOLLOW) == 0) {
            f->slot = note_name(f->name);
            return 0;
        }
        if (errno != EEXIST)
            break;
    }
    *f->name = '\0';
    return errno;
}

/* Gives errno. */
static int rename_it(struct bauta_work_file *f)
{
    if (rename(f->name, f->output) != 0)
        return errno;
    *f->name = '\0';
    return 0;
}

/* Takes the output's name, unless it is taken. Gives errno. */
static int take_name(struct bauta_work_file *f)
{
    char link[64];
    struct stat there;
    if (!*f->name) {
        print_link(link, f);
        return linkat(AT_FDCWD, link, AT_FDCWD, f->output, AT_SYMLINK_FOLLOW) ? errno : 0;
    }
    if (linkat(AT_FDCWD, f->name, AT_FDCWD, f->output, 0) == 0)
        return 0; /* the other name goes when the work file is freed */
    if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
        return errno;
    if (lstat(f->output, &there) == 0) /* a file system without links, as FAT */
        return EEXIST;
    return rename_it(f);
}

static int replace(struct bauta_work_file *f)
{
    int error = *f->name ? 0 : name_it(f);
    return error ? error : rename_it(f);
}

/* So that the name is on the disk, too; some file systems cannot, and then do it by themselves. */
static void sync_folder(const char *path)
{
    char folder[BT_PATH_MOST];
    int file = bt_path_folder(folder, path) ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    fsync(file);
    close(file);
}

/* Gives errno. */
static int settle(struct bauta_work_file *f)
{
    const struct bauta_work_file_settings *s = &f->settings;
    if (s->mode && fchmod(f->file, (mode_t)s->mode) != 0)
        bt_log(s->log, BAUTA_LOG_WARNING,
               "%s: its file system keeps no rights of files: others may be able to read it",
               f->output);
    if (fsync(f->file) != 0 && errno != EINVAL) /* EINVAL: nothing that can be synced */
        return errno;
    int error = s->replace || s->update ? replace(f) : take_name(f);
    if (!error)
        sync_folder(f->output);
    return error;
}

enum bauta_status bauta_work_file_finish(struct bauta_work_file *f)
{
    enum bauta_status status =
        bauta_is_stream(f->output) ? BAUTA_OK : check(f->output, &f->settings);
    int error = status || bauta_is_stream(f->output) ? 0 : settle(f);
    if (error)
        status = fail(f, error);
    f->finished = status == BAUTA_OK;
    return status;
}

void bauta_work_file_free(struct bauta_work_file **file)
{
    struct bauta_work_file *f = file ? *file : NULL;
    if (!f)
        return;
    if (f->file >= 0 && f->file != STDOUT_FILENO)
        close(f->file);
    if (*f->name)
        unlink(f->name); /* gone already where it was renamed */
    forget_name(f->slot);
    free(f->output);
    free(f);
    *file = NULL;
}
