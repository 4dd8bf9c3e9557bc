/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/group.h>
#include <stdio.h>
#include <string.h>

#include "config_parts.h"

enum value_kind { VALUE_NUMBER, VALUE_REAL, VALUE_CHOICE, VALUE_AREAS, VALUE_FILE, VALUE_FOLDER };

/* Keys of a camera that are properties of bautaprotect, and what they may be. */
static const struct {
    const char *name;
    enum value_kind kind;
    double least, most;
    const char *choices;
} table[] = {
    {"mask", VALUE_CHOICE, 0, 0, "face|body|both"},
    {"style", VALUE_CHOICE, 0, 0, "mosaic|noise|solid"},
    {"blocks", VALUE_NUMBER, 2, 16, NULL},
    {"epsilon", VALUE_REAL, 0.001, 1000, NULL},
    {"always", VALUE_AREAS, 0, 0, NULL},
    {"never", VALUE_AREAS, 0, 0, NULL},
    {"hold", VALUE_NUMBER, 0, 60000, NULL},
    {"face-score", VALUE_REAL, 0, 1, NULL},
    {"body-score", VALUE_REAL, 0, 1, NULL},
    {"face-padding", VALUE_REAL, 0, 2, NULL},
    {"body-padding", VALUE_REAL, 0, 2, NULL},
    {"body-model", VALUE_FILE, 0, 0, NULL},
    {"face-model", VALUE_FILE, 0, 0, NULL},
    {"data-dir", VALUE_FOLDER, 0, 0, NULL},
    {"detector-threads", VALUE_NUMBER, 1, 64, NULL},
    {"detect-every", VALUE_NUMBER, 0, 250, NULL},
    {"lookahead", VALUE_NUMBER, 0, 10000, NULL},
    {"longest-gap", VALUE_NUMBER, 0, 60000, NULL},
    {"epoch", VALUE_NUMBER, 200, 60000, NULL},
    {"rotate", VALUE_NUMBER, 0, 31536000, NULL},
    {"recovery-preset", VALUE_CHOICE, 0, 0,
     "ultrafast|superfast|veryfast|faster|fast|medium|slow|slower|veryslow"},
    {"object-codec", VALUE_CHOICE, 0, 0, "h264|h265"},
};

G_STATIC_ASSERT(G_N_ELEMENTS(table) <= CONFIG_MAX_PROTECT);

/* "X,Y,W,H;X,Y,W,H" */
static bool is_areas(const char *text)
{
    char **areas = g_strsplit(text, ";", -1);
    bool good = true;
    for (char **area = areas; *area && good; area++) {
        int x, y, w, h, length = 0;
        good = sscanf(*area, " %d , %d , %d , %d %n", &x, &y, &w, &h, &length) == 4 &&
               !(*area)[length] && x >= 0 && y >= 0 && w > 0 && h > 0;
    }
    g_strfreev(areas);
    return good;
}

static char *read_value(struct reader *reader, int i)
{
    const char *name = table[i].name;
    char *text = NULL;
    switch (table[i].kind) {
    case VALUE_NUMBER:
        return g_strdup_printf("%d", reader_number(reader, name, (int)table[i].least,
                                                   (int)table[i].least, (int)table[i].most));
    case VALUE_REAL:
        text = g_malloc(G_ASCII_DTOSTR_BUF_SIZE);
        return g_ascii_dtostr(
            text, G_ASCII_DTOSTR_BUF_SIZE,
            reader_real(reader, name, table[i].least, table[i].least, table[i].most));
    case VALUE_CHOICE:
        return reader_choice(reader, name, "", table[i].choices);
    case VALUE_AREAS:
        text = reader_text(reader, name, "");
        if (!is_areas(text))
            reader_problem(reader, name, "wants X,Y,W,H in pixels, and ; before more, not '%s'",
                           text);
        return text;
    case VALUE_FILE:
        return reader_file(reader, name);
    case VALUE_FOLDER:
        return reader_folder(reader, name);
    }
    return g_strdup("");
}

static bool keeps_originals(const struct camera_config *camera)
{
    return strcmp(camera->main.recovery, "none") != 0 ||
           (camera->has_sub && strcmp(camera->sub.recovery, "none") != 0);
}

/* Reads it as what it says it is, to tell now what would fail later. */
static void check_recipient(struct reader *reader, const char *path)
{
    struct bauta_log log;
    guint n_before = reader->problems->len;
    reader_log(reader, "recipients", &log);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return; /* reader_files() has said so */
    struct bauta_group *group = NULL;
    struct bauta_public_key *key = NULL;
    enum bauta_status status = strstr(text, "-----BEGIN BAUTA GROUP-----")
                                   ? bauta_group_read(&group, path, &log)
                                   : bauta_public_key_read(&key, path, &log);
    if (status && reader->problems->len == n_before)
        reader_problem(reader, "recipients", "%s: %s", path, bauta_status_text(status));
    bauta_group_free(&group);
    bauta_public_key_free(&key);
    g_free(text);
}

static void check_signing_key(const struct camera_config *camera, struct reader *reader)
{
    struct bauta_log log;
    guint n_before = reader->problems->len;
    reader_log(reader, "sign", &log);
    char *passphrase = reader_secret(reader, "sign-passphrase-file");
    struct bauta_signing_key *key = NULL;
    enum bauta_status status =
        bauta_signing_key_read(&key, camera->sign, *passphrase ? passphrase : NULL, &log);
    if (status && reader->problems->len == n_before)
        reader_problem(reader, "sign", "%s: %s", camera->sign, bauta_status_text(status));
    bauta_signing_key_free(&key);
    memset(passphrase, 0, strlen(passphrase));
    g_free(passphrase);
}

void config_read_protection(struct camera_config *camera, struct reader *reader)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(table); i++) {
        if (!reader_has(reader, table[i].name))
            continue;
        camera->protect[camera->n_protect].name = g_strdup(table[i].name);
        camera->protect[camera->n_protect++].value = read_value(reader, i);
    }
    camera->recipients = reader_files(reader, "recipients");
    for (char **path = camera->recipients; *path; path++)
        check_recipient(reader, *path);
    if (!*camera->recipients && keeps_originals(camera))
        reader_problem(reader, "recipients",
                       "is missing: to whom are originals sealed? recovery = none keeps none");
    camera->sign = reader_file(reader, "sign");
    camera->sign_passphrase_file = reader_file(reader, "sign-passphrase-file");
    if (*camera->sign)
        check_signing_key(camera, reader);
    else if (*camera->sign_passphrase_file)
        reader_problem(reader, "sign-passphrase-file", "there is no key without sign");
}
