/* SPDX-License-Identifier: Apache-2.0 */
#include "law.h"

#include <glib/gstdio.h>
#include <string.h>

#include "config/config.h"

/* Law: a configuration is taken without a word, and then has cameras, each with a name and like
 * itself; or it is refused, and there is a sentence for it that names the file. */

/* GStreamer's own reading of descriptions is left out. */
static char *pass_source(const struct source_config *config)
{
    (void)config;
    return NULL;
}

static char *pass_encoder(const struct stream_config *config)
{
    (void)config;
    return NULL;
}

static const struct config_checks checks = {pass_source, pass_encoder};

static void check_camera(const struct camera_config *camera)
{
    LAW(camera->name[0] && camera->source.location && camera->record.directory);
    LAW(config_same_camera(camera, camera));
    LAW(camera->n_protect >= 0 && camera->n_protect <= CONFIG_MAX_PROTECT);
    for (int i = 0; i < camera->n_protect; i++)
        LAW(camera->protect[i].name && camera->protect[i].value);
}

/* In a folder of its own: files that are named are looked for beside it. */
static char *write_file(const uint8_t *data, size_t size)
{
    char *folder = g_dir_make_tmp("bauta-fuzz-XXXXXX", NULL);
    LAW(folder);
    char *path = g_build_filename(folder, "live.conf", NULL);
    LAW(g_file_set_contents(path, data ? (const char *)data : "", (gssize)size, NULL));
    g_free(folder);
    return path;
}

static void remove_file(char *path)
{
    char *folder = g_path_get_dirname(path);
    g_remove(path);
    g_rmdir(folder);
    g_free(folder);
    g_free(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *path = write_file(data, size);
    GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);
    struct service_config *config = config_read(path, &checks, problems);
    LAW((config != NULL) == (problems->len == 0));
    for (guint i = 0; i < problems->len; i++)
        LAW(strstr(problems->pdata[i], path));
    if (config) {
        LAW(config->n_cameras > 0 && config->realm && config->name && config->address);
        LAW(config->anonymous || config->n_users > 0);
        for (int i = 0; i < config->n_cameras; i++)
            check_camera(config->cameras[i]);
    }
    config_free(config);
    g_ptr_array_unref(problems);
    remove_file(path);
    return 0;
}
