/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/file.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the ending of a name begins; at the end of the path if it has none: a name that begins with
 * its only dot is all name. */
static size_t stem_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    const char *name = slash ? slash + 1 : path;
    return dot && dot > name ? (size_t)(dot - path) : strlen(path);
}

char *bauta_numbered_path(const char *output, const char *word, int number)
{
    if (!output || !word)
        return NULL;
    size_t size = strlen(output) + strlen(word) + sizeof("--2147483648");
    char *path = malloc(size);
    if (!path)
        return NULL;
    size_t stem = stem_of(output);
    if (number == 1)
        snprintf(path, size, "%s", output);
    else
        snprintf(path, size, "%.*s-%s%d%s", (int)stem, output, word, number, output + stem);
    return path;
}
