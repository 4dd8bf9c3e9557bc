/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_DIGEST_H
#define BT_DIGEST_H

#include "recovery/picture_message.h"

/*
 * What manifests sign and amendments name (docs/format.md, "Manifest"): digests are the first 16
 * bytes of SHA-256. All BAUTA_ERR_CRYPTO.
 */
#define BT_DIGEST_SIZE 16

BAUTA_MUST_CHECK enum bauta_status bt_digest(uint8_t out[BT_DIGEST_SIZE], struct bauta_bytes bytes);

/* Of a stream message: `stream` of what comes before the number of envelopes, `recipients` of that
 * number and the envelopes. BAUTA_ERR_FORMAT if it is too short to be one. */
BAUTA_MUST_CHECK enum bauta_status bt_digest_stream(uint8_t stream[BT_DIGEST_SIZE],
                                                    uint8_t recipients[BT_DIGEST_SIZE],
                                                    struct bauta_bytes message);

/* Of each capsule of a picture; of one that is not there, zeros. `n_regions` digests. */
struct bt_capsule_digests {
    int n_regions;
    uint8_t items[BT_MAX_REGIONS][BT_DIGEST_SIZE];
};

BAUTA_MUST_CHECK enum bauta_status bt_digest_capsules(struct bt_capsule_digests *digests,
                                                      const struct bt_picture_message *message);
/* Of a picture message: over its head and its capsules' digests, so that it can be verified still
 * when a capsule is gone and its digest is known. */
BAUTA_MUST_CHECK enum bauta_status bt_digest_recovery(uint8_t out[BT_DIGEST_SIZE],
                                                      struct bauta_bytes head_bytes,
                                                      const struct bt_capsule_digests *digests);

#endif
