/* SPDX-License-Identifier: Apache-2.0 */
#define _DEFAULT_SOURCE /* flock */
#include "base/left_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/output_path.h"

bool bt_left_files_lock(int file)
{
    struct stat about;
    flock(file, LOCK_EX); /* waits for who looks at it just now */
    return fstat(file, &about) != 0 || about.st_nlink > 0;
}

bool bt_left_files_name(char *name, size_t size, const char *folder)
{
    uint64_t drawn;
    if (getrandom(&drawn, sizeof(drawn), 0) != sizeof(drawn))
        return false;
    int n =
        snprintf(name, size, "%s/.bauta-%ld-%016" PRIx64 ".part", folder, (long)getpid(), drawn);
    return n >= 0 && (size_t)n < size;
}

bool bt_left_files_is_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    unsigned long process;
    int from = 0, to = 0, size = 0;
    return sscanf(name, ".bauta-%lu-%n%*16[0-9a-f]%n.part%n", &process, &from, &to, &size) == 1 &&
           to - from == 16 && size > 0 && name[size] == '\0';
}

/* Whether a file of this user was left; it is locked then until it is closed. */
static bool was_left(int file, const char *path)
{
    struct stat about, named;
    return fstat(file, &about) == 0 && S_ISREG(about.st_mode) && about.st_uid == geteuid() &&
           flock(file, LOCK_EX | LOCK_NB) == 0 && lstat(path, &named) == 0 &&
           named.st_dev == about.st_dev && named.st_ino == about.st_ino;
}

static void look_at(const char *path, const struct bauta_log *log)
{
    int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return;
    if (was_left(file, path) && unlink(path) == 0)
        bt_log(log, BAUTA_LOG_INFO, "%s: was left by a run that was killed, and is removed", path);
    close(file);
}

void bt_left_files_remove(const char *output, const struct bauta_log *log)
{
    char folder[BT_PATH_MOST], path[BT_PATH_MOST + 256];
    DIR *all = bt_path_folder(folder, output) ? opendir(folder) : NULL;
    const struct dirent *entry;
    while (all && (entry = readdir(all))) {
        if (!bt_left_files_is_name(entry->d_name))
            continue;
        int size = snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        if (size >= 0 && (size_t)size < sizeof(path))
            look_at(path, log);
    }
    if (all)
        closedir(all);
}
