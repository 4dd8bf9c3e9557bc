/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_VERSION_H
#define BAUTA_VERSION_H

#include <bauta/status.h>

/*
 * The version of these headers. Before 1.0.0 a new MINOR may change any call; PATCH never does.
 * A program that needs a newer header asks for it:
 *
 *   #if BAUTA_VERSION_MAJOR == 0 && BAUTA_VERSION_MINOR < 2
 *   #error "Bauta 0.2 or newer is needed"
 *   #endif
 */
#define BAUTA_VERSION_MAJOR  0
#define BAUTA_VERSION_MINOR  1
#define BAUTA_VERSION_PATCH  0
#define BAUTA_VERSION_STRING "0.1.0"

/* The version of the library that the program runs with, in the form of BAUTA_VERSION_STRING. It
 * can be another than the headers that the program was built with. Never NULL; nothing to free. */
BAUTA_API const char *bauta_version(void);

#endif
