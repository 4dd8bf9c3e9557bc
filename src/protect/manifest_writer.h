/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_MANIFEST_WRITER_H
#define BT_MANIFEST_WRITER_H

#include <bauta/protector.h>

#include "recovery/parameter_sets.h"
#include "recovery/manifest.h"

/*
 * Gathers what the manifests sign. One is about the access units from an epoch's first to before
 * the next epoch's first, in decoding order; with an open GOP the last pictures of an epoch so
 * belong to the manifest after it.
 */
struct bt_manifest_writer {
    const struct bauta_signing_key *key; /* borrowed */
    uint8_t previous[BT_HASH_SIZE];
    bool open;       /* an epoch has begun to leave */
    uint64_t number; /* of that epoch in this run, over all its streams */
    struct bt_manifest manifest;
    struct bt_parameter_sets parameters;
    struct bt_buffer units;
    struct bt_buffer times, packed; /* int64_t each; as they are written */
};

/* What an access unit was sent out with. */
struct bt_sent {
    uint64_t epoch_number;
    const uint8_t *stream_id;
    uint32_t epoch;
    enum bauta_codec codec;
    struct bauta_bytes access_unit;    /* as it came from the encoder */
    struct bauta_bytes stream_message; /* empty if none went with it */
    struct bauta_bytes picture_message;
    const uint8_t *slices_hash;
    int64_t pts_us;
};

/* Notes an access unit. One with a stream message begins an epoch: the one before must be closed.
 */
BAUTA_MUST_CHECK enum bauta_status bt_manifest_writer_note(struct bt_manifest_writer *w,
                                                           const struct bt_sent *sent);
/* Appends the manifest of the open epoch; there must be one. */
BAUTA_MUST_CHECK enum bauta_status bt_manifest_writer_close(struct bt_manifest_writer *w,
                                                            struct bt_buffer *out, bool last);
void bt_manifest_writer_clear(struct bt_manifest_writer *w);

#endif
