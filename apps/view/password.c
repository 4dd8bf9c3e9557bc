/* SPDX-License-Identifier: Apache-2.0 */
#include "password.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "private_file.h"

enum { MOST = 1024 };

static enum bauta_status read_line(char **password, char **problem, const char *path, FILE *file)
{
    setvbuf(file, NULL, _IONBF, 0); /* no copy of the secret stays in a buffer */
    struct stat about;
    *problem = fstat(fileno(file), &about) ? g_strdup_printf("%s: %s", path, g_strerror(errno))
                                           : private_file_problem(&about, path);
    if (*problem)
        return BAUTA_ERR_DENIED;
    char *line = g_malloc0(MOST);
    const bool got = fgets(line, MOST, file) != NULL;
    const size_t length = strcspn(line, "\r\n");
    const bool whole = line[length] || feof(file);
    line[length] = '\0';
    if (got && whole && *line) {
        *password = line;
        return BAUTA_OK;
    }
    password_free(&line);
    *problem = g_strdup_printf("%s: there is no password on its first line", path);
    return BAUTA_ERR_FORMAT;
}

enum bauta_status password_read(char **password, char **problem, const char *path)
{
    *password = NULL;
    FILE *file = fopen(path, "r");
    if (!file) {
        *problem = g_strdup_printf("%s: %s", path, g_strerror(errno));
        return BAUTA_ERR_IO;
    }
    const enum bauta_status status = read_line(password, problem, path, file);
    fclose(file);
    return status;
}

void password_free(char **password)
{
    volatile char *p = *password; /* volatile: the stores must not be optimised away */
    while (p && *p)
        *p++ = '\0';
    g_free(*password);
    *password = NULL;
}
