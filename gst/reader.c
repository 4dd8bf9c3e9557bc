/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include <string.h>

#include <bauta/secrets.h>
#include <glib.h>

static void say(const struct bauta_log *log, const char *sentence)
{
    log->write(log->user, BAUTA_LOG_ERROR, sentence);
}

static bool is_set(const char *text)
{
    return text && *text;
}

static enum bauta_status read_targets(struct reader *r, const char *list)
{
    bool sound = true;
    char **items = g_strsplit(is_set(list) ? list : "", ",", -1);
    for (char **item = items; *item && sound; item++) {
        guint64 number = 0;
        sound = r->n_targets < READER_TARGETS &&
                g_ascii_string_to_unsigned(g_strstrip(*item), 10, 0, UINT32_MAX, &number, NULL);
        if (sound)
            r->targets[r->n_targets++] = (uint32_t)number;
    }
    g_strfreev(items);
    return sound ? BAUTA_OK : BAUTA_ERR_ARGUMENT;
}

static unsigned class_of(const char *name)
{
    for (int c = BAUTA_CLASS_FACE; c <= BAUTA_CLASS_BODY; c++)
        if (strcmp(name, bauta_class_name((enum bauta_class)c)) == 0)
            return 1u << c;
    return 0;
}

static enum bauta_status read_classes(struct reader *r, const char *list)
{
    bool sound = true;
    char **items = g_strsplit(is_set(list) ? list : "face,head,body", ",", -1);
    for (char **item = items; *item && sound; item++) {
        unsigned found = class_of(g_strstrip(*item));
        sound = found != 0;
        r->classes |= found;
    }
    g_strfreev(items);
    return sound ? BAUTA_OK : BAUTA_ERR_ARGUMENT;
}

static enum bauta_status read_key(struct reader *r, const struct reader_options *o,
                                  const struct bauta_log *log)
{
    char *passphrase = NULL;
    bool has_passphrase = is_set(o->passphrase_file);
    if (!is_set(o->key)) {
        say(log, "no key is named: set key");
        return BAUTA_ERR_ARGUMENT;
    }
    enum bauta_status status =
        has_passphrase ? bauta_secret_read(&passphrase, o->passphrase_file, log) : BAUTA_OK;
    if (!status)
        status = bauta_private_key_read(&r->key, o->key, passphrase, log);
    bauta_secret_free(&passphrase);
    return status;
}

static enum bauta_status read_grant(struct reader *r, const char *path, const struct bauta_log *log)
{
    if (!is_set(path))
        return BAUTA_OK;
    enum bauta_status status = bauta_grant_read(&r->grant, path, log);
    if (status)
        return status;
    return bauta_grant_check(r->grant, r->key, (uint64_t)g_get_real_time() / 1000, log);
}

enum bauta_status reader_new(struct reader **reader, const struct reader_options *o,
                             const struct bauta_log *log)
{
    struct reader *r = g_new0(struct reader, 1);
    r->n_references = 1;
    enum bauta_status status = read_targets(r, o->targets);
    if (!status)
        status = read_classes(r, o->classes);
    if (status)
        say(log, "targets are numbers and classes are face, head or body, with commas between");
    if (!status)
        status = read_key(r, o, log);
    if (!status)
        status = read_grant(r, o->grant, log);
    if (status)
        reader_unref(&r);
    *reader = r;
    return status;
}

struct reader *reader_ref(struct reader *r)
{
    g_atomic_int_inc(&r->n_references);
    return r;
}

void reader_unref(struct reader **reader)
{
    struct reader *r = *reader;
    *reader = NULL;
    if (!r || !g_atomic_int_dec_and_test(&r->n_references))
        return;
    bauta_grant_free(&r->grant);
    bauta_private_key_free(&r->key);
    g_free(r);
}
