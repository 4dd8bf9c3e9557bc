/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FINDINGS_H
#define FINDINGS_H

#include <bauta/verifier.h>

#include "json.h"

/*
 * What a verifier finds, as JSON: findings that follow one another are joined into one line, as
 * `bauta verify` does. One thread at a time.
 */
struct findings;

/* At most so many lines are kept, the newest; 0: all. */
struct findings *findings_new(size_t most);
void findings_free(struct findings *findings);
/* For struct bauta_verifier_settings; `user` is a struct findings. */
void findings_add(void *user, const struct bauta_finding *finding);
/* A new list of all lines. */
json_t *findings_json(const struct findings *findings);

#endif
