/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_STREAM_MESSAGE_H
#define BT_STREAM_MESSAGE_H

#include <bauta/bytes.h>
#include <bauta/codec.h>
#include <bauta/status.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "recovery/wire.h"

/* The stream key, sealed to one recipient by HPKE (RFC 9180, base mode). */
struct bt_envelope {
    uint8_t key_id[BAUTA_KEY_ID_SIZE];
    uint8_t enc[BT_ENC_SIZE];                  /* the encapsulated key */
    uint8_t sealed[BT_KEY_SIZE + BT_TAG_SIZE]; /* 32 bytes of stream key, 16 of tag */
};

/*
 * What stands at the start of each epoch (docs/format.md, "Stream message"):
 *
 *    0      1         2            18       22         30       31      32      33
 *   +------+---------+------------+--------+----------+--------+-------+-------+--------------//
 *   | type | version | stream id  | epoch  | utc, ms  | object | flags | n     | n envelopes
 *   | 1    | 1       | 16 bytes   | 4      | 8        | codec  | 0     |       | of 88 bytes
 *   +------+---------+------------+--------+----------+--------+-------+-------+--------------//
 */
struct bt_stream_message {
    uint8_t stream_id[BAUTA_STREAM_ID_SIZE];
    uint32_t epoch;
    uint64_t utc_ms;  /* of the epoch's first picture since 1970-01-01, 0: not known */
    int object_codec; /* its number on the wire, which may be unknown */
    int n_envelopes;
    struct bt_envelope envelopes[BAUTA_MAX_RECIPIENTS];
};

/* The numbers of docs/format.md for object codecs; 0 stands for OTHER, and OTHER for all unknown
 * numbers. */
int bt_codec_to_wire(enum bauta_codec codec);
enum bauta_codec bt_codec_of_wire(int number);

/* Appends the message; a failure shows in bt_buffer_status(out). */
void bt_stream_message_write(struct bt_buffer *out, const struct bt_stream_message *m);

/* BAUTA_ERR_FORMAT: not such a message; BAUTA_ERR_UNSUPPORTED: one of a later version;
 * BAUTA_ERR_LIMIT: more than BAUTA_MAX_RECIPIENTS envelopes. `*m` is all zero unless BAUTA_OK. */
BAUTA_MUST_CHECK enum bauta_status bt_stream_message_parse(struct bt_stream_message *m,
                                                           struct bauta_bytes bytes);

#endif
