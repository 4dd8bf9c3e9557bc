/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "authority/grant.h"
#include "base/log.h"
#include "crypto/hash.h"
#include "crypto/hpke.h"
#include "crypto/key.h"
#include "crypto/secret.h"
#include "crypto/shamir.h"

/*
 * Who approves opens the own share of each stream's key and seals it to every other member. The
 * member who makes the number full opens what the others have passed on, puts the keys together in
 * memory, and seals to the holder what the request asks for. Nothing is passed to the holder but
 * that, and whoever has approved has given away this recording's shares only, not a private key.
 */

static const char info[] = "bauta v1 approval";

/* Where a share that was passed on belongs. */
struct aad {
    uint8_t bytes[BT_HASH_SIZE + 3];
};

static enum bauta_status init_aad(struct aad *aad, const struct bauta_grant *grant, int from,
                                  int to, int stream)
{
    enum bauta_status status = bt_hash_bytes(aad->bytes, bt_buffer_view(&grant->statement_bytes));
    aad->bytes[BT_HASH_SIZE] = (uint8_t)from;
    aad->bytes[BT_HASH_SIZE + 1] = (uint8_t)to;
    aad->bytes[BT_HASH_SIZE + 2] = (uint8_t)stream;
    return status;
}

static struct bt_hpke_suite suite_of(const struct aad *aad)
{
    return (struct bt_hpke_suite){BT_HPKE_AES_256_GCM,
                                  {(const uint8_t *)info, sizeof(info) - 1},
                                  {aad->bytes, sizeof(aad->bytes)}};
}

static size_t place_of(const struct bauta_grant *grant, int stream, int member)
{
    return ((size_t)stream * (size_t)grant->group.n_members + (size_t)member) * BT_SEALED_KEY;
}

/* The share of member `own` as the stream has it. */
static enum bauta_status open_own(uint8_t share[BT_KEY_SIZE], const struct bauta_grant *grant,
                                  int stream, int own, const struct bauta_private_key *key)
{
    const uint8_t *at = grant->shares.data + place_of(grant, stream, own);
    const struct bt_grant_stream *s = &grant->statement.streams[stream];
    struct bt_envelope envelope;
    memcpy(envelope.enc, at, sizeof(envelope.enc));
    memcpy(envelope.sealed, at + sizeof(envelope.enc), sizeof(envelope.sealed));
    struct bt_envelope_place place = {s->stream_id, s->object_codec};
    return bt_envelope_open_share(share, &envelope, &place, &grant->group, own, key);
}

static enum bauta_status pass_on(struct bauta_grant *grant, int stream, int own, int to,
                                 const uint8_t share[BT_KEY_SIZE])
{
    struct aad aad;
    enum bauta_status status = init_aad(&aad, grant, own + 1, to + 1, stream);
    struct bt_hpke_suite suite = suite_of(&aad);
    uint8_t *out = bt_buffer_extend(&grant->passed, BT_SEALED_KEY);
    if (!out)
        return BAUTA_ERR_MEMORY;
    return status ? status
                  : bt_hpke_seal(out, out + 32, &suite, grant->group.members[to],
                                 (struct bauta_bytes){share, 32});
}

static enum bauta_status open_passed(uint8_t share[BT_KEY_SIZE], const struct bauta_grant *grant,
                                     int approval, int stream, int own,
                                     const struct bauta_private_key *key)
{
    struct aad aad;
    enum bauta_status status = init_aad(&aad, grant, grant->approvals[approval], own + 1, stream);
    struct bt_hpke_suite suite = suite_of(&aad);
    size_t all = place_of(grant, grant->statement.n_streams, 0);
    const uint8_t *at = grant->passed.data + (size_t)approval * all + place_of(grant, stream, own);
    return status ? status
                  : bt_hpke_open(share, &suite, key->bytes, at, (struct bauta_bytes){at + 32, 48});
}

/* Room for what must not stay in memory. */
struct secrets {
    uint8_t shares[BT_MAX_SHARES][BT_KEY_SIZE], stream_keys[BT_MAX_GRANT_STREAMS][BT_KEY_SIZE];
};

static enum bauta_status combine(struct bauta_grant *grant, struct secrets *secrets, int stream,
                                 int own, const struct bauta_private_key *key)
{
    uint8_t numbers[BT_MAX_SHARES];
    int n = 0;
    enum bauta_status status = BAUTA_OK;
    for (; n < grant->n_approvals && !status; n++) {
        numbers[n] = grant->approvals[n];
        status = open_passed(secrets->shares[n], grant, n, stream, own, key);
    }
    numbers[n] = (uint8_t)(own + 1);
    if (!status)
        status = open_own(secrets->shares[n], grant, stream, own, key);
    if (!status)
        status = bt_shamir_combine(secrets->stream_keys[stream], secrets->shares, numbers, n + 1);
    return status;
}

static enum bauta_status complete(struct bauta_grant *grant, struct secrets *secrets, int own,
                                  const struct bauta_private_key *key)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < grant->statement.n_streams && !status; i++)
        status = combine(grant, secrets, i, own, key);
    if (status)
        return status;
    grant->approvals[grant->n_approvals++] = (uint8_t)(own + 1);
    return bt_grant_complete(grant, secrets->stream_keys);
}

static enum bauta_status add(struct bauta_grant *grant, struct secrets *secrets, int own,
                             const struct bauta_private_key *key)
{
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < grant->statement.n_streams && !status; i++) {
        status = open_own(secrets->shares[0], grant, i, own, key);
        for (int to = 0; to < grant->group.n_members && !status; to++)
            status = pass_on(grant, i, own, to, secrets->shares[0]);
    }
    grant->approvals[grant->n_approvals++] = (uint8_t)(own + 1);
    return status;
}

enum bauta_status bauta_grant_approve(struct bauta_grant *grant, bool *completed,
                                      const struct bauta_private_key *key,
                                      const struct bauta_log *log)
{
    if (!grant || !completed || !key)
        return BAUTA_ERR_ARGUMENT;
    *completed = false;
    int own = bt_group_find(&grant->group, key->public_bytes);
    if (grant->complete)
        return bt_log_fail(log, BAUTA_ERR_EXISTS, "this grant is complete and needs no approval");
    if (own < 0)
        return bt_log_fail(log, BAUTA_ERR_DENIED,
                           "this key belongs to no member of the group that is asked");
    for (int i = 0; i < grant->n_approvals; i++)
        if (grant->approvals[i] == own + 1)
            return bt_log_fail(log, BAUTA_ERR_EXISTS, "this member has approved already");
    struct secrets *secrets = bt_secret_new(sizeof(*secrets));
    if (!secrets)
        return BAUTA_ERR_MEMORY;
    bool last = grant->n_approvals + 1 == grant->group.threshold;
    enum bauta_status status = (last ? complete : add)(grant, secrets, own, key);
    bt_secret_free(secrets, sizeof(*secrets));
    if (status == BAUTA_ERR_TAMPERED)
        return bt_log_fail(log, status, "a share of the key does not open: it was altered");
    *completed = !status && last;
    return status;
}
