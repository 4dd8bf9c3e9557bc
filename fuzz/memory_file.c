/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create */
#include "memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include "law.h"

void memory_file_open(struct memory_file *file, struct bauta_bytes content)
{
    file->descriptor = memfd_create("fuzz", 0);
    LAW(file->descriptor >= 0);
    for (size_t at = 0; at < content.size;) {
        ssize_t n = write(file->descriptor, content.data + at, content.size - at);
        LAW(n > 0);
        at += (size_t)n;
    }
    snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d", file->descriptor);
}

void memory_file_close(struct memory_file *file)
{
    close(file->descriptor);
}
