/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REGIONS_H
#define REGIONS_H

#include <bauta/protector.h>

/* Regions from a file of JSON Lines (docs/regions.md), each
 * {"picture":N,"regions":[{"target","class","x","y","w","h"},
 * ...]}, N rising; of a picture without a line nothing is known. What `protect --report` writes
 * fits. */
struct regions;

struct regions *regions_open(const char *path); /* NULL, having said why */
/* The regions of `picture`, asked for in rising order; room for BAUTA_MAX_REGIONS. `*n_out` is
 * BAUTA_REGIONS_UNKNOWN if it has no line, and BAUTA_MAX_REGIONS + 1 if its line names more than
 * there is room for. BAUTA_ERR_FORMAT, having said why: also if its line tells another size than
 * `width` x `height`, which are 0 where any will do. */
enum bauta_status regions_of(struct regions *regions, struct bauta_region *out, int *n_out,
                             uint64_t picture, int width, int height);
/* The number of the next picture that has a line; false at the end. */
bool regions_next(const struct regions *regions, uint64_t *picture);
/* The size of that picture, as a protect report tells it; false, having said so, if it does not. */
bool regions_size(const struct regions *regions, int *width, int *height);
/* How that picture is shown; as it is stored where the line says nothing of it. */
struct bauta_view regions_view(const struct regions *regions);
/* Reads on to the end and says, in one line, what was never asked for: `of` lacks those pictures.
 */
void regions_warn_rest(struct regions *regions, const char *of);
const char *regions_path(const struct regions *regions);
void regions_close(struct regions **regions);

#endif
