/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WATCHED_H
#define WATCHED_H

#include <stdbool.h>
#include <stdint.h>

/* What a player makes of a file, by FFmpeg alone. */
struct watched {
    uint64_t n_pictures;
    uint64_t n_clear,
        n_hidden; /* of them: the square of pieces.h is as clear as it was, is not seen */
    int64_t first_us, last_us; /* when the first and the last picture are shown */
    int64_t start_us;          /* where the first of all tracks begins */
    bool rising;               /* each picture is shown later than the one before */
};

/* False if it is no video. */
bool watch(struct watched *watched, const char *path);

#endif
