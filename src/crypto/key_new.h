/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_KEY_NEW_H
#define BT_KEY_NEW_H

#include <bauta/key.h>

#include "crypto/key_type.h"

/* A fresh pair into two new files, as bauta_key_new() says. */
BAUTA_MUST_CHECK enum bauta_status bt_key_new(enum bt_key_type type, const char *private_path,
                                              const char *public_path, const char *passphrase,
                                              const struct bauta_log *log);

#endif
