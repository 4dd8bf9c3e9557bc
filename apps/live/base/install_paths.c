/* SPDX-License-Identifier: Apache-2.0 */
#include "install_paths.h"

#include <glib.h>

char *install_paths_beside(const char *name)
{
    char *self = g_file_read_link("/proc/self/exe", NULL);
    char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
    char *path = g_build_filename(folder, name, NULL);
    g_free(folder);
    g_free(self);
    return path;
}

void install_paths_find_detector(void)
{
    char *path = install_paths_beside("bauta-detector");
    if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
        g_setenv("BAUTA_DETECTOR", path, FALSE);
    g_free(path);
}
