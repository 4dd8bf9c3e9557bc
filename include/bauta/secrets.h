/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_SECRETS_H
#define BAUTA_SECRETS_H

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

#endif
