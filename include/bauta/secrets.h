/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_SECRETS_H
#define BAUTA_SECRETS_H

#include <stdbool.h>
#include <stddef.h>

#include <bauta/log.h>
#include <bauta/status.h>

/*
 * For a program that handles keys, once, at its start, before any other call: keys then live in
 * memory that is locked, wiped after use and left out of core dumps, and the process leaves none
 * (RLIMIT_CORE 0, PR_SET_DUMPABLE 0). It changes the whole process, which is why the library does
 * not do it by itself. Where the system allows no locked memory, a warning says so and keys live in
 * ordinary memory.
 */
BAUTA_API void bauta_secrets_guard(const struct bauta_log *log);

/*
 * One rule for every file that holds a secret: passphrases, passwords, private keys. It is its
 * owner's alone: nobody else can read or change it (mode 0600). A pipe, as of a shell's <(command),
 * or a terminal has no others.
 */

#define BAUTA_SECRET_MOST 1024 /* bytes */

/* The first line of such a file, without its end, to be freed with bauta_secret_free(). With a
 * sentence in the log: BAUTA_ERR_IO, not readable; BAUTA_ERR_DENIED, others than its owner can read
 * or change it; BAUTA_ERR_FORMAT, the line is empty, or longer than BAUTA_SECRET_MOST. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_secret_read(char **secret, const char *path,
                                                               const struct bauta_log *log);
BAUTA_API void bauta_secret_free(char **secret); /* wipes */
/* The rule alone, for a file that something else reads: BAUTA_ERR_DENIED, and the same sentence.
 * BAUTA_ERR_FORMAT: it is no secret, but a public key or a certificate. What is not there breaks no
 * rule. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_secret_check(const char *path,
                                                                const struct bauta_log *log);

/* Overwrites a secret so that no compiler can leave it out. NULL is fine, with any size. */
BAUTA_API void bauta_wipe(void *secret, size_t size);
/* The same of a text, up to its end. */
BAUTA_API void bauta_wipe_text(char *secret);

/* Whether two secrets are equal. The time it takes says nothing of them; memcmp() and strcmp() tell
 * who can measure it how much of a guess is right. */
BAUTA_API bool bauta_equal_secret(const void *secret, const void *guess, size_t size);
/* The same of texts; the time says at most how long they are. */
BAUTA_API bool bauta_equal_secret_text(const char *secret, const char *guess);

#endif
