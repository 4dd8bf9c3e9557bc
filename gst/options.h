/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <glib-object.h>

/*
 * The properties of an element as one table: each row is a field of a struct that holds their
 * values. The property's number is the row's, from 1. Not for threads: who calls holds a lock.
 */
enum option_kind {
    OPTION_TEXT,   /* char *, owned; NULL when not set */
    OPTION_WHOLE,  /* int */
    OPTION_REAL,   /* double */
    OPTION_FLAG,   /* int: 0 or 1 */
    OPTION_CHOICE, /* int: a value of the enumeration that `choices` registers */
    /* int and double: a number that other doors have, too (bauta/setting.h), so that `least` is
       its enum bauta_setting_id and `most` its enum bauta_unit. It takes any number, for GLib only
       warns of one out of range and goes on with another: options_problem() tells. With
       OPTION_MINUS_ONE in `standard`, -1 is the setting's standard. */
    OPTION_WHOLE_SETTING,
    OPTION_REAL_SETTING
};
enum { OPTION_MINUS_ONE = 1 };

struct option {
    const char *name;
    enum option_kind kind;
    size_t at; /* offsetof the field */
    double least, most, standard;
    const char *blurb;
    GType (*choices)(void);
};

void options_install(GObjectClass *class_, const struct option *table, guint n_options);
/* Puts the defaults into `values`, which held nothing. */
void options_init(void *values, const struct option *table, guint n_options);
void options_clear(void *values, const struct option *table, guint n_options);
void options_set(void *values, const struct option *option, const GValue *value);
void options_get(const void *values, const struct option *option, GValue *value);
/* What is wrong with the first number that may not be so, as "hold wants a whole number of
 * milliseconds from 0 to 60000, not '61000'"; NULL: nothing. The caller frees it. */
char *options_problem(const void *values, const struct option *table, guint n_options);
/* Puts the standard where -1 was said and means that; tells of which, as "hold, face-score"; NULL:
 * of none. The caller frees it. */
char *options_resolve(void *values, const struct option *table, guint n_options);

#endif
