/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PASSPHRASE_H
#define PASSPHRASE_H

#include <bauta/log.h>
#include <bauta/status.h>

enum { PASSPHRASE_MOST = 1026 }; /* with its line end */

/* Reads the first line of the file `path` into `passphrase`; wipe it. BAUTA_ERR_IO, having said
 * why. */
BAUTA_MUST_CHECK enum bauta_status passphrase_read(char passphrase[PASSPHRASE_MOST],
                                                   const char *path, const struct bauta_log *log);
void passphrase_wipe(char passphrase[PASSPHRASE_MOST]);

#endif
