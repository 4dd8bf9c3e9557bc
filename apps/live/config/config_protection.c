/* SPDX-License-Identifier: Apache-2.0 */
#include <bauta/group.h>
#include <bauta/secrets.h>
#include <stdio.h>
#include <string.h>

#include "config_parts.h"

enum value_kind { VALUE_SETTING, VALUE_CHOICE, VALUE_AREAS, VALUE_FILE, VALUE_FOLDER };

/* Keys of a camera that are properties of bautaprotect, and what they may be. */
static const struct {
    const char *name;
    enum value_kind kind;
    enum bauta_setting_id setting;
    const char *choices;
} table[] = {
    {"mask", VALUE_CHOICE, BAUTA_N_SETTINGS, "face|body|both"},
    {"style", VALUE_CHOICE, BAUTA_N_SETTINGS, "mosaic|noise|solid"},
    {"blocks", VALUE_SETTING, BAUTA_SETTING_BLOCKS, NULL},
    {"epsilon", VALUE_SETTING, BAUTA_SETTING_EPSILON, NULL},
    {"always", VALUE_AREAS, BAUTA_N_SETTINGS, NULL},
    {"never", VALUE_AREAS, BAUTA_N_SETTINGS, NULL},
    {"hold", VALUE_SETTING, BAUTA_SETTING_HOLD, NULL},
    {"face-score", VALUE_SETTING, BAUTA_SETTING_FACE_SCORE, NULL},
    {"body-score", VALUE_SETTING, BAUTA_SETTING_BODY_SCORE, NULL},
    {"face-padding", VALUE_SETTING, BAUTA_SETTING_FACE_PADDING, NULL},
    {"body-padding", VALUE_SETTING, BAUTA_SETTING_BODY_PADDING, NULL},
    {"body-model", VALUE_FILE, BAUTA_N_SETTINGS, NULL},
    {"face-model", VALUE_FILE, BAUTA_N_SETTINGS, NULL},
    {"data-dir", VALUE_FOLDER, BAUTA_N_SETTINGS, NULL},
    {"detector-threads", VALUE_SETTING, BAUTA_SETTING_DETECTOR_THREADS, NULL},
    {"detect-every", VALUE_SETTING, BAUTA_SETTING_DETECT_EVERY, NULL},
    {"lookahead", VALUE_SETTING, BAUTA_SETTING_LOOKAHEAD, NULL},
    {"longest-gap", VALUE_SETTING, BAUTA_SETTING_LONGEST_GAP, NULL},
    {"epoch", VALUE_SETTING, BAUTA_SETTING_EPOCH, NULL},
    {"rotate", VALUE_SETTING, BAUTA_SETTING_ROTATE, NULL},
    {"recovery-preset", VALUE_CHOICE, BAUTA_N_SETTINGS,
     "ultrafast|superfast|veryfast|faster|fast|medium|slow|slower|veryslow"},
    {"object-codec", VALUE_CHOICE, BAUTA_N_SETTINGS, "h264|h265"},
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

/* Times are in milliseconds, but for those that are long. */
static enum bauta_unit config_unit(enum bauta_setting_id setting)
{
    return setting == BAUTA_SETTING_ROTATE ? BAUTA_UNIT_WHOLE : BAUTA_UNIT_MILLISECONDS;
}

static char *read_value(struct reader *reader, int i)
{
    const char *name = table[i].name;
    char *text;
    switch (table[i].kind) {
    case VALUE_SETTING:
        return reader_setting(reader, name, table[i].setting, config_unit(table[i].setting));
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
    bauta_wipe_text(passphrase);
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
