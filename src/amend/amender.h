/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_AMENDER_H
#define BT_AMENDER_H

#include <bauta/file.h>

#include <stdbool.h>

#include "amend/met_people.h"
#include "recovery/amendment.h"
#include "recovery/stream_message.h"

/* An epoch of the recording that is amended: in decoding order from one stream message to the next,
 * as a manifest has it. */
struct bt_amended_epoch {
    bool has_stream_message; /* not so where a cut recording begins */
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    uint32_t epoch;
    double first_s, last_s;
    uint32_t n_units;
    uint64_t n_whole;          /* pictures hidden whole, whose originals stay */
    struct bt_buffer slices;   /* of each unit, BT_SLICES_HASH bytes */
    struct bt_buffer manifest; /* the message; empty if it has none */
    bool chosen;               /* by the time that is asked for */
    struct bt_buffer erased; /* entries, by position in the file; for the amendment by manifest's */
    bool changes;
    uint8_t recipients[BT_DIGEST_SIZE]; /* of the new stream message */
    /* The messages that say so: of what was erased, and of the recipients; empty if that stays. */
    struct bt_buffer amendments[2];
};

/* A stream of it, and the envelopes that it shall have. */
struct bt_amended_stream {
    struct bt_stream_message message;
    bool changes;
};

/*
 * Changes the recovery data of a recording that is there already: capsules are erased, or envelopes
 * taken away and added. In two passes over its access units: study() all, plan() once, rewrite()
 * all. Where something is erased, whatever is no picture's own message or cannot be read goes, too:
 * copies, messages of another version, damaged ones, whatever bears Bauta's UUID outside slices and
 * parameter sets.
 */
struct bt_amender {
    const struct bauta_amend_settings *settings; /* borrowed */
    enum bauta_codec codec;
    struct bt_amended_epoch *epochs;
    size_t n_epochs, n_allocated;
    size_t n_met; /* epochs that rewriting has come to */
    struct bt_amended_stream *streams;
    int n_streams;
    uint64_t n_copies, n_unread; /* met: capsules that are no picture's own; unreadable messages */
    bool rewrites;               /* what is erased counts now */
    struct bt_met_people erased; /* of those who are asked for by number: their capsules */
    struct bauta_amend_result *result;
};

void bt_amender_init(struct bt_amender *a, const struct bauta_amend_settings *settings,
                     struct bauta_amend_result *result, enum bauta_codec codec);
/* `time_s` NAN: never shown; only what is done to all times is done to such a picture's epoch. */
BAUTA_MUST_CHECK enum bauta_status bt_amender_study(struct bt_amender *a, struct bauta_bytes au,
                                                    double time_s);
/* BAUTA_ERR_NOT_FOUND: there is nothing to do; BAUTA_ERR_DENIED: the key opens none of it. */
BAUTA_MUST_CHECK enum bauta_status bt_amender_plan(struct bt_amender *a);
/* Appends the access unit as it shall be. */
BAUTA_MUST_CHECK enum bauta_status bt_amender_rewrite(struct bt_amender *a, struct bt_buffer *out,
                                                      struct bauta_bytes au);
void bt_amender_clear(struct bt_amender *a);

/* Between study, plan and rewrite: a stream that was met, NULL if it was not; the stream
 * message `was` with the envelopes that its stream shall have. */
struct bt_amended_stream *bt_amender_stream(const struct bt_amender *a,
                                            const uint8_t id[BAUTA_STREAM_ID_SIZE]);
/* Notes a capsule that goes, of a picture with this stream tag. */
BAUTA_MUST_CHECK enum bauta_status
bt_amender_note_erased(struct bt_amender *a, const uint8_t tag[BT_STREAM_TAG], uint32_t target);
BAUTA_MUST_CHECK enum bauta_status bt_amender_write_stream(struct bt_buffer *out,
                                                           const struct bt_amender *a,
                                                           const struct bt_stream_message *was);

#endif
