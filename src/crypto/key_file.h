/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_FILE_H
#define BT_KEY_FILE_H

#include <bauta/log.h>

#include "base/buffer.h"

#define BT_KEY_FILE_MOST (64 << 10) /* bytes; a key has a few hundred */

/* Reads a whole key file. BAUTA_ERR_IO, or BAUTA_ERR_FORMAT if it is too large to be one. */
BAUTA_MUST_CHECK enum bauta_status bt_key_file_read(struct bt_buffer *text, const char *path,
                                                    const struct bauta_log *log);
/* Makes a new file of `mode` and writes `text` to disk; BAUTA_ERR_EXISTS if it is there already.
 * After a failure there is no file. */
BAUTA_MUST_CHECK enum bauta_status bt_key_file_write(const char *path, unsigned mode,
                                                     struct bauta_bytes text,
                                                     const struct bauta_log *log);

#endif
