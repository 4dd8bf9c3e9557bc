/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <string.h>

#include "config_parts.h"

static void add_camera(struct service_config *config, struct camera_config *camera)
{
    config->cameras = g_renew(struct camera_config *, config->cameras, config->n_cameras + 1);
    config->cameras[config->n_cameras++] = camera;
}

/* GKeyFile takes two groups of one name for one, silently. */
static void find_doubles(const char *path, GPtrArray *problems)
{
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return;
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    char **lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (*g_strstrip(*line) == '[' && !g_hash_table_add(seen, *line))
            g_ptr_array_add(problems, g_strdup_printf("%s: %s is there twice", path, *line));
    g_hash_table_unref(seen);
    g_strfreev(lines);
    g_free(text);
}

static const char camera_word[] = "camera ";

static int count_cameras(GKeyFile *keys)
{
    char **groups = g_key_file_get_groups(keys, NULL);
    int n = 0;
    for (char **group = groups; *group; group++)
        n += g_str_has_prefix(*group, camera_word);
    g_strfreev(groups);
    return n;
}

static void read_groups(struct service_config *config, struct reader *reader,
                        const struct config_checks *checks)
{
    char **groups = g_key_file_get_groups(reader->keys, NULL);
    bool has_service = false;
    for (char **group = groups; *group; group++) {
        reader_begin(reader, *group);
        if (strcmp(*group, "service") == 0) {
            has_service = true;
            config_read_service(config, reader);
        } else if (g_str_has_prefix(*group, camera_word)) {
            struct camera_config *camera =
                config_read_camera(reader, checks, *group + strlen(camera_word));
            if (camera)
                add_camera(config, camera);
        } else {
            reader_problem(reader, NULL, "there is no such group: [service] and [camera NAME] are");
            continue;
        }
        reader_end(reader);
    }
    if (!has_service) {
        reader_begin(reader, "service");
        config_read_service(config, reader);
    }
    g_strfreev(groups);
}

struct service_config *config_read(const char *path, const struct config_checks *checks,
                                   GPtrArray *problems)
{
    GKeyFile *keys = g_key_file_new();
    GError *error = NULL;
    if (!g_key_file_load_from_file(keys, path, G_KEY_FILE_NONE, &error)) {
        g_ptr_array_add(problems, g_strdup_printf("%s: %s", path, error->message));
        g_error_free(error);
        g_key_file_free(keys);
        return NULL;
    }
    guint n_before = problems->len;
    find_doubles(path, problems);
    struct reader reader;
    reader_init(&reader, keys, path, problems);
    struct service_config *config = g_new0(struct service_config, 1);
    config->path = g_canonicalize_filename(path, NULL);
    const int n_cameras = count_cameras(keys);
    if (n_cameras == 0)
        g_ptr_array_add(problems, g_strdup_printf("%s: there is no group [camera NAME]", path));
    if (n_cameras > CONFIG_MAX_CAMERAS) /* a camera's key takes a second to open: not so many */
        g_ptr_array_add(problems, g_strdup_printf("%s: has %d cameras: one service has %d at most",
                                                  path, n_cameras, CONFIG_MAX_CAMERAS));
    else
        read_groups(config, &reader, checks);
    reader_clear(&reader);
    g_key_file_free(keys);
    if (problems->len == n_before)
        return config;
    config_free(config);
    return NULL;
}

void config_free(struct service_config *config)
{
    if (!config)
        return;
    for (int i = 0; i < config->n_cameras; i++)
        config_free_camera(config->cameras[i]);
    g_free(config->cameras);
    g_free(config->path);
    config_free_service(config);
    g_free(config);
}

bool config_same_camera(const struct camera_config *a, const struct camera_config *b)
{
    return strcmp(a->name, b->name) == 0 && strcmp(a->fingerprint, b->fingerprint) == 0;
}
