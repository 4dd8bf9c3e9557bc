/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

static enum bauta_status fail(const char *path, int error, const struct bauta_log *log)
{
    return bt_log_fail(log, error == EEXIST ? BAUTA_ERR_EXISTS : BAUTA_ERR_IO, "%s: %s", path,
                       error == EEXIST ? "exists already and is not overwritten" : strerror(error));
}

enum bauta_status bt_key_file_read(struct bt_buffer *text, const char *path,
                                   const struct bauta_log *log)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail(path, errno, log);
    uint8_t *to = bt_buffer_extend(text, BT_KEY_FILE_MOST);
    size_t size = 0;
    ssize_t n = 1;
    while (to && n > 0 && size < BT_KEY_FILE_MOST) {
        n = read(file, to + size, BT_KEY_FILE_MOST - size);
        if (n < 0 && errno == EINTR)
            n = 1;
        else if (n > 0)
            size += (size_t)n;
    }
    int error = n < 0 ? errno : 0;
    close(file);
    text->size = size;
    if (error)
        return fail(path, error, log);
    if (size == BT_KEY_FILE_MOST)
        return bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: too large for a key file", path);
    return bt_buffer_status(text);
}

enum bauta_status bt_key_file_write(const char *path, unsigned mode, struct bauta_bytes text,
                                    const struct bauta_log *log)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (file < 0)
        return fail(path, errno, log);
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
    if (!error)
        return BAUTA_OK;
    unlink(path);
    return fail(path, error, log);
}
