/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BATCH_LIST_H
#define BATCH_LIST_H

#include <sys/types.h>

#include "cli.h"

/* One file of many. */
struct batch_file {
    char *input, *output; /* output: NULL if none is made */
    char *problem;        /* why it cannot be done, or NULL */
    bool exists;          /* it could be looked at: */
    bool regular;         /* not a pipe, which can be read once only */
    bool own;             /* its output would be itself */
    dev_t device;
    ino_t inode;
};

/* Those that a command line names, and what stands in the folders that it names. */
struct batch_list {
    struct batch_file *files;
    size_t n_files, n_allocated;
    size_t n_stills, n_others, n_links; /* left out of folders: pictures, other files, folders */
    bool failed;                        /* no memory */
};

/* How outputs are named: DIR/NAME for a file, DIR and the path below it for what stands in a
 * folder, and with several folders the folder's own name before that. Each keeps its extension if
 * that is a container's, or else gets `format`'s. */
struct batch_naming {
    const char *folder; /* it exists; NULL: no outputs */
    const char *format; /* or NULL: mp4 */
    enum bauta_codec codec;
};

/* Fills `list`, in the order of the command line, folders sorted. No file stands in it twice, nor
 * does an output. Clear it afterwards. */
void batch_list_make(struct batch_list *list, const struct options *options,
                     const struct batch_naming *naming);
void batch_list_clear(struct batch_list *list);

bool batch_is_folder(const char *path);
/* By its name, a picture and no video. */
bool batch_is_still(const char *path);

#endif
