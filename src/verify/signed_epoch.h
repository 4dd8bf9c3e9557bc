/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_SIGNED_EPOCH_H
#define BT_SIGNED_EPOCH_H

#include "recovery/parameter_sets.h"
#include "recovery/amendment.h"
#include "recovery/manifest.h"

/* A picture's time as its file tells it, in seconds; NAN if it does not. */
struct bt_stamp {
    double s, tick_s; /* the unit of the file's times */
    uint32_t file;    /* which of several, whose clocks may differ */
};

/* An access unit as it is found in a file. */
struct bt_found_unit {
    double time_s;
    struct bt_stamp stamp;
    double signed_s; /* on the signer's clock; NAN: not signed, or not known yet */
    uint8_t slices[BT_SLICES_HASH];
    bool has_message; /* a picture message that can be read */
    uint8_t stream_tag[BT_STREAM_TAG];
    uint8_t recovery[BT_DIGEST_SIZE];
    struct bt_buffer present; /* digests of the capsules that are there */
    /* If a capsule is not there: what a digest with it is made of. */
    struct bt_buffer head_bytes;
    struct bt_capsule_digests *capsules;
};

enum { BT_MAX_AMENDMENTS = 16 }; /* of one epoch */

/* An epoch as it is found in a file, from a random-access point to the next. */
struct bt_signed_epoch {
    bool is_named; /* some message says which epoch of which stream it is */
    uint8_t stream_tag[BT_STREAM_TAG];
    uint32_t epoch;
    struct bt_found_unit *units; /* in decoding order */
    size_t n_units, n_allocated;
    uint64_t first_number; /* of its first unit, among all that were found */
    bool has_stream_message;
    uint64_t utc_ms; /* of its first picture; 0: not told */
    uint8_t stream[BT_DIGEST_SIZE], recipients[BT_DIGEST_SIZE];
    struct bt_parameter_sets parameters;
    bool has_manifest;
    struct bt_buffer manifest_bytes;
    struct bt_manifest manifest; /* views into manifest_bytes */
    int n_amendments;
    struct bt_buffer amendment_bytes[BT_MAX_AMENDMENTS];
    struct bt_signed_epoch *next;
};

void bt_signed_epoch_free(struct bt_signed_epoch **epoch);
/* Adds an access unit without its messages. NULL without memory. */
struct bt_found_unit *bt_signed_epoch_add(struct bt_signed_epoch *epoch, double time_s,
                                          const struct bt_stamp *stamp);
/* Takes the digests of a picture message. */
BAUTA_MUST_CHECK enum bauta_status bt_found_unit_set(struct bt_found_unit *unit,
                                                     const struct bt_picture_message *message);

#endif
