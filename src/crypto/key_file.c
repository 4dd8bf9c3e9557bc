/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <bauta/work_file.h>

#include "base/log.h"

enum { PIECE = 64 << 10 }; /* bytes */

static enum bauta_status fail(const char *path, int error, const struct bauta_log *log)
{
    return bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", path, strerror(error));
}

bool bt_key_file_mode_is_open(const struct stat *about)
{
    return S_ISREG(about->st_mode) && (about->st_mode & 077) != 0;
}

bool bt_key_file_is_open(int file)
{
    struct stat about;
    return fstat(file, &about) == 0 && bt_key_file_mode_is_open(&about);
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
        *open_to_others = bt_key_file_is_open(file);
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
                       "%s: others than its owner can read or change it: chmod 600 it, and ask "
                       "who has a copy of this private key",
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

/* Gives errno. */
static int write_all(int file, struct bauta_bytes text)
{
    for (size_t written = 0; written < text.size;) {
        ssize_t n = write(file, text.data + written, text.size - written);
        if (n < 0 && errno != EINTR)
            return errno;
        written += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

static enum bauta_status write_file(const char *path, struct bauta_bytes text,
                                    const struct bauta_work_file_settings *settings)
{
    struct bauta_work_file *file;
    enum bauta_status status = bauta_work_file_open(&file, path, settings);
    if (status)
        return status;
    int error = write_all(bauta_work_file_descriptor(file), text);
    status = error ? fail(path, error, settings->log) : bauta_work_file_finish(file);
    bauta_work_file_free(&file);
    return status;
}

enum bauta_status bt_key_file_write(const char *path, unsigned mode, struct bauta_bytes text,
                                    const struct bauta_log *log)
{
    const struct bauta_work_file_settings settings = {.mode = mode, .log = log};
    return write_file(path, text, &settings);
}

enum bauta_status bt_key_file_update(const char *path, struct bauta_bytes text,
                                     const struct bauta_log *log)
{
    const struct bauta_work_file_settings settings = {.update = true, .log = log};
    return write_file(path, text, &settings);
}
