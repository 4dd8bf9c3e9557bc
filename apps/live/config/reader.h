/* SPDX-License-Identifier: Apache-2.0 */
#ifndef READER_H
#define READER_H

#include <bauta/log.h>
#include <bauta/setting.h>
#include <glib.h>
#include <stdbool.h>

/*
 * Reads values of one group of a GKeyFile after another, and collects what is wrong. Each function
 * gives what was said, or `fallback` (copied) where nothing, or nothing sound, was said; a string
 * is the caller's. A key that nobody asked for is unknown.
 */
struct reader {
    GKeyFile *keys;
    const char *path; /* of the file, for sentences */
    char *folder;     /* of the file, for relative paths */
    GPtrArray *problems;
    const char *group;
    GHashTable *asked;  /* the group's keys that were */
    const char *logged; /* the key that reader_log() is for */
};

void reader_init(struct reader *reader, GKeyFile *keys, const char *path, GPtrArray *problems);
void reader_clear(struct reader *reader);

void reader_begin(struct reader *reader, const char *group);
/* Names the keys of the group that nobody asked for. */
void reader_end(struct reader *reader);
/* `key` may be NULL: the group. */
void reader_problem(struct reader *reader, const char *key, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/* A log that makes problems of `key` of what the library says are errors; good until the next. */
void reader_log(struct reader *reader, const char *key, struct bauta_log *log);

bool reader_has(struct reader *reader, const char *key);
char *reader_text(struct reader *reader, const char *key, const char *fallback);
int reader_number(struct reader *reader, const char *key, int fallback, int least, int most);
/* A number that other doors have, too (bauta/setting.h), as text for a property of GStreamer's, in
 * the same unit; its standard of live pictures if nothing sound was said. */
char *reader_setting(struct reader *reader, const char *key, enum bauta_setting_id setting,
                     enum bauta_unit unit);
bool reader_flag(struct reader *reader, const char *key, bool fallback);
/* One of `choices`, words with '|' between them. */
char *reader_choice(struct reader *reader, const char *key, const char *fallback,
                    const char *choices);
/* "7d", "12h", "30m", "45s" in seconds; "10G", "500M", "64K" in bytes (of 1024). */
gint64 reader_duration(struct reader *reader, const char *key, gint64 fallback);
gint64 reader_size(struct reader *reader, const char *key, gint64 fallback);
/* An absolute path, "" if none was said; a file that can be read, or a folder. */
char *reader_file(struct reader *reader, const char *key);
char *reader_folder(struct reader *reader, const char *key);
/* Absolute paths of files that can be read, commas between them; ends with NULL. */
char **reader_files(struct reader *reader, const char *key);
/* The first line of the file that `key` names, which only its owner may read; "" if none. */
char *reader_secret(struct reader *reader, const char *key);
/* False, having said so, if others than its owner may read or change `path`. */
bool reader_is_private(struct reader *reader, const char *key, const char *path);

#endif
