/* SPDX-License-Identifier: Apache-2.0 */
#include "private_file.h"

#include <glib.h>

#include <bauta/secrets.h>

static void keep(void *user, enum bauta_log_level level, const char *sentence)
{
    char **problem = user;
    (void)level;
    g_free(*problem);
    *problem = g_strdup(sentence);
}

char *private_file_problem(const char *path)
{
    char *problem = NULL;
    const struct bauta_log log = {keep, &problem};
    if (bauta_secret_check(path, &log))
        return problem ? problem : g_strdup(path);
    return NULL;
}
