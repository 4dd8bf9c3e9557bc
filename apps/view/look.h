/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOOK_H
#define LOOK_H

#include <bauta/file.h>

#include "recordings.h"

/*
 * What is known of recordings without a key: inspection and verification, on a thread of their own,
 * one file after the other. What was found is kept until the file changes, of the files that were
 * asked for last. Main thread.
 */
struct look;

/* Borrows all. */
struct look *look_new(const struct recordings *recordings,
                      const struct bauta_signer *const *signers, int n_signers);
/* False if a file is being read, which may take long: then nothing was freed, and the process can
 * only end. */
bool look_free(struct look *look);
/* The answer of /api/look/ID, to be freed with g_free(); NULL: there is no such recording. */
char *look_at(struct look *look, const char *id);

#endif
