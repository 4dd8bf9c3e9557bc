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
    /* int and double: a number that other doors have, too, so that `least` is its enum
       bauta_setting_id, `most` its enum bauta_unit, and its own range and standard hold */
    OPTION_WHOLE_SETTING,
    OPTION_REAL_SETTING
};

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

#endif
