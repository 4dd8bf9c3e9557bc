/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_PIECES_H
#define VERIFY_PIECES_H

#include "batch_list.h"
#include "verify_report.h"

/* A file that is a piece of a recording, and what was found in it. */
struct verify_piece {
    char *path;
    bool judged, truncated;
    uint64_t n_pictures;
    size_t number, n_files, round; /* which piece, of how many; 1 or more: it is a copy */
    struct verify_report report;
    struct bauta_verification v; /* of the recording */
};

/* A recording in several files. */
struct verify_recording {
    size_t *pieces, n_pieces;
    struct bauta_verification v;
};

struct verify_pieces {
    struct verify_piece *pieces;
    size_t n_pieces;
    struct verify_recording *recordings;
    size_t n_recordings, n_allocated;
    bool failed; /* no memory */
};

/* Judges what stands in several of the files, or in one that was found in a folder. */
BAUTA_MUST_CHECK enum bauta_status verify_pieces_judge(struct verify_pieces *pieces,
                                                       const struct batch_list *list,
                                                       const struct options *options,
                                                       const struct bauta_signer *const *signers,
                                                       int n_signers);
void verify_pieces_clear(struct verify_pieces *pieces);
/* The piece of that path that was judged, or NULL. */
const struct verify_piece *verify_pieces_find(const struct verify_pieces *pieces, const char *path);
/* Tells of one file, as batch.h says; gives its exit status. */
int verify_piece_tell(const struct verify_piece *piece, const char *path, char *said, bool json);
/* A line for each recording in several files. */
void verify_pieces_print(const struct verify_pieces *pieces, bool json);

#endif
