/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L /* uselocale */
#include "base/setting.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

#define NONE    BAUTA_UNIT_NONE
#define SECONDS BAUTA_UNIT_SECONDS

static const struct bauta_setting table[BAUTA_N_SETTINGS] = {
    [BAUTA_SETTING_BLOCKS] = {"blocks", NONE, 2, 16, 4, 4, true},
    [BAUTA_SETTING_EPSILON] = {"epsilon", NONE, 0.01, 100, 0.5, 0.5, false},
    [BAUTA_SETTING_FACE_SCORE] = {"face-score", NONE, 0.01, 1, 0.4, 0.4, false},
    [BAUTA_SETTING_BODY_SCORE] = {"body-score", NONE, 0.01, 1, 0.25, 0.25, false},
    [BAUTA_SETTING_FACE_PADDING] = {"face-padding", NONE, 0, 1, 0.1, 0.1, false},
    [BAUTA_SETTING_BODY_PADDING] = {"body-padding", NONE, 0, 1, 0.01, 0.01, false},
    [BAUTA_SETTING_HOLD] = {"hold", SECONDS, 0, 60, 0.5, 0.5, false},
    [BAUTA_SETTING_LONGEST_GAP] = {"longest-gap", SECONDS, 0, 60, 0.3, 0.3, false},
    [BAUTA_SETTING_LOOKAHEAD_PICTURES] = {"lookahead", NONE, 0, 1000, 0, 0, true},
    [BAUTA_SETTING_LOOKAHEAD] = {"lookahead", SECONDS, 0, 10, 0.4, 0.4, false},
    [BAUTA_SETTING_DETECT_EVERY] = {"detect-every", NONE, 0, 1000, 1, 0, true},
    [BAUTA_SETTING_DETECTOR_THREADS] = {"detector-threads", NONE, 1, 64, 1, 1, true},
    [BAUTA_SETTING_EPOCH] = {"epoch", SECONDS, 0.04, 600, 2, 2, false},
    [BAUTA_SETTING_ROTATE] = {"rotate", SECONDS, 0, 1e7, 0, 0, false},
    [BAUTA_SETTING_CRF] = {"crf", NONE, 0, 51, 23, 23, false},
    [BAUTA_SETTING_CRF_H265] = {"crf", NONE, 0, 51, 28, 28, false},
    [BAUTA_SETTING_CRF_SHOWN] = {"crf", NONE, 0, 51, 18, 18, false},
    [BAUTA_SETTING_RECOVERY_CRF] = {"recovery-crf", NONE, 0, 51, 23, 23, false},
    [BAUTA_SETTING_RECOVERY_QP] = {"recovery-qp", NONE, 1, 51, 27, 27, true},
};

static bool is_known(enum bauta_setting_id id)
{
    return (int)id >= 0 && id < BAUTA_N_SETTINGS;
}

const struct bauta_setting *bauta_setting_get(enum bauta_setting_id id)
{
    return is_known(id) ? &table[id] : NULL;
}

static double scale_of(enum bauta_setting_id id, enum bauta_unit unit)
{
    return table[id].unit == SECONDS && unit == BAUTA_UNIT_MILLISECONDS ? 1000 : 1;
}

double bauta_setting_in(enum bauta_setting_id id, double number, enum bauta_unit unit)
{
    return is_known(id) ? number * scale_of(id, unit) : (double)NAN;
}

static bool is_whole(enum bauta_setting_id id, enum bauta_unit unit)
{
    return table[id].whole || unit == BAUTA_UNIT_WHOLE ||
           (table[id].unit == SECONDS && unit == BAUTA_UNIT_MILLISECONDS);
}

static const char *words_of(enum bauta_setting_id id, enum bauta_unit unit)
{
    const bool whole = is_whole(id, unit);
    if (table[id].unit == NONE)
        return whole ? "whole number" : "number";
    if (unit == BAUTA_UNIT_MILLISECONDS)
        return "whole number of milliseconds";
    return whole ? "whole number of seconds" : "number of seconds";
}

static void say(char *sentence, enum bauta_setting_id id, const char *text, enum bauta_unit unit)
{
    snprintf(sentence, BAUTA_SETTING_SENTENCE, "wants a %s from %.10g to %.10g, not '%.40s'",
             words_of(id, unit), bauta_setting_in(id, table[id].least, unit),
             bauta_setting_in(id, table[id].most, unit), text);
}

/* In the C locale. Hexadecimal, infinities and the like are no numbers here. */
static bool read_number(double *number, const char *text)
{
    char *end;
    if (!*text || strspn(text, "0123456789+-.eE") != strlen(text))
        return false;
    *number = strtod(text, &end);
    return end != text && !*end && isfinite(*number);
}

static bool is_within(enum bauta_setting_id id, double number, enum bauta_unit unit)
{
    const struct bauta_setting *s = &table[id];
    return number >= bauta_setting_in(id, s->least, unit) &&
           number <= bauta_setting_in(id, s->most, unit) &&
           (!is_whole(id, unit) || number == floor(number));
}

enum bauta_status bauta_setting_read(double *value, char *sentence, enum bauta_setting_id id,
                                     const char *text, enum bauta_unit unit)
{
    locale_t c = is_known(id) ? newlocale(LC_NUMERIC_MASK, "C", (locale_t)0) : (locale_t)0;
    if (!c) {
        snprintf(sentence, BAUTA_SETTING_SENTENCE, "%s",
                 is_known(id) ? "cannot be read: there is no memory" : "is no setting");
        return is_known(id) ? BAUTA_ERR_MEMORY : BAUTA_ERR_ARGUMENT;
    }
    const locale_t before = uselocale(c);
    double number;
    const bool sound = read_number(&number, text) && is_within(id, number, unit);
    if (sound)
        *value = number / scale_of(id, unit);
    else
        say(sentence, id, text, unit);
    uselocale(before);
    freelocale(c);
    return sound ? BAUTA_OK : BAUTA_ERR_ARGUMENT;
}

bool bt_setting_is_sound(enum bauta_setting_id id, double value, const struct bauta_log *log)
{
    const struct bauta_setting *s = &table[id];
    if ((float)value >= (float)s->least && (float)value <= (float)s->most &&
        (!s->whole || value == floor(value)))
        return true;
    char text[32], sentence[BAUTA_SETTING_SENTENCE];
    snprintf(text, sizeof(text), "%.10g", value);
    say(sentence, id, text, SECONDS);
    bt_log(log, BAUTA_LOG_ERROR, "%s %s", s->name, sentence);
    return false;
}

float bt_setting_standard(enum bauta_setting_id id)
{
    return (float)table[id].standard;
}

int64_t bt_setting_standard_us(enum bauta_setting_id id)
{
    return (int64_t)(table[id].standard * 1e6 + 0.5);
}
