/* SPDX-License-Identifier: Apache-2.0 */
#include "private_file.h"

#include <glib.h>

char *private_file_problem(const struct stat *about, const char *path)
{
    if (!S_ISREG(about->st_mode) || !(about->st_mode & 077))
        return NULL;
    return g_strdup_printf("%s: others than its owner can read or change it: chmod 600 it", path);
}
