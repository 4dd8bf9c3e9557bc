/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PARTS_H
#define BT_PARTS_H

#include <bauta/file.h>

#include "mux/mux.h"
#include "pipeline/source.h"

enum { BT_MAX_PARTS = 1000 };

/*
 * The files that one run writes: OUT, and where pictures change their size OUT-part2, OUT-part3 and
 * so on, before the ending of the name. None has its name until all are complete. Starts from `{0}`
 * with the first seven set.
 */
struct bt_parts {
    const char *input, *output;
    bool replace; /* as in bauta_work_file_settings */
    const struct bauta_log *log;
    void *user;
    bauta_part_function *told;
    bauta_complete_function *complete; /* or NULL */
    struct bt_part_file {
        char *path;
        struct bt_mux *mux; /* complete */
        bool replaces;      /* a file that was there */
    } * items;
    int n_items;
    size_t n_allocated;
};

/* How a source shall treat changes of size for a run that writes to `output`: standard output holds
 * one part only. */
enum bt_source_sizes bt_parts_sizes(enum bauta_size_change wanted, const char *output,
                                    enum bt_source_sizes scale);
/* The path of the part that the source is at, good until the parts are cleared. From the second
 * on says so, and tells the caller. BAUTA_ERR_IO, having said so: something has the name of a
 * second or later part already. */
BAUTA_MUST_CHECK enum bauta_status bt_parts_begin(struct bt_parts *parts, const char **path,
                                                  const struct bt_source *source);
/* Takes what bt_parts_begin() gave the path for. */
BAUTA_MUST_CHECK enum bauta_status bt_parts_complete(struct bt_parts *parts, struct bt_mux **mux);
/* Gives all of them their names, OUT the last, having told that they are complete. After a failure
 * none of them stands, but for those that have replaced a file. */
BAUTA_MUST_CHECK enum bauta_status bt_parts_finish(struct bt_parts *parts);
/* Removes those that were not finished. */
void bt_parts_clear(struct bt_parts *parts);

#endif
