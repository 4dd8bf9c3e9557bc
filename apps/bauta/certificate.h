/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include <jansson.h>

#include "audit_note.h"

/* A JSON text about a file that was made, and its signature: who made it, when, why, from what. */

/* What every certificate says: the files with their SHA-256, tool, person, time, reason. NULL,
 * having said why. */
json_t *certificate_new(const char *kind, const struct audit_note *note, const char *input,
                        const char *output, const struct options *options);
/* Writes `text` (which it takes) to PATH, and if there is a key its signature to PATH.sig. Gives
 * the exit status. */
int certificate_write(json_t *text, const char *path, const struct bauta_signing_key *key,
                      const struct options *options);

/* Completes the members of an array, each with the path of a file as its "name", by its hash. Gives
 * the exit status. */
int certificate_hash_parts(json_t *parts, const struct options *options);

#endif
