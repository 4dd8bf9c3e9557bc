/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <bauta/setting.h>
#include <gst/gst.h>
#include <math.h>
#include <stdbool.h>

static bool is_setting(const struct option *o)
{
    return o->kind == OPTION_WHOLE_SETTING || o->kind == OPTION_REAL_SETTING;
}

static enum bauta_setting_id id_of(const struct option *o)
{
    return (enum bauta_setting_id)(int)o->least;
}

static enum bauta_unit unit_of(const struct option *o)
{
    return (enum bauta_unit)(int)o->most;
}

static double standard_of(const struct option *o)
{
    if (!is_setting(o))
        return o->standard;
    return bauta_setting_in(id_of(o), bauta_setting_get(id_of(o))->live, unit_of(o));
}

/* The nearest whole number. */
static int whole(double number)
{
    return (int)floor(number + 0.5);
}

/* The blurb, and what the number may be, which GLib is not told. For ever, as a class is. */
static const char *describe_setting(const struct option *o)
{
    const enum bauta_setting_id id = id_of(o);
    const struct bauta_setting *setting = bauta_setting_get(id);
    char least[G_ASCII_DTOSTR_BUF_SIZE], most[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(least, sizeof(least), "%.10g",
                    bauta_setting_in(id, setting->least, unit_of(o)));
    g_ascii_formatd(most, sizeof(most), "%.10g", bauta_setting_in(id, setting->most, unit_of(o)));
    char *text = g_strdup_printf("%s (%s to %s)", o->blurb, least, most);
    const char *kept = g_intern_string(text);
    g_free(text);
    return kept;
}

static GParamSpec *describe(const struct option *o)
{
    const GParamFlags flags = (GParamFlags)(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS) |
                              (GParamFlags)GST_PARAM_MUTABLE_READY;
    /* so that even what is no number comes through, to be refused */
    const GParamFlags any = (GParamFlags)(flags | G_PARAM_LAX_VALIDATION);
    switch (o->kind) {
    case OPTION_WHOLE:
        return g_param_spec_int(o->name, o->name, o->blurb, whole(o->least), whole(o->most),
                                whole(o->standard), flags);
    case OPTION_REAL:
        return g_param_spec_double(o->name, o->name, o->blurb, o->least, o->most, o->standard,
                                   flags);
    case OPTION_WHOLE_SETTING:
        return g_param_spec_int(o->name, o->name, describe_setting(o), G_MININT, G_MAXINT,
                                whole(standard_of(o)), any);
    case OPTION_REAL_SETTING:
        return g_param_spec_double(o->name, o->name, describe_setting(o), -G_MAXDOUBLE, G_MAXDOUBLE,
                                   standard_of(o), any);
    case OPTION_FLAG:
        return g_param_spec_boolean(o->name, o->name, o->blurb, o->standard > 0, flags);
    case OPTION_CHOICE:
        return g_param_spec_enum(o->name, o->name, o->blurb, o->choices(), (int)o->standard, flags);
    case OPTION_TEXT:
    default:
        return g_param_spec_string(o->name, o->name, o->blurb, NULL, flags);
    }
}

void options_install(GObjectClass *class_, const struct option *table, guint n_options)
{
    for (guint i = 0; i < n_options; i++)
        g_object_class_install_property(class_, i + 1, describe(&table[i]));
}

static char **text_of(void *values, const struct option *o)
{
    return (char **)(void *)((char *)values + o->at);
}

static int *whole_of(void *values, const struct option *o)
{
    return (int *)(void *)((char *)values + o->at);
}

static double *real_of(void *values, const struct option *o)
{
    return (double *)(void *)((char *)values + o->at);
}

void options_init(void *values, const struct option *table, guint n_options)
{
    for (guint i = 0; i < n_options; i++) {
        const struct option *o = &table[i];
        if (o->kind == OPTION_TEXT)
            *text_of(values, o) = NULL;
        else if (o->kind == OPTION_REAL || o->kind == OPTION_REAL_SETTING)
            *real_of(values, o) = standard_of(o);
        else
            *whole_of(values, o) = whole(standard_of(o));
    }
}

void options_clear(void *values, const struct option *table, guint n_options)
{
    for (guint i = 0; i < n_options; i++)
        if (table[i].kind == OPTION_TEXT)
            g_clear_pointer(text_of(values, &table[i]), g_free);
}

void options_set(void *values, const struct option *o, const GValue *value)
{
    switch (o->kind) {
    case OPTION_WHOLE:
    case OPTION_WHOLE_SETTING:
        *whole_of(values, o) = g_value_get_int(value);
        return;
    case OPTION_REAL:
    case OPTION_REAL_SETTING:
        *real_of(values, o) = g_value_get_double(value);
        return;
    case OPTION_FLAG:
        *whole_of(values, o) = g_value_get_boolean(value);
        return;
    case OPTION_CHOICE:
        *whole_of(values, o) = g_value_get_enum(value);
        return;
    case OPTION_TEXT:
    default:
        g_free(*text_of(values, o));
        *text_of(values, o) = g_value_dup_string(value);
    }
}

void options_get(const void *values, const struct option *o, GValue *value)
{
    const char *at = (const char *)values + o->at;
    switch (o->kind) {
    case OPTION_WHOLE:
    case OPTION_WHOLE_SETTING:
        g_value_set_int(value, *(const int *)(const void *)at);
        return;
    case OPTION_REAL:
    case OPTION_REAL_SETTING:
        g_value_set_double(value, *(const double *)(const void *)at);
        return;
    case OPTION_FLAG:
        g_value_set_boolean(value, *(const int *)(const void *)at);
        return;
    case OPTION_CHOICE:
        g_value_set_enum(value, *(const int *)(const void *)at);
        return;
    case OPTION_TEXT:
    default:
        g_value_set_string(value, *(char *const *)(const void *)at);
    }
}

static double number_of(const void *values, const struct option *o)
{
    const char *at = (const char *)values + o->at;
    return o->kind == OPTION_REAL_SETTING ? *(const double *)(const void *)at
                                          : *(const int *)(const void *)at;
}

char *options_problem(const void *values, const struct option *table, guint n_options)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE], sentence[BAUTA_SETTING_SENTENCE];
    for (guint i = 0; i < n_options; i++) {
        double number;
        if (!is_setting(&table[i]))
            continue;
        g_ascii_formatd(text, sizeof(text), "%.10g", number_of(values, &table[i]));
        if (bauta_setting_read(&number, sentence, id_of(&table[i]), text, unit_of(&table[i])))
            return g_strdup_printf("%s %s", table[i].name, sentence);
    }
    return NULL;
}

char *options_resolve(void *values, const struct option *table, guint n_options)
{
    GString *names = g_string_new(NULL);
    for (guint i = 0; i < n_options; i++) {
        const struct option *o = &table[i];
        const double number = is_setting(o) ? number_of(values, o) : 0;
        const bool minus_one = number >= -1 && number <= -1;
        if (whole(o->standard) != OPTION_MINUS_ONE || !minus_one)
            continue;
        if (o->kind == OPTION_REAL_SETTING)
            *real_of(values, o) = standard_of(o);
        else
            *whole_of(values, o) = whole(standard_of(o));
        g_string_append_printf(names, "%s%s", names->len ? ", " : "", o->name);
    }
    return g_string_free(names, names->len == 0);
}
