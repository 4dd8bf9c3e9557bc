/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_STATEMENT_H
#define BT_STATEMENT_H

#include <bauta/grant.h>

#include "base/buffer.h"
#include "crypto/sizes.h"

enum {
    BT_MAX_GRANT_STREAMS = 64,
    BT_GRANT_STREAM_ID = 16,
    BT_MAX_GRANT_SPANS = 1 << 16, /* of all streams together */
    BT_MAX_GRANT_TEXT = 1024      /* bytes of the reason, and of the case */
};

/* Epochs, both ends included. */
struct bt_grant_span {
    uint32_t first, last;
};

struct bt_grant_stream {
    uint8_t stream_id[BT_GRANT_STREAM_ID];
    int object_codec;
    struct bt_grant_span *spans; /* rising, none touching the next */
    size_t n_spans;
};

/*
 * What a grant says, in the clear (docs/grants.md):
 *
 *   id 16 · holder 32 · issued u64 · expires u64 · since u64 · until u64, ms · classes u8 ·
 *   reason vlq, UTF-8 · case vlq, UTF-8 · n vlq · targets, vlq each ·
 *   n vlq · n of: stream id 16 · object codec u8 · n vlq · n of: first u32 · last u32
 */
struct bt_statement {
    uint8_t id[BAUTA_GRANT_ID_SIZE];
    uint8_t holder[BT_RAW_KEY_SIZE]; /* raw public key */
    uint64_t issued_ms, expires_ms;
    uint64_t since_ms, until_ms; /* in the file that it was made for */
    unsigned classes;
    char reason[BT_MAX_GRANT_TEXT + 1], case_[BT_MAX_GRANT_TEXT + 1];
    uint32_t targets[BAUTA_MAX_GRANT_TARGETS]; /* rising */
    int n_targets;
    struct bt_grant_stream streams[BT_MAX_GRANT_STREAMS];
    int n_streams;
};

void bt_statement_write(struct bt_buffer *out, const struct bt_statement *s);
/* Whatever it gives, clear `s` afterwards. BAUTA_ERR_FORMAT, _LIMIT, _MEMORY. */
BAUTA_MUST_CHECK enum bauta_status bt_statement_parse(struct bt_statement *s,
                                                      struct bauta_bytes bytes);
void bt_statement_clear(struct bt_statement *s);

#endif
