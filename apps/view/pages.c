/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

#include <gio/gio.h>
#include <string.h>

static const struct {
    const char *path, *resource, *type;
} pages[] = {
    {"/", "/bauta/view/index.html", "text/html; charset=utf-8"},
    {"/player.js", "/bauta/view/player.js", "text/javascript; charset=utf-8"},
    {"/engine.js", "/bauta/view/engine.js", "text/javascript; charset=utf-8"},
    {"/player.css", "/bauta/view/player.css", "text/css; charset=utf-8"},
    {"/icon.svg", "/bauta/view/icon.svg", "image/svg+xml"},
};

GBytes *pages_find(const char *path, const char **type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        if (strcmp(path, pages[i].path) != 0)
            continue;
        *type = pages[i].type;
        return g_resources_lookup_data(pages[i].resource, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
    }
    return NULL;
}
