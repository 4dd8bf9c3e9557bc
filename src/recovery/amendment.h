/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_AMENDMENT_H
#define BT_AMENDMENT_H

#include <bauta/key.h>

#include "base/buffer.h"
#include "crypto/sign.h"
#include "recovery/digest.h"

/*
 * What somebody signs who changes an epoch's recovery data after it was written, with a right to
 * (docs/format.md, "Amendment"):
 *
 *    0      1         2            18       22     23         55        63       95
 *   +------+---------+------------+--------+------+----------+---------+--------+--------------+
 *   | type | version | stream id  | epoch  | kind | manifest | utc, ms | signer | reason       |
 *   | 4    | 1       | 16         | 4      | 1    | 32       | 8       | 32     | vlq, UTF-8   |
 *   +------+---------+------------+--------+------+----------+---------+--------+--------------+
 *   kind 1, erased:      n vlq · n of: unit 4 · region 1 · the capsule's digest 16 · signature 64
 *   kind 2, recipients:  digest of the recipients as they are now 16 · signature 64
 *
 * If an entry names a region past BT_MAX_NARROW_INDEX, the version is BT_WIRE_VERSION_WIDE and
 * `region` has 2 bytes in all entries; else it must not be.
 */
enum bt_amendment_kind { BT_AMENDMENT_ERASED = 1, BT_AMENDMENT_RECIPIENTS = 2 };

/* Bytes of an entry of `erased`, narrow and wide. */
enum { BT_ERASED_SIZE = 4 + 1 + BT_DIGEST_SIZE, BT_ERASED_WIDE_SIZE = BT_ERASED_SIZE + 1 };
enum { BT_MAX_REASON = 1024 };

struct bt_amendment {
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    uint32_t epoch;
    enum bt_amendment_kind kind;
    uint8_t manifest[BT_HASH_SIZE]; /* SHA-256 of the epoch's manifest; zeros if it has none */
    uint64_t utc_ms;
    uint8_t signer[BT_RAW_KEY_SIZE]; /* the raw public key */
    struct bauta_bytes reason;       /* UTF-8, at most BT_MAX_REASON bytes */
    struct bauta_bytes erased; /* entries, by unit and region, rising; to be written: wide ones */
    bool wide;                 /* when parsed: whether they are */
    uint8_t recipients[BT_DIGEST_SIZE];
    struct bauta_bytes signed_; /* when parsed */
    uint8_t signature[BAUTA_SIGNATURE_SIZE];
};

/* Appends the amendment, signed; `signer`, `signed_` and `signature` are not read. */
BAUTA_MUST_CHECK enum bauta_status bt_amendment_write(struct bt_buffer *out,
                                                      const struct bt_amendment *m,
                                                      const struct bauta_signing_key *key);
/* One entry of `erased`, a wide one, to be written in rising order. */
void bt_amendment_put_erased(struct bt_buffer *erased, uint32_t unit, int region,
                             const uint8_t digest[BT_DIGEST_SIZE]);

/* Views are into `bytes`. Verifies nothing. BAUTA_ERR_FORMAT, _UNSUPPORTED. */
BAUTA_MUST_CHECK enum bauta_status bt_amendment_parse(struct bt_amendment *m,
                                                      struct bauta_bytes bytes);
/* By the key that it names. BAUTA_ERR_TAMPERED. */
BAUTA_MUST_CHECK enum bauta_status bt_amendment_verify(const struct bt_amendment *m);
/* The digest of a capsule that was erased, NULL if it does not name it. */
const uint8_t *bt_amendment_find(const struct bt_amendment *m, uint32_t unit, int region);

#endif
