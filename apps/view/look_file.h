/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOK_FILE_H
#define LOOK_FILE_H

#include <bauta/file.h>

#include "json.h"

/* What can be told of one file, as JSON text. Any thread. */

/* Both give NULL and a sentence in `*problem` if it cannot be read; `path` is read, `name` told.
 * Free what they give with g_free(). */
char *look_inspect(const char *path, const char *name, char **problem);
char *look_verify(const char *path, const char *name, const struct bauta_signer *const *signers,
                  int n_signers, char **problem);

/* "h264", "h265" */
const char *look_codec_name(enum bauta_codec codec);
json_t *look_recipients(const struct bauta_inspection *inspection);

#endif
