/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MEMORY_FILE_H
#define MEMORY_FILE_H

#include <bauta/bytes.h>

/* A file that lives in memory, for doors that want a path. */
struct memory_file {
    int descriptor;
    char path[64];
};

void memory_file_open(struct memory_file *file, struct bauta_bytes content);
void memory_file_close(struct memory_file *file);

#endif
