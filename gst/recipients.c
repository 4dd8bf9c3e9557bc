/* SPDX-License-Identifier: Apache-2.0 */
#include "recipients.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <bauta/secrets.h>
#include <glib.h>

static bool is_group(const char *path)
{
    char text[256] = "";
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(text, 1, sizeof(text) - 1, file) : 0;
    if (file)
        fclose(file);
    return size > 0 && strstr(text, "-----BEGIN BAUTA GROUP-----") != NULL;
}

static enum bauta_status read_recipient(struct recipients *p, const char *path,
                                        const struct bauta_log *log)
{
    if (p->n_keys + p->n_groups == RECIPIENTS_MOST)
        return BAUTA_ERR_LIMIT;
    enum bauta_status status = is_group(path)
                                   ? bauta_group_read(&p->groups[p->n_groups], path, log)
                                   : bauta_public_key_read(&p->keys[p->n_keys], path, log);
    if (!status && p->groups[p->n_groups])
        p->n_groups++;
    else if (!status)
        p->n_keys++;
    return status;
}

static enum bauta_status read_recipients(struct recipients *p, const char *list,
                                         const struct bauta_log *log)
{
    enum bauta_status status = BAUTA_OK;
    char **paths = g_strsplit(list ? list : "", ",", -1);
    for (char **path = paths; *path && !status; path++)
        if (*g_strstrip(*path))
            status = read_recipient(p, *path, log);
    g_strfreev(paths);
    return status;
}

static enum bauta_status read_signing_key(struct recipients *p, const char *path,
                                          const char *passphrase_file, const struct bauta_log *log)
{
    char *passphrase = NULL;
    bool has_passphrase = passphrase_file && *passphrase_file;
    if (!path || !*path)
        return BAUTA_OK;
    enum bauta_status status =
        has_passphrase ? bauta_secret_read(&passphrase, passphrase_file, log) : BAUTA_OK;
    if (!status)
        status = bauta_signing_key_read(&p->signing_key, path, passphrase, log);
    bauta_secret_free(&passphrase);
    return status;
}

enum bauta_status recipients_new(struct recipients **made, const char *recipients,
                                 const char *signing_key, const char *passphrase_file,
                                 const struct bauta_log *log)
{
    struct recipients *p = g_new0(struct recipients, 1);
    p->n_references = 1;
    enum bauta_status status = read_recipients(p, recipients, log);
    if (!status)
        status = read_signing_key(p, signing_key, passphrase_file, log);
    if (status)
        recipients_unref(&p);
    *made = p;
    return status;
}

struct recipients *recipients_ref(struct recipients *p)
{
    g_atomic_int_inc(&p->n_references);
    return p;
}

void recipients_unref(struct recipients **made)
{
    struct recipients *p = *made;
    *made = NULL;
    if (!p || !g_atomic_int_dec_and_test(&p->n_references))
        return;
    for (int i = 0; i < p->n_keys; i++)
        bauta_public_key_free(&p->keys[i]);
    for (int i = 0; i < p->n_groups; i++)
        bauta_group_free(&p->groups[i]);
    bauta_signing_key_free(&p->signing_key);
    g_free(p);
}
