/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_ENVELOPE_H
#define BT_ENVELOPE_H

#include <bauta/group.h>
#include <bauta/key.h>

#include "recovery/stream_message.h"

/* What a sealed stream key is bound to. */
struct bt_envelope_place {
    const uint8_t *stream_id; /* BAUTA_STREAM_ID_SIZE bytes */
    int object_codec;
};

/* Seals a stream's key of 32 bytes to one recipient. BAUTA_ERR_CRYPTO; BAUTA_ERR_FORMAT: a public
 * key that nothing can be sealed to. */
BAUTA_MUST_CHECK enum bauta_status bt_envelope_seal(struct bt_envelope *envelope,
                                                    const struct bt_envelope_place *place,
                                                    const uint8_t stream_key[BT_KEY_SIZE],
                                                    const struct bauta_public_key *recipient);
/* BAUTA_ERR_TAMPERED if it was not sealed to this key, for this stream. */
BAUTA_MUST_CHECK enum bauta_status bt_envelope_open(uint8_t stream_key[BT_KEY_SIZE],
                                                    const struct bt_envelope *envelope,
                                                    const struct bt_envelope_place *place,
                                                    const struct bauta_private_key *key);

/* Splits a stream's key among a group: one envelope for each member, in their order. */
BAUTA_MUST_CHECK enum bauta_status bt_envelope_split(struct bt_envelope *envelopes,
                                                     const struct bt_envelope_place *place,
                                                     const uint8_t stream_key[BT_KEY_SIZE],
                                                     const struct bauta_group *group);
/* How the envelope of a group's member is named; not by the member's own id, so that who is in
 * which group does not show. */
BAUTA_MUST_CHECK enum bauta_status
bt_envelope_member_id(uint8_t id[BAUTA_KEY_ID_SIZE], const struct bauta_group *group, int member);
/* Opens a member's share. BAUTA_ERR_TAMPERED. */
BAUTA_MUST_CHECK enum bauta_status
bt_envelope_open_share(uint8_t share[BT_KEY_SIZE], const struct bt_envelope *envelope,
                       const struct bt_envelope_place *place, const struct bauta_group *group,
                       int member, const struct bauta_private_key *key);

#endif
