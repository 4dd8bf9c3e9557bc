/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/opened_grant.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "authority/grant_keys.h"
#include "base/log.h"
#include "crypto/hpke.h"
#include "crypto/key.h"
#include "crypto/secret.h"

static const char info[] = "bauta v1 grant";

enum { KEY = 32 };

static struct bt_hpke_suite suite_of(const struct bt_buffer *head)
{
    return (struct bt_hpke_suite){
        BT_HPKE_AES_256_GCM, {(const uint8_t *)info, sizeof(info) - 1}, bt_buffer_view(head)};
}

static void free_nodes(struct bt_key_nodes *nodes)
{
    bt_secret_free(nodes->items, nodes->n_items * sizeof(*nodes->items));
    *nodes = (struct bt_key_nodes){NULL, 0};
}

static enum bauta_status derive_all(uint8_t *plain, struct bt_key_nodes *nodes,
                                    const size_t *n_of_stream, int n_streams,
                                    uint8_t stream_keys[][BT_KEY_SIZE])
{
    size_t at = 0;
    enum bauta_status status = BAUTA_OK;
    for (int i = 0; i < n_streams; i++)
        for (size_t k = 0; k < n_of_stream[i] && !status; k++, at++) {
            status = bt_key_node_derive(&nodes->items[at], stream_keys[i]);
            memcpy(plain + at * KEY, nodes->items[at].key, KEY);
        }
    return status;
}

static enum bauta_status seal(struct bauta_grant *grant, struct bauta_bytes plain)
{
    struct bt_buffer head = {0};
    bt_grant_put_head(&head, grant);
    enum bauta_status status = bt_buffer_status(&head);
    bt_buffer_reset(&grant->sealed);
    uint8_t *out = bt_buffer_extend(&grant->sealed, plain.size + BT_TAG_SIZE);
    if (!out)
        status = BAUTA_ERR_MEMORY;
    struct bt_hpke_suite suite = suite_of(&head);
    if (!status)
        status = bt_hpke_seal(grant->enc, out, &suite, grant->statement.holder, plain);
    bt_buffer_clear(&head);
    return status;
}

enum bauta_status bt_grant_complete(struct bauta_grant *grant, uint8_t stream_keys[][BT_KEY_SIZE])
{
    size_t n_of_stream[BT_MAX_GRANT_STREAMS];
    struct bt_key_nodes nodes;
    enum bauta_status status = bt_grant_keys(&nodes, n_of_stream, &grant->statement);
    if (status)
        return status;
    size_t size = nodes.n_items * KEY;
    uint8_t *plain = bt_secret_new(size);
    status = plain ? derive_all(plain, &nodes, n_of_stream, grant->statement.n_streams, stream_keys)
                   : BAUTA_ERR_MEMORY;
    grant->complete = true;
    if (!status)
        status = seal(grant, (struct bauta_bytes){plain, size});
    grant->complete = status == BAUTA_OK;
    bt_secret_free(plain, size);
    free_nodes(&nodes);
    return status;
}

static enum bauta_status open_sealed(uint8_t *plain, const struct bauta_grant *grant,
                                     const struct bauta_private_key *key)
{
    struct bt_buffer head = {0};
    bt_grant_put_head(&head, grant);
    enum bauta_status status = bt_buffer_status(&head);
    struct bt_hpke_suite suite = suite_of(&head);
    if (!status)
        status =
            bt_hpke_open(plain, &suite, key->bytes, grant->enc, bt_buffer_view(&grant->sealed));
    bt_buffer_clear(&head);
    return status;
}

