/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LAW_H
#define LAW_H

#include <stdio.h>
#include <stdlib.h>

#include <bauta/bytes.h>

/* Ends the program when a law is broken, in every build. */
#define LAW(holds)                                                                                 \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "broken: %s\n", #holds);                                               \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
