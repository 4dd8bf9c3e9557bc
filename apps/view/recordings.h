/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RECORDINGS_H
#define RECORDINGS_H

#include <glib.h>
#include <stdbool.h>
#include <sys/stat.h>

/*
 * The recordings that are shown: one file, or those of a folder and of folders in it, a few levels
 * deep. Nothing else can be reached: an id is a path below the folder without "..", hidden names or
 * symbolic links on the way, and names a regular file that is called like a video. Any thread.
 */
struct recordings;

enum { RECORDINGS_MAX_DEPTH = 4, RECORDINGS_MAX = 10000, RECORDINGS_MAX_NAMES = 100000 };

struct recording {
    char *id;         /* the path below the folder, UTF-8 */
    const char *name; /* the last part of it */
    gint64 size, modified_ms;
};

/* Of a file or a folder; NULL with a sentence in `*problem` if there is none, or nothing in it. */
struct recordings *recordings_new(const char *path, char **problem);
void recordings_free(struct recordings *recordings);
/* Whether all of it is one file, given by name. */
bool recordings_is_file(const struct recordings *recordings);
/* What is there now, by name; of struct recording. */
GPtrArray *recordings_list(const struct recordings *recordings);
/* Opens one for reading, and tells of what kind it is; -1 if there is no such recording. */
int recordings_open(const struct recordings *recordings, const char *id, struct stat *status);

/* The id that a part of a request's path names, each segment of it percent-encoded once; NULL if it
 * can be none. Pure. */
char *recordings_decode(const char *path);

#endif