static const char *print_utc(char text[32], uint64_t utc_ms)
{
    time_t seconds = (time_t)(utc_ms / 1000);
    struct tm utc;
    if (!gmtime_r(&seconds, &utc) || strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
        strcpy(text, "a day long ago");
    return text;
}

/* Approvals, expiry and holder. */
static enum bauta_status check_limits(const struct bauta_grant *grant,
                                      const struct bauta_private_key *key, uint64_t now_ms,
                                      const struct bauta_log *log)
{
    const struct bt_statement *s = &grant->statement;
    char when[32];
    if (!grant->complete)
        return bt_log_fail(log, BAUTA_ERR_DENIED,
                           "this grant has %d of %d approvals: it opens nothing yet",
                           grant->n_approvals, grant->group.threshold);
    if (memcmp(s->holder, key->public_bytes, sizeof(s->holder)) != 0)
        return bt_log_fail(log, BAUTA_ERR_DENIED, "this grant is for another key");
    if (s->expires_ms && now_ms == 0)
        return bt_log_fail(log, BAUTA_ERR_DENIED,
                           "this grant expires, and it is not known what time it is");
    if (s->expires_ms && s->expires_ms <= now_ms)
        return bt_log_fail(log, BAUTA_ERR_DENIED, "this grant has expired, on %s",
                           print_utc(when, s->expires_ms));
    return BAUTA_OK;
}

enum bauta_status bt_opened_grant_init(struct bt_opened_grant *opened,
                                       const struct bauta_grant *grant,
                                       const struct bauta_private_key *key, uint64_t now_ms,
                                       const struct bauta_log *log)
{
    const struct bt_statement *s = &grant->statement;
    size_t n_of_stream[BT_MAX_GRANT_STREAMS];
    *opened = (struct bt_opened_grant){.n_streams = 0};
    enum bauta_status status = check_limits(grant, key, now_ms, log);
    if (!status)
        status = bt_grant_keys(&opened->nodes, n_of_stream, s);
    if (status)
        return status;
    size_t size = opened->nodes.n_items * KEY, at = 0;
    uint8_t *plain = bt_secret_new(size);
    if (!plain)
        status = BAUTA_ERR_MEMORY;
    else if (grant->sealed.size != size + BT_TAG_SIZE)
        status = BAUTA_ERR_TAMPERED;
    else
        status = open_sealed(plain, grant, key);
    for (size_t i = 0; i < opened->nodes.n_items && !status; i++)
        memcpy(opened->nodes.items[i].key, plain + i * KEY, KEY);
    bt_secret_free(plain, size);
    for (int i = 0; i < s->n_streams && !status; i++) {
        memcpy(opened->stream_ids[i], s->streams[i].stream_id, BT_GRANT_STREAM_ID);
        opened->streams[i] = (struct bt_key_nodes){opened->nodes.items + at, n_of_stream[i]};
        at += n_of_stream[i];
        opened->n_streams++;
    }
    if (status)
        bt_opened_grant_clear(opened);
    return status == BAUTA_ERR_TAMPERED ? bt_log_fail(log, status, "this grant was altered")
                                        : status;
}

struct bt_key_nodes bt_opened_grant_nodes(const struct bt_opened_grant *opened,
                                          const uint8_t stream_id[BT_GRANT_STREAM_ID])
{
    for (int i = 0; i < opened->n_streams; i++)
        if (memcmp(opened->stream_ids[i], stream_id, BT_GRANT_STREAM_ID) == 0)
            return opened->streams[i];
    return (struct bt_key_nodes){NULL, 0};
}

void bt_opened_grant_clear(struct bt_opened_grant *opened)
{
    free_nodes(&opened->nodes);
    *opened = (struct bt_opened_grant){.n_streams = 0};
}

enum bauta_status bauta_grant_check(const struct bauta_grant *grant,
                                    const struct bauta_private_key *key, uint64_t now_ms,
                                    const struct bauta_log *log)
{
    if (!grant || !key)
        return BAUTA_ERR_ARGUMENT;
    struct bt_opened_grant opened;
    enum bauta_status status = bt_opened_grant_init(&opened, grant, key, now_ms, log);
    bt_opened_grant_clear(&opened);
    return status;
}
