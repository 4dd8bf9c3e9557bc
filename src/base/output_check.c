/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/secrets.h>
#include <bauta/work_file.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/left_files.h"
#include "base/log.h"
#include "base/output_path.h"

enum { HEAD_SIZE = 4096 }; /* bytes that are looked at */
enum {
    SIGNATURE_SIZE = 64
}; /* bytes, of Ed25519 (RFC 8032); nothing else that we write has them */

/* Whether a file is one that nobody can make again: what it begins with tells. PEM (keys, groups,
 * grants, heads of logs, certificates), SQLite (the audit log), or the size of a signature. */
static bool is_evidence(const char *path, const struct stat *about)
{
    static const char pem[] = "-----BEGIN ", sqlite[] = "SQLite format 3";
    char head[HEAD_SIZE] = ""; /* certtool tells in words before a key what it is */
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return true; /* nobody knows */
    ssize_t size = read(file, head, sizeof(head) - 1);
    close(file);
    return about->st_size == SIGNATURE_SIZE || size < 0 || strstr(head, pem) ||
           strncmp(head, sqlite, sizeof(sqlite) - 1) == 0;
}

/* Whether a file may hold a passphrase or a password: a short text that only its owner can read,
 * and not one of ours, which are JSON. */
/* As reports, certificates and lists of regions begin. */
static bool is_json(const char *text)
{
    return *text == '{' && (text[1] == '\n' || text[1] == '"');
}

static bool may_be_secret(const char *path, const struct stat *about)
{
    char text[BAUTA_SECRET_MOST + 3] = ""; /* with its line's end */
    if ((about->st_mode & 077) || about->st_size == 0 || about->st_size > (off_t)sizeof(text) - 1)
        return false;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t size = file < 0 ? -1 : read(file, text, sizeof(text) - 1);
    if (file >= 0)
        close(file);
    bool secret = size < 0 || (!memchr(text, '\0', (size_t)size) && !is_json(text));
    memset(text, 0, sizeof(text));
    return secret;
}

static enum bauta_status check_pipe(const char *path, const struct bauta_log *log)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return bt_log_fail(log, BAUTA_ERR_IO, "pipe:%s: %s", path, strerror(errno));
    if (!S_ISFIFO(about.st_mode) && !S_ISCHR(about.st_mode))
        return bt_log_fail(log, BAUTA_ERR_IO, "pipe:%s: is no pipe", path);
    return BAUTA_OK;
}

static enum bauta_status check_there(const char *path, const struct stat *about, bool replace,
                                     const struct bauta_log *log)
{
    if (S_ISLNK(about->st_mode))
        return bt_log_fail(log, BAUTA_ERR_IO,
                           "%s: is a link: name the file that shall be written, or - for standard "
                           "output",
                           path);
    if (S_ISDIR(about->st_mode))
        return bt_log_fail(log, BAUTA_ERR_IO, "%s: is a folder", path);
    if (S_ISFIFO(about->st_mode) || S_ISCHR(about->st_mode))
        return bt_log_fail(log, BAUTA_ERR_IO,
                           "%s: is no regular file: write pipe:%s if it shall be written into",
                           path, path);
    if (!S_ISREG(about->st_mode))
        return bt_log_fail(log, BAUTA_ERR_IO, "%s: is no regular file", path);
    if (!replace)
        return bt_log_fail(log, BAUTA_ERR_EXISTS, "%s: %s", path, bt_exists_already);
    if (is_evidence(path, about))
        return bt_log_fail(log, BAUTA_ERR_EXISTS,
                           "%s: is a key, a grant, an audit log or a signature, which is never "
                           "overwritten",
                           path);
    if (may_be_secret(path, about))
        return bt_log_fail(log, BAUTA_ERR_EXISTS,
                           "%s: may be a passphrase or a password, a short text that only its "
                           "owner can read: it is not overwritten",
                           path);
    return BAUTA_OK;
}

enum bauta_status bauta_output_check(const char *output, bool replace, const struct bauta_log *log)
{
    struct stat about;
    if (!output)
        return BAUTA_ERR_ARGUMENT;
    if (strcmp(output, "-") == 0)
        return BAUTA_OK;
    if (bt_pipe_path(output))
        return check_pipe(bt_pipe_path(output), log);
    if (lstat(output, &about) == 0)
        return check_there(output, &about, replace, log);
    return errno == ENOENT || errno == ENOTDIR
               ? BAUTA_OK /* a folder that is missing is told when the file is made */
               : bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", output, strerror(errno));
}

/* A file; or where it would be, if it is not there. */
struct identity {
    struct stat about;
    const char *name; /* in the folder `about`; NULL: the file itself */
};

static bool identify(struct identity *id, const char *path, int standard)
{
    char folder[BT_PATH_MOST];
    *id = (struct identity){.name = NULL};
    if (strcmp(path, "-") == 0)
        return fstat(standard, &id->about) == 0;
    if (stat(path, &id->about) == 0)
        return true;
    id->name = bt_path_name(path);
    return bt_path_folder(folder, path) && stat(folder, &id->about) == 0;
}

/* A terminal or /dev/null may be both ends. */
static bool is_same(const struct identity *a, const struct identity *b)
{
    mode_t mode = a->about.st_mode;
    bool named = a->name && b->name;
    return a->about.st_dev == b->about.st_dev && a->about.st_ino == b->about.st_ino &&
           (named ? strcmp(a->name, b->name) == 0
                  : !a->name && !b->name && (S_ISREG(mode) || S_ISFIFO(mode)));
}

enum bauta_status bauta_output_apart(const char *output, const char *other,
                                     const struct bauta_log *log)
{
    struct identity a, b;
    if (!output || !other)
        return BAUTA_ERR_ARGUMENT;
    const char *path = bt_pipe_path(output) ? bt_pipe_path(output) : output;
    if (bt_left_files_is_name(other))
        return bt_log_fail(log, BAUTA_ERR_ARGUMENT,
                           "%s: has the name of a work file that a killed run left, which the next "
                           "run removes: rename it first",
                           other);
    if (!identify(&a, path, STDOUT_FILENO) || !identify(&b, other, STDIN_FILENO) ||
        !is_same(&a, &b))
        return BAUTA_OK;
    return bt_log_fail(log, BAUTA_ERR_ARGUMENT,
                       "%s would be written over %s, which is the same file: give another name",
                       strcmp(output, "-") == 0 ? "standard output" : output,
                       strcmp(other, "-") == 0 ? "standard input" : other);
}
