/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CERTIFICATE_H
#define CERTIFICATE_H

#include <sys/types.h>

#include <jansson.h>

#include "audit_note.h"

struct bauta_work_file;

/* A JSON text about a file that is made, and its signature: who made it, when, why, from what. They
 * stand in their place before the file gets its name: there is no such file without them. Starts
 * from `{0}`. */
struct certificate {
    char path[4096 + 16], signature_path[4096 + 16];
    struct bauta_work_file *text, *signature;
    bool named, signed_; /* they are there */
    char *before;        /* the text that was replaced, or NULL */
    size_t before_size;
    mode_t before_mode;
};

/* Name and SHA-256 of a file: of what is open as `file`, or if that is negative stands there. NULL,
 * having said why. */
json_t *certificate_file(const char *path, int file, const struct options *options);
/* What every certificate says: the files with their SHA-256, tool, person, time, reason. Takes
 * `out`, which is a certificate_file() or NULL. NULL, having said why. */
json_t *certificate_new(const char *kind, const struct audit_note *note, const char *input,
                        json_t *out, const struct options *options);
/* Writes `text` (which it takes, and may be NULL) to OUTPUT.json, and if there is a key its
 * signature to OUTPUT.json.sig: both or none. Gives the exit status. */
int certificate_write(struct certificate *certificate, json_t *text, const char *output,
                      const struct bauta_signing_key *key, const struct options *options);
/* Takes back what was written: the file that it is about has not come. A text that was replaced is
 * there again. */
void certificate_take_back(struct certificate *certificate, const struct options *options);
/* Frees what it holds; what was written stays. */
void certificate_clear(struct certificate *certificate);

#endif
