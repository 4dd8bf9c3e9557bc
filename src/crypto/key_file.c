/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

enum { PIECE = 64 << 10 }; /* bytes */

static enum bauta_status fail(const char *path, int error, const struct bauta_log *log)
{
    return bt_log_fail(log, error == EEXIST ? BAUTA_ERR_EXISTS : BAUTA_ERR_IO, "%s: %s", path,
                       error == EEXIST ? "exists already and is not overwritten" : strerror(error));
}

/* Whether others have a right to a file; a pipe or a terminal has no others. */
static bool is_open_to_others(int file)
{
    struct stat about;
    return fstat(file, &about) == 0 && S_ISREG(about.st_mode) && (about.st_mode & 077) != 0;
}

/* Appends what `file` holds, in pieces: a key is in the first, which no growing buffer leaves
 * copies of. Gives errno. */
static int read_all(struct bt_buffer *text, int file, size_t most)
{
    while (text->size < most) {
        size_t before = text->size, room = most - before < PIECE ? most - before : PIECE;
        uint8_t *to = bt_buffer_extend(text, room);
        ssize_t n = to ? read(file, to, room) : 0;
        if (n < 0 && errno != EINTR)
            return errno;
        text->size = before + (n > 0 ? (size_t)n : 0);
        if (n == 0)
            return 0;
    }
    return 0;
}

static enum bauta_status read_file(struct bt_buffer *text, const char *path, size_t most,
                                   bool *open_to_others, const struct bauta_log *log)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail(path, errno, log);
    if (open_to_others)
        *open_to_others = is_open_to_others(file);
    int error = read_all(text, file, most);
    close(file);
    if (error)
        return fail(path, error, log);
    if (text->size == most)
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: too large for a key file", path);
    return bt_buffer_status(text);
}

enum bauta_status bt_key_file_refuse_open(const char *path, const struct bauta_log *log)
{
    return bt_log_fail(log, BAUTA_ERR_DENIED,
                       "%s: others can read this private key; close it to them (chmod 600), and "
                       "ask who has a copy",
                       path);
}

enum bauta_status bt_key_file_read(struct bt_buffer *text, const char *path, bool *open_to_others,
                                   const struct bauta_log *log)
{
    return read_file(text, path, BT_KEY_FILE_MOST, open_to_others, log);
}

enum bauta_status bt_grant_file_read(struct bt_buffer *text, const char *path,
                                     const struct bauta_log *log)
{
    return read_file(text, path, BT_GRANT_FILE_MOST, NULL, log);
}

/* Writes to disk and closes. Gives errno. */
static int write_all(int file, struct bauta_bytes text)
{
    size_t written = 0;
    int error = 0;
    while (!error && written < text.size) {
        ssize_t n = write(file, text.data + written, text.size - written);
        if (n < 0 && errno != EINTR)
            error = errno;
        else if (n > 0)
            written += (size_t)n;
    }
    if (!error && fsync(file) != 0 && errno != EINVAL) /* EINVAL: not a file that can be synced */
        error = errno;
    if (close(file) != 0 && !error)
        error = errno;
    return error;
}

enum bauta_status bt_key_file_write(const char *path, unsigned mode, struct bauta_bytes text,
                                    const struct bauta_log *log)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (file < 0)
        return fail(path, errno, log);
    int error = write_all(file, text);
    if (!error)
        return BAUTA_OK;
    unlink(path);
    return fail(path, error, log);
}

enum bauta_status bt_key_file_replace(const char *path, unsigned mode, struct bauta_bytes text,
                                      const struct bauta_log *log)
{
    char part[4096];
    if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
        return fail(path, ENAMETOOLONG, log);
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, (mode_t)mode);
    if (file < 0)
        return fail(part, errno, log);
    int error = write_all(file, text);
    if (!error && rename(part, path) != 0)
        error = errno;
    if (!error)
        return BAUTA_OK;
    unlink(part);
    return fail(path, error, log);
}
