/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_GRANT_H
#define BT_GRANT_H

#include "authority/statement.h"
#include "crypto/group.h"
#include "crypto/sign.h"
#include "recovery/envelope.h"

/* A sealed share, or key: HPKE's encapsulated key and 32 bytes with their tag. */
enum { BT_SEALED_KEY = 32 + 48 };

/*
 * A grant, or the request for one, as in its file (docs/grants.md), where PEM of the label "BAUTA
 * GRANT" holds:
 *
 *   version u8 · kind u8 · size u32 · statement · size u32 · group, 0 bytes without ·
 *   n u8 · numbers of the members who approved, u8 each ·
 *   kind 1, grant:    enc 32 · size u32 · the keys, sealed to the holder
 *   kind 2, request:  for each stream, for each member: share, BT_SEALED_KEY ·
 *                     for each approval, for each stream, for each member: share, BT_SEALED_KEY ·
 *   n u8, 0 or 1 · signer 32 · signature 64
 */
struct bauta_grant {
    struct bt_statement statement;
    struct bt_buffer statement_bytes;
    struct bauta_group group; /* without members if no group need approve */
    int n_approvals;
    uint8_t approvals[BAUTA_MAX_MEMBERS]; /* numbers of members, from 1 */
    bool complete;
    uint8_t enc[BT_ENC_SIZE];
    struct bt_buffer sealed; /* of a grant */
    struct bt_buffer shares; /* of a request: as the stream messages have them */
    struct bt_buffer passed; /* and as those who approved have passed them on */
    bool is_signed;
    uint8_t signer[BT_RAW_KEY_SIZE], signature[BAUTA_SIGNATURE_SIZE];
};

/* The associated data of its keys: statement, group and approvals, as in the file. */
void bt_grant_put_head(struct bt_buffer *out, const struct bauta_grant *grant);

/* Derives all its keys from the streams' keys (in the order of its statement), seals them to its
 * holder, and makes it complete. BAUTA_ERR_LIMIT: too many keys. */
BAUTA_MUST_CHECK enum bauta_status bt_grant_complete(struct bauta_grant *grant,
                                                     uint8_t stream_keys[][BT_KEY_SIZE]);
/* Signs the statement. */
BAUTA_MUST_CHECK enum bauta_status bt_grant_sign(struct bauta_grant *grant,
                                                 const struct bauta_signing_key *key);

#endif
