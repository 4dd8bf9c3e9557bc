/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PEM_FILE_H
#define BT_PEM_FILE_H

#include <bauta/log.h>

#include "base/buffer.h"

/* Bytes of our own in PEM's armour (RFC 7468): "-----BEGIN LABEL-----", base64, the end. */

void bt_pem_write(struct bt_buffer *text, const char *label, struct bauta_bytes bytes);
/* Appends what the first PEM text in `pem` holds. BAUTA_ERR_FORMAT if it is of another label or
 * none; the log says, of the file `name`, what it is. */
BAUTA_MUST_CHECK enum bauta_status bt_pem_read(struct bt_buffer *bytes, const char *label,
                                               struct bauta_bytes pem, const char *name,
                                               const struct bauta_log *log);

#endif
