/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include <bauta/secrets.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

void reader_init(struct reader *reader, GKeyFile *keys, const char *path, GPtrArray *problems)
{
    *reader = (struct reader){.keys = keys, .path = path, .problems = problems};
    char *absolute = g_canonicalize_filename(path, NULL);
    reader->folder = g_path_get_dirname(absolute);
    g_free(absolute);
    reader->asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

void reader_clear(struct reader *reader)
{
    g_free(reader->folder);
    g_hash_table_unref(reader->asked);
    *reader = (struct reader){.keys = NULL};
}

void reader_begin(struct reader *reader, const char *group)
{
    reader->group = group;
    g_hash_table_remove_all(reader->asked);
}

void reader_end(struct reader *reader)
{
    char **keys = g_key_file_get_keys(reader->keys, reader->group, NULL, NULL);
    for (char **key = keys; key && *key; key++)
        if (!g_hash_table_contains(reader->asked, *key))
            reader_problem(reader, *key, "there is no such key");
    g_strfreev(keys);
}

void reader_problem(struct reader *reader, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(reader->problems,
                    g_strdup_printf("%s: [%s]%s%s: %s", reader->path, reader->group, key ? " " : "",
                                    key ? key : "", sentence));
    g_free(sentence);
}

static void write_problem(void *user, enum bauta_log_level level, const char *sentence)
{
    struct reader *reader = user;
    if (level == BAUTA_LOG_ERROR)
        reader_problem(reader, reader->logged, "%s", sentence);
}

void reader_log(struct reader *reader, const char *key, struct bauta_log *log)
{
    reader->logged = key;
    *log = (struct bauta_log){write_problem, reader};
}

/* What was said of `key`, without spaces around it; NULL if nothing was. */
static char *find(struct reader *reader, const char *key)
{
    g_hash_table_add(reader->asked, g_strdup(key));
    if (!g_key_file_has_key(reader->keys, reader->group, key, NULL))
        return NULL;
    GError *error = NULL;
    char *text = g_key_file_get_string(reader->keys, reader->group, key, &error);
    if (!text)
        reader_problem(reader, key, "%s", error->message);
    g_clear_error(&error);
    return text ? g_strstrip(text) : NULL;
}

bool reader_has(struct reader *reader, const char *key)
{
    char *text = find(reader, key);
    bool has = text && *text;
    g_free(text);
    return has;
}

char *reader_text(struct reader *reader, const char *key, const char *fallback)
{
    char *text = find(reader, key);
    return text ? text : g_strdup(fallback);
}

int reader_number(struct reader *reader, const char *key, int fallback, int least, int most)
{
    char *text = find(reader, key);
    gint64 number = fallback;
    if (text && *text && !g_ascii_string_to_signed(text, 10, least, most, &number, NULL)) {
        reader_problem(reader, key, "wants a whole number from %d to %d, not '%s'", least, most,
                       text);
        number = fallback;
    }
    g_free(text);
    return (int)number;
}

char *reader_setting(struct reader *reader, const char *key, enum bauta_setting_id setting,
                     enum bauta_unit unit)
{
    char sentence[BAUTA_SETTING_SENTENCE] = "cannot be read: there is no memory";
    char *text = find(reader, key);
    double value = bauta_setting_get(setting)->live;
    if (text && *text && bauta_setting_read(&value, sentence, setting, text, unit))
        reader_problem(reader, key, "%s", sentence);
    g_free(text);
    text = g_malloc(G_ASCII_DTOSTR_BUF_SIZE);
    return g_ascii_formatd(text, G_ASCII_DTOSTR_BUF_SIZE, "%.10g",
                           bauta_setting_in(setting, value, unit));
}

char *reader_choice(struct reader *reader, const char *key, const char *fallback,
                    const char *choices)
{
    char *text = find(reader, key);
    if (!text || !*text) {
        g_free(text);
        return g_strdup(fallback);
    }
    char **words = g_strsplit(choices, "|", -1);
    bool known = g_strv_contains((const char *const *)words, text);
    if (!known)
        reader_problem(reader, key, "wants one of %s, not '%s'", choices, text);
    g_strfreev(words);
    if (known)
        return text;
    g_free(text);
    return g_strdup(fallback);
}

bool reader_flag(struct reader *reader, const char *key, bool fallback)
{
    char *word = reader_choice(reader, key, fallback ? "yes" : "no", "yes|no|true|false");
    bool flag = *word == 'y' || *word == 't';
    g_free(word);
    return flag;
}

/* A number with one of the letters of `units`, each worth `factors`, after it. */
static gint64 read_unit(struct reader *reader, const char *key, gint64 fallback, const char *units,
                        const gint64 *factors, const char *example)
{
    char *text = find(reader, key), *end = NULL;
    gint64 value = fallback;
    if (text && *text) {
        guint64 number = g_ascii_strtoull(text, &end, 10);
        const char *unit = *end ? strchr(units, *end) : NULL;
        if (!g_ascii_isdigit(*text) || !unit || end[1] || number > 1000000) {
            reader_problem(reader, key, "wants a number and a unit, as %s, not '%s'", example,
                           text);
        } else {
            value = (gint64)number * factors[unit - units];
        }
    }
    g_free(text);
    return value;
}

gint64 reader_duration(struct reader *reader, const char *key, gint64 fallback)
{
    static const gint64 factors[] = {1, 60, 3600, 86400};
    return read_unit(reader, key, fallback, "smhd", factors, "45s, 30m, 12h or 7d");
}

gint64 reader_size(struct reader *reader, const char *key, gint64 fallback)
{
    static const gint64 factors[] = {G_GINT64_CONSTANT(1) << 10, G_GINT64_CONSTANT(1) << 20,
                                     G_GINT64_CONSTANT(1) << 30, G_GINT64_CONSTANT(1) << 40};
    return read_unit(reader, key, fallback, "KMGT", factors, "500M or 10G");
}

static char *take_file(struct reader *reader, const char *key, const char *name)
{
    char *path = g_canonicalize_filename(name, reader->folder);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        reader_problem(reader, key, "%s is a folder", path);
    else if (g_access(path, R_OK))
        reader_problem(reader, key, "%s cannot be read: %s", path, g_strerror(errno));
    return path;
}

char *reader_file(struct reader *reader, const char *key)
{
    char *text = find(reader, key);
    char *path = text && *text ? take_file(reader, key, text) : g_strdup("");
    g_free(text);
    return path;
}

char *reader_folder(struct reader *reader, const char *key)
{
    char *text = find(reader, key);
    char *path = text && *text ? g_canonicalize_filename(text, reader->folder) : g_strdup("");
    if (*path && !g_file_test(path, G_FILE_TEST_IS_DIR))
        reader_problem(reader, key, "%s is not a folder", path);
    g_free(text);
    return path;
}

char **reader_files(struct reader *reader, const char *key)
{
    char *text = find(reader, key);
    char **names = g_strsplit(text ? text : "", ",", -1);
    GPtrArray *paths = g_ptr_array_new();
    for (char **name = names; *name; name++)
        if (*g_strstrip(*name))
            g_ptr_array_add(paths, take_file(reader, key, *name));
    g_ptr_array_add(paths, NULL);
    g_strfreev(names);
    g_free(text);
    return (char **)g_ptr_array_free(paths, FALSE);
}

bool reader_is_private(struct reader *reader, const char *key, const char *path)
{
    struct bauta_log log;
    reader_log(reader, key, &log);
    return bauta_secret_check(path, &log) == BAUTA_OK;
}

char *reader_secret(struct reader *reader, const char *key)
{
    struct bauta_log log;
    const guint n_before = reader->problems->len;
    char *path = reader_file(reader, key), *secret = NULL;
    reader_log(reader, key, &log);
    const bool read = *path && reader->problems->len == n_before &&
                      bauta_secret_read(&secret, path, &log) == BAUTA_OK;
    char *text = g_strdup(read ? secret : "");
    bauta_secret_free(&secret);
    g_free(path);
    return text;
}
