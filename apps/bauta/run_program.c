/* SPDX-License-Identifier: Apache-2.0 */
#include "run_program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "say.h"

enum { MAX_FOLDER = 4096, MAX_NAME = 64 };

/* The folder of this program, with '/' at its end; false if the system does not tell. */
static bool find_folder(char *folder, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", folder, size - 1);
    if (length <= 0 || (size_t)length >= size - 1)
        return false;
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[1] = '\0';
    return slash != NULL;
}

void words_init(struct words *words, const char *name)
{
    memset(words, 0, sizeof(*words));
    words_add(words, name);
}

void words_add(struct words *words, const char *word)
{
    const size_t size = strlen(word) + 1;
    char *copy =
        words->n + 1 < (int)(sizeof(words->list) / sizeof(words->list[0])) ? malloc(size) : NULL;
    words->failed |= !copy;
    if (copy)
        words->list[words->n++] = memcpy(copy, word, size);
}

void words_add_option(struct words *words, const char *name, const char *value)
{
    words_add(words, name);
    words_add(words, value);
}

static void words_clear(struct words *words)
{
    for (int i = 0; i < words->n; i++)
        free(words->list[i]);
}

int run_program(struct words *words)
{
    const char *name = words->list[0];
    char path[MAX_FOLDER + MAX_NAME];
    if (words->failed) {
        words_clear(words);
        return cli_exit_status(BAUTA_ERR_MEMORY);
    }
    if (find_folder(path, MAX_FOLDER)) {
        strncat(path, name, MAX_NAME - 1);
        execv(path, words->list);
    }
    snprintf(path, sizeof(path), BAUTA_LIBEXEC "/%s", name);
    execv(path, words->list);
    execvp(name, words->list);
    cli_say("%s cannot be run: %s", name, strerror(errno));
    words_clear(words);
    return EXIT_FAILED;
}
