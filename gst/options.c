/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <bauta/setting.h>
#include <gst/gst.h>

/* Numbers of properties are not negative. */
static int whole(double number)
{
    return (int)(number + 0.5);
}

/* The same row with the range and the standard that it has now. */
static struct option resolve(const struct option *o)
{
    struct option row = *o;
    if (o->kind != OPTION_WHOLE_SETTING && o->kind != OPTION_REAL_SETTING)
        return row;
    const enum bauta_setting_id id = (enum bauta_setting_id)o->least;
    const enum bauta_unit unit = (enum bauta_unit)o->most;
    const struct bauta_setting *setting = bauta_setting_get(id);
    row.kind = o->kind == OPTION_WHOLE_SETTING ? OPTION_WHOLE : OPTION_REAL;
    row.least = bauta_setting_in(id, setting->least, unit);
    row.most = bauta_setting_in(id, setting->most, unit);
    row.standard = bauta_setting_in(id, setting->standard, unit);
    return row;
}

static GParamSpec *describe(const struct option *o)
{
    const GParamFlags flags = (GParamFlags)(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS) |
                              (GParamFlags)GST_PARAM_MUTABLE_READY;
    switch (o->kind) {
    case OPTION_WHOLE:
        return g_param_spec_int(o->name, o->name, o->blurb, whole(o->least), whole(o->most),
                                whole(o->standard), flags);
    case OPTION_REAL:
        return g_param_spec_double(o->name, o->name, o->blurb, o->least, o->most, o->standard,
                                   flags);
    case OPTION_FLAG:
        return g_param_spec_boolean(o->name, o->name, o->blurb, o->standard > 0, flags);
    case OPTION_CHOICE:
        return g_param_spec_enum(o->name, o->name, o->blurb, o->choices(), (int)o->standard, flags);
    case OPTION_WHOLE_SETTING: /* resolved */
    case OPTION_REAL_SETTING:
    case OPTION_TEXT:
    default:
        return g_param_spec_string(o->name, o->name, o->blurb, NULL, flags);
    }
}

void options_install(GObjectClass *class_, const struct option *table, guint n_options)
{
    for (guint i = 0; i < n_options; i++) {
        const struct option row = resolve(&table[i]);
        g_object_class_install_property(class_, i + 1, describe(&row));
    }
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
        const struct option o = resolve(&table[i]);
        if (o.kind == OPTION_TEXT)
            *text_of(values, &o) = NULL;
        else if (o.kind == OPTION_REAL)
            *real_of(values, &o) = o.standard;
        else
            *whole_of(values, &o) = whole(o.standard);
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
