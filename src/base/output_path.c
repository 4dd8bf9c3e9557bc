/* SPDX-License-Identifier: Apache-2.0 */
#include "base/output_path.h"

#include <string.h>

#include <bauta/work_file.h>

const char bt_exists_already[] = "exists already and is not overwritten";

bool bauta_is_stream(const char *output)
{
    return strcmp(output, "-") == 0 || bt_pipe_path(output);
}

const char *bt_pipe_path(const char *output)
{
    static const char prefix[] = "pipe:";
    size_t length = sizeof(prefix) - 1;
    return strncmp(output, prefix, length) == 0 ? output + length : NULL;
}

const char *bt_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool bt_path_folder(char folder[BT_PATH_MOST], const char *path)
{
    const char *name = bt_path_name(path);
    size_t size = (size_t)(name - path);
    if (size >= BT_PATH_MOST)
        return false;
    memcpy(folder, path, size);
    folder[size] = '\0';
    if (size == 0)
        strcpy(folder, ".");
    return true;
}
