/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_FILE_H
#define BT_KEY_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

#include <bauta/log.h>
#include <bauta/work_file.h>

#include "base/buffer.h"

#define BT_KEY_FILE_MOST   (64 << 10) /* bytes; a key has a few hundred */
#define BT_GRANT_FILE_MOST (16 << 20) /* bytes */

/* Reads a whole key file, and tells (unless NULL) whether others than its owner may read or change
 * it. BAUTA_ERR_IO; BAUTA_ERR_FORMAT if it is too large to be one. */
BAUTA_MUST_CHECK enum bauta_status bt_key_file_read(struct bt_buffer *text, const char *path,
                                                    bool *open_to_others,
                                                    const struct bauta_log *log);
/* Whether others than its owner may read or change a file; a pipe or a terminal has no others. */
bool bt_key_file_is_open(int file);
bool bt_key_file_mode_is_open(const struct stat *about);
/* What a private key deserves that others can read: BAUTA_ERR_DENIED, and a sentence. */
BAUTA_MUST_CHECK enum bauta_status bt_key_file_refuse_open(const char *path,
                                                           const struct bauta_log *log);
/* Reads the file of a grant, which may be larger than a key's. */
BAUTA_MUST_CHECK enum bauta_status bt_grant_file_read(struct bt_buffer *text, const char *path,
                                                      const struct bauta_log *log);
/* Makes a new file of `mode` (BAUTA_MODE_DEFAULT: as the umask leaves it) and writes `text` to
 * disk; BAUTA_ERR_EXISTS if it is there already. After a failure there is no file. */
BAUTA_MUST_CHECK enum bauta_status bt_key_file_write(const char *path, unsigned mode,
                                                     struct bauta_bytes text,
                                                     const struct bauta_log *log);
/* Writes a file that was read again, with more in it and with the rights that it has: at once or
 * not at all. */
BAUTA_MUST_CHECK enum bauta_status bt_key_file_update(const char *path, struct bauta_bytes text,
                                                      const struct bauta_log *log);

#endif
