/* SPDX-License-Identifier: Apache-2.0 */
#include "recovery/envelope.h"

#include <string.h>

#include <bauta/secrets.h>

#include "crypto/group.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/key.h"
#include "crypto/shamir.h"

static const char key_info[] = "bauta v1 stream key";
static const char share_info[] = "bauta v1 stream key share";
static const char member_purpose[] = "bauta v1 member";

/* Associated data: stream id and object codec; of a share, also whose it is. */
struct aad {
    uint8_t bytes[BAUTA_STREAM_ID_SIZE + 1 + BT_HASH_SIZE + 1];
    size_t size;
};

static void init_aad(struct aad *aad, const struct bt_envelope_place *place)
{
    memcpy(aad->bytes, place->stream_id, BAUTA_STREAM_ID_SIZE);
    aad->bytes[BAUTA_STREAM_ID_SIZE] = (uint8_t)place->object_codec;
    aad->size = BAUTA_STREAM_ID_SIZE + 1;
}

/* The whole group, with every member's key: a share is passed on to members only (approval.c), so
 * nobody may put a key of their own into a copy of the group. */
static enum bauta_status add_member(struct aad *aad, const struct bauta_group *group, int member)
{
    struct bt_buffer bytes = {0};
    bt_group_write(&bytes, group);
    enum bauta_status status = bt_buffer_status(&bytes);
    if (!status)
        status = bt_hash_bytes(aad->bytes + aad->size, bt_buffer_view(&bytes));
    bt_buffer_clear(&bytes);
    aad->size += BT_HASH_SIZE;
    aad->bytes[aad->size++] = (uint8_t)(member + 1);
    return status;
}

static struct bt_hpke_suite suite_of(const char *info, const struct aad *aad)
{
    return (struct bt_hpke_suite){
        BT_HPKE_AES_256_GCM, {(const uint8_t *)info, strlen(info)}, {aad->bytes, aad->size}};
}

enum bauta_status bt_envelope_seal(struct bt_envelope *envelope,
                                   const struct bt_envelope_place *place,
                                   const uint8_t stream_key[BT_KEY_SIZE],
                                   const struct bauta_public_key *recipient)
{
    struct aad aad;
    init_aad(&aad, place);
    struct bt_hpke_suite suite = suite_of(key_info, &aad);
    memcpy(envelope->key_id, recipient->id, BAUTA_KEY_ID_SIZE);
    return bt_hpke_seal(envelope->enc, envelope->sealed, &suite, recipient->bytes,
                        (struct bauta_bytes){stream_key, 32});
}

static enum bauta_status open_with(uint8_t out[BT_KEY_SIZE], const struct bt_envelope *envelope,
                                   const char *info, const struct aad *aad,
                                   const struct bauta_private_key *key)
{
    struct bt_hpke_suite suite = suite_of(info, aad);
    return bt_hpke_open(out, &suite, key->bytes, envelope->enc,
                        (struct bauta_bytes){envelope->sealed, sizeof(envelope->sealed)});
}

enum bauta_status bt_envelope_open(uint8_t stream_key[BT_KEY_SIZE],
                                   const struct bt_envelope *envelope,
                                   const struct bt_envelope_place *place,
                                   const struct bauta_private_key *key)
{
    struct aad aad;
    init_aad(&aad, place);
    return open_with(stream_key, envelope, key_info, &aad, key);
}

enum bauta_status bt_envelope_member_id(uint8_t id[BAUTA_KEY_ID_SIZE],
                                        const struct bauta_group *group, int member)
{
    uint8_t whole[BT_HASH_SIZE];
    struct bt_hash sum;
    bt_hash_init(&sum);
    bt_hash_add(&sum,
                (struct bauta_bytes){(const uint8_t *)member_purpose, strlen(member_purpose)});
    bt_hash_add(&sum, (struct bauta_bytes){group->id, BT_GROUP_ID});
    bt_hash_add(&sum, (struct bauta_bytes){group->members[member], 32});
    enum bauta_status status = bt_hash_finish(&sum, whole);
    memcpy(id, whole, BAUTA_KEY_ID_SIZE);
    return status;
}

static enum bauta_status seal_share(struct bt_envelope *envelope,
                                    const struct bt_envelope_place *place,
                                    const uint8_t share[BT_KEY_SIZE],
                                    const struct bauta_group *group, int member)
{
    struct aad aad;
    init_aad(&aad, place);
    enum bauta_status status = add_member(&aad, group, member);
    struct bt_hpke_suite suite = suite_of(share_info, &aad);
    if (!status)
        status = bt_envelope_member_id(envelope->key_id, group, member);
    return status ? status
                  : bt_hpke_seal(envelope->enc, envelope->sealed, &suite, group->members[member],
                                 (struct bauta_bytes){share, 32});
}

enum bauta_status bt_envelope_split(struct bt_envelope *envelopes,
                                    const struct bt_envelope_place *place,
                                    const uint8_t stream_key[BT_KEY_SIZE],
                                    const struct bauta_group *group)
{
    uint8_t shares[BT_MAX_SHARES][BT_KEY_SIZE];
    enum bauta_status status =
        bt_shamir_split(shares, group->n_members, group->threshold, stream_key);
    for (int i = 0; i < group->n_members && !status; i++)
        status = seal_share(&envelopes[i], place, shares[i], group, i);
    bauta_wipe(shares, sizeof(shares));
    return status;
}

enum bauta_status bt_envelope_open_share(uint8_t share[BT_KEY_SIZE],
                                         const struct bt_envelope *envelope,
                                         const struct bt_envelope_place *place,
                                         const struct bauta_group *group, int member,
                                         const struct bauta_private_key *key)
{
    struct aad aad;
    init_aad(&aad, place);
    enum bauta_status status = add_member(&aad, group, member);
    return status ? status : open_with(share, envelope, share_info, &aad, key);
}
