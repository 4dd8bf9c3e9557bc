/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MANIFEST_H
#define BT_MANIFEST_H

#include <stdbool.h>

#include <bauta/key.h>

#include "base/buffer.h"
#include "crypto/sign.h"
#include "recovery/digest.h"

/*
 * What the writer of an epoch signs about it (docs/format.md, "Manifest"):
 *
 *    0      1         2            18       22      23          55       71           87
 *   +------+---------+------------+--------+-------+-----------+--------+------------+------------+
 *   | type | version | stream id  | epoch  | flags | previous  | stream | recipients | parameters |
 *   | 3    | 1       | 16         | 4      | 1     | 32        | 16     | 16         | 16         |
 *   +------+---------+------------+--------+-------+-----------+--------+------------+------------+
 *    103         111
 *   +-----------+-----+---------------------------------+-----------+
 *   | signer    | n   | n of: slices hash · recovery    | signature |
 *   | key id, 8 | vlq | 16 · 16                         | 64        |
 *   +-----------+-----+---------------------------------+-----------+
 *
 * One of version 129 is timed; before the signature it has
 *
 *   +-------+-----------------------+
 *   | start | n of: time from there |
 *   | 8, us | vlq, us               |
 *   +-------+-----------------------+
 */
struct bt_manifest {
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    uint32_t epoch;
    bool last;                      /* the recording ends here, as its writer meant it to */
    bool has_parameters;            /* the epoch's parameter sets stood in it, and are signed */
    uint8_t previous[BT_HASH_SIZE]; /* SHA-256 of the manifest before, whole; zeros in the first */
    uint8_t stream[BT_DIGEST_SIZE], recipients[BT_DIGEST_SIZE]; /* of its stream message */
    uint8_t parameters[BT_DIGEST_SIZE];
    uint8_t signer_id[BAUTA_KEY_ID_SIZE];
    uint32_t n_units;
    struct bauta_bytes units;   /* BT_MANIFEST_UNIT bytes for each access unit, in decoding order */
    bool timed;                 /* when each is shown is signed as well: */
    int64_t start_us;           /* the earliest, on the recording's own clock */
    struct bauta_bytes times;   /* for each a vlq: microseconds after `start_us` */
    struct bauta_bytes signed_; /* when parsed: all but the signature, */
    uint8_t signature[BAUTA_SIGNATURE_SIZE]; /* and that */
};

enum { BT_MANIFEST_UNIT = BT_SLICES_HASH + BT_DIGEST_SIZE };

/* Appends the manifest, signed; `signed_` and `signature` are not read. */
BAUTA_MUST_CHECK enum bauta_status bt_manifest_write(struct bt_buffer *out,
                                                     const struct bt_manifest *m,
                                                     const struct bauta_signing_key *key);

/* Views are into `bytes`. Verifies nothing. BAUTA_ERR_FORMAT; BAUTA_ERR_UNSUPPORTED: a later
 * version. */
BAUTA_MUST_CHECK enum bauta_status bt_manifest_parse(struct bt_manifest *m,
                                                     struct bauta_bytes bytes);
/* BAUTA_ERR_TAMPERED. */
BAUTA_MUST_CHECK enum bauta_status bt_manifest_verify(const struct bt_manifest *m,
                                                      const struct bauta_signer *signer);

#endif
