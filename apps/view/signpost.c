/* SPDX-License-Identifier: Apache-2.0 */
#include "signpost.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

/* A page that leads to the address; its file is made for this user alone. */
static char *write_page(const char *address, GError **error)
{
    char *path = NULL;
    int file = g_file_open_tmp("bauta-view-XXXXXX.html", &path, error);
    if (file < 0)
        return NULL;
    char *text = g_strdup_printf("<!doctype html><meta name=\"referrer\" content=\"no-referrer\">"
                                 "<meta http-equiv=\"refresh\" content=\"0; url=%s\">\n",
                                 address);
    const bool written = write(file, text, strlen(text)) == (ssize_t)strlen(text);
    g_free(text);
    if (close(file) == 0 && written)
        return path;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be written", path);
    signpost_remove(path);
    return NULL;
}

char *signpost_open(const char *address)
{
    GError *error = NULL;
    char *path = write_page(address, &error);
    char *uri = path ? g_filename_to_uri(path, NULL, &error) : NULL;
    if (!uri || !g_app_info_launch_default_for_uri(uri, NULL, &error)) {
        g_printerr("bauta-view: no browser can be opened: %s\n", error->message);
        g_clear_error(&error);
        signpost_remove(path);
        path = NULL;
    }
    g_free(uri);
    return path;
}

void signpost_remove(char *path)
{
    if (path)
        unlink(path);
    g_free(path);
}
