/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_PIECE_H
#define BT_PIECE_H

#include <bauta/protector.h>

#include "crypto/hash.h"
#include "recovery/wire.h"

/* What a manifest in a file says of its place. */
struct bt_piece_link {
    uint8_t stream[BAUTA_STREAM_ID_SIZE], signer[BAUTA_KEY_ID_SIZE];
    uint8_t previous[BT_HASH_SIZE], hash[BT_HASH_SIZE];
};

/* One of several files, of which some may be one recording, as its messages say; nothing of it is
 * verified. */
struct bt_piece {
    bool named; /* it says what it begins with, and ends with: */
    uint8_t stream[BAUTA_STREAM_ID_SIZE], last_stream[BAUTA_STREAM_ID_SIZE];
    uint32_t epoch, last_epoch;
    struct bt_piece_link *links; /* of its manifests, in order */
    size_t n_links, n_allocated;
    /* Given by bt_pieces_sort(): */
    size_t recording;  /* the same number for those that belong together */
    size_t depth;      /* how many streams of the recording come before the first, */
    size_t last_depth; /* and before the last of it */
};

void bt_piece_clear(struct bt_piece *piece);
/* Notes the next access unit of the file. BAUTA_ERR_MEMORY, BAUTA_ERR_CRYPTO. */
BAUTA_MUST_CHECK enum bauta_status bt_piece_collect(struct bt_piece *piece, enum bauta_codec codec,
                                                    struct bauta_bytes au);

/*
 * Finds which of them are one recording: those of one stream, of streams of which one follows on
 * the other by its first manifest or in one file, and of one run, unless its streams name several
 * signers. `order` gets their numbers, recording by
 * recording, each by streams and epochs, whatever the files' names. BAUTA_ERR_MEMORY.
 */
BAUTA_MUST_CHECK enum bauta_status bt_pieces_sort(size_t *order, struct bt_piece *pieces, size_t n);
/* Whether two of one recording hold the same epoch: one of them has a copy of it. */
bool bt_pieces_overlap(const struct bt_piece *a, const struct bt_piece *b);

#endif
