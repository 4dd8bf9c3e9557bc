/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/grant.h"

#include <stdlib.h>
#include <string.h>

#include "authority/grant_keys.h"
#include "base/log.h"
#include "base/reader.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/key_file.h"
#include "crypto/key_id.h"
#include "crypto/pem_file.h"

static const char label[] = "BAUTA GRANT", purpose[] = "bauta v1 grant";

enum { VERSION = 1, KIND_GRANT = 1, KIND_REQUEST = 2 };

void bauta_grant_free(struct bauta_grant **grant)
{
    if (!grant || !*grant)
        return;
    bt_statement_clear(&(*grant)->statement);
    bt_buffer_clear(&(*grant)->statement_bytes);
    bt_buffer_clear(&(*grant)->sealed);
    bt_buffer_clear(&(*grant)->shares);
    bt_buffer_clear(&(*grant)->passed);
    free(*grant);
    *grant = NULL;
}

static void put_sized(struct bt_buffer *out, struct bauta_bytes bytes)
{
    bt_buffer_put_u32(out, (uint32_t)bytes.size);
    bt_buffer_append(out, bytes);
}

void bt_grant_put_head(struct bt_buffer *out, const struct bauta_grant *grant)
{
    struct bt_buffer group = {0};
    if (grant->group.n_members)
        bt_group_write(&group, &grant->group);
    put_sized(out, bt_buffer_view(&grant->statement_bytes));
    put_sized(out, bt_buffer_view(&group));
    bt_buffer_put_u8(out, (unsigned)grant->n_approvals);
    bt_buffer_append(out, (struct bauta_bytes){grant->approvals, (size_t)grant->n_approvals});
    out->failed |= group.failed;
    bt_buffer_clear(&group);
}

static void put(struct bt_buffer *out, const struct bauta_grant *grant)
{
    bt_buffer_put_u8(out, VERSION);
    bt_buffer_put_u8(out, grant->complete ? KIND_GRANT : KIND_REQUEST);
    bt_grant_put_head(out, grant);
    if (grant->complete) {
        bt_buffer_append(out, (struct bauta_bytes){grant->enc, sizeof(grant->enc)});
        put_sized(out, bt_buffer_view(&grant->sealed));
    } else {
        bt_buffer_append(out, bt_buffer_view(&grant->shares));
        bt_buffer_append(out, bt_buffer_view(&grant->passed));
    }
    bt_buffer_put_u8(out, grant->is_signed);
    if (grant->is_signed) {
        bt_buffer_append(out, (struct bauta_bytes){grant->signer, sizeof(grant->signer)});
        bt_buffer_append(out, (struct bauta_bytes){grant->signature, sizeof(grant->signature)});
    }
}

static enum bauta_status write_file(const struct bauta_grant *grant, const char *path, bool update,
                                    const struct bauta_log *log)
{
    if (!grant || !path)
        return BAUTA_ERR_ARGUMENT;
    struct bt_buffer bytes = {0}, text = {0};
    put(&bytes, grant);
    enum bauta_status status = bt_buffer_status(&bytes);
    if (!status)
        bt_pem_write(&text, label, bt_buffer_view(&bytes));
    if (!status)
        status = bt_buffer_status(&text);
    if (!status)
        status = update ? bt_key_file_update(path, bt_buffer_view(&text), log)
                        : bt_key_file_write(path, BAUTA_MODE_DEFAULT, bt_buffer_view(&text), log);
    bt_buffer_clear(&bytes);
    bt_buffer_clear(&text);
    return status;
}

enum bauta_status bauta_grant_write(const struct bauta_grant *grant, const char *path,
                                    const struct bauta_log *log)
{
    return write_file(grant, path, false, log);
}

enum bauta_status bauta_grant_update(const struct bauta_grant *grant, const char *path,
                                     const struct bauta_log *log)
{
    return write_file(grant, path, true, log);
}

static void copy(struct bt_buffer *to, struct bauta_bytes bytes)
{
    bt_buffer_append(to, bytes);
}

/* Whether those who approved are members, each once, and fewer than enough in a request. */
static bool approvals_are_sound(const struct bauta_grant *g)
{
    for (int i = 0; i < g->n_approvals; i++) {
        if (g->approvals[i] < 1 || g->approvals[i] > g->group.n_members)
            return false;
        for (int k = 0; k < i; k++)
            if (g->approvals[k] == g->approvals[i])
                return false;
    }
    if (g->complete)
        return g->n_approvals == g->group.threshold; /* both 0 without a group */
    return g->group.n_members > 0 && g->n_approvals < g->group.threshold;
}

static enum bauta_status take_head(struct bauta_grant *g, struct bt_reader *r)
{
    copy(&g->statement_bytes, bt_reader_take(r, bt_reader_u32(r)));
    struct bauta_bytes group = bt_reader_take(r, bt_reader_u32(r));
    g->n_approvals = bt_reader_u8(r);
    if (r->overrun || g->n_approvals > BAUTA_MAX_MEMBERS)
        return BAUTA_ERR_FORMAT;
    bt_reader_copy(r, g->approvals, (size_t)g->n_approvals);
    enum bauta_status status = bt_buffer_status(&g->statement_bytes);
    if (!status)
        status = bt_statement_parse(&g->statement, bt_buffer_view(&g->statement_bytes));
    if (!status && group.size)
        status = bt_group_read(&g->group, group);
    if (!status && (r->overrun || !approvals_are_sound(g)))
        status = BAUTA_ERR_FORMAT;
    return status;
}

static void take_body(struct bauta_grant *g, struct bt_reader *r)
{
    if (g->complete) {
        bt_reader_copy(r, g->enc, sizeof(g->enc));
        copy(&g->sealed, bt_reader_take(r, bt_reader_u32(r)));
        return;
    }
    size_t all = (size_t)g->statement.n_streams * (size_t)g->group.n_members * BT_SEALED_KEY;
    copy(&g->shares, bt_reader_take(r, all));
    copy(&g->passed, bt_reader_take(r, all * (size_t)g->n_approvals));
}

static void take_signature(struct bauta_grant *g, struct bt_reader *r)
{
    unsigned n = bt_reader_u8(r);
    if (n > 1)
        r->overrun = true;
    g->is_signed = n == 1;
    if (!g->is_signed)
        return;
    bt_reader_copy(r, g->signer, sizeof(g->signer));
    bt_reader_copy(r, g->signature, sizeof(g->signature));
}

static enum bauta_status parse(struct bauta_grant *g, struct bauta_bytes bytes)
{
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    if (bt_reader_u8(&r) != VERSION)
        return r.overrun ? BAUTA_ERR_FORMAT : BAUTA_ERR_UNSUPPORTED;
    unsigned kind = bt_reader_u8(&r);
    if (kind != KIND_GRANT && kind != KIND_REQUEST)
        return BAUTA_ERR_FORMAT;
    g->complete = kind == KIND_GRANT;
    enum bauta_status status = take_head(g, &r);
    if (status)
        return status;
    take_body(g, &r);
    take_signature(g, &r);
    if (r.overrun || bt_reader_left(&r))
        return BAUTA_ERR_FORMAT;
    struct bt_buffer *const parts[] = {&g->sealed, &g->shares, &g->passed};
    for (int i = 0; i < 3 && !status; i++)
        status = bt_buffer_status(parts[i]);
    return status;
}

enum bauta_status bauta_grant_parse(struct bauta_grant **grant, struct bauta_bytes pem,
                                    const char *name, const struct bauta_log *log)
{
    if (!grant || !name || (pem.size && !pem.data))
        return BAUTA_ERR_ARGUMENT;
    *grant = calloc(1, sizeof(**grant));
    if (!*grant)
        return BAUTA_ERR_MEMORY;
    struct bt_buffer bytes = {0};
    enum bauta_status status = bt_pem_read(&bytes, label, pem, name, log);
    if (!status) {
        status = parse(*grant, bt_buffer_view(&bytes));
        if (status)
            status = bt_log_fail(log, status, "%s: %s", name,
                                 status == BAUTA_ERR_UNSUPPORTED ? "a grant of a later version"
                                 : status == BAUTA_ERR_MEMORY    ? "no memory"
                                                                 : "a damaged grant");
    }
    bt_buffer_clear(&bytes);
    if (status)
        bauta_grant_free(grant);
    return status;
}

enum bauta_status bauta_grant_read(struct bauta_grant **grant, const char *path,
                                   const struct bauta_log *log)
{
    if (!grant || !path)
        return BAUTA_ERR_ARGUMENT;
    *grant = NULL;
    struct bt_buffer text = {0};
    enum bauta_status status = bt_grant_file_read(&text, path, log);
    if (!status)
        status = bauta_grant_parse(grant, bt_buffer_view(&text), path, log);
    bt_buffer_clear(&text);
    return status;
}

enum bauta_status bt_grant_sign(struct bauta_grant *grant, const struct bauta_signing_key *key)
{
    memcpy(grant->signer, key->public_bytes, sizeof(grant->signer));
    enum bauta_status status =
        bt_sign(grant->signature, key, purpose, bt_buffer_view(&grant->statement_bytes));
    grant->is_signed = status == BAUTA_OK;
    return status;
}

enum bauta_status bauta_grant_verify(const struct bauta_grant *grant,
                                     const struct bauta_signer *signer)
{
    if (!grant || !signer)
        return BAUTA_ERR_ARGUMENT;
    if (!grant->is_signed)
        return BAUTA_ERR_NOT_FOUND;
    return bt_sign_verify(grant->signature, signer, purpose,
                          bt_buffer_view(&grant->statement_bytes));
}

static uint64_t count_epochs(const struct bt_statement *s)
{
    uint64_t n = 0;
    for (int i = 0; i < s->n_streams; i++)
        for (size_t k = 0; k < s->streams[i].n_spans; k++)
            n += (uint64_t)s->streams[i].spans[k].last - s->streams[i].spans[k].first + 1;
    return n;
}

void bauta_grant_tell(struct bauta_grant_info *info, const struct bauta_grant *grant)
{
    const struct bt_statement *s = &grant->statement;
    *info = (struct bauta_grant_info){.issued_ms = s->issued_ms,
                                      .expires_ms = s->expires_ms,
                                      .reason = s->reason,
                                      .case_ = s->case_,
                                      .classes = s->classes,
                                      .targets = s->targets,
                                      .n_targets = s->n_targets,
                                      .since_s = (double)s->since_ms / 1000,
                                      .until_s = (double)s->until_ms / 1000,
                                      .n_streams = s->n_streams,
                                      .n_epochs = count_epochs(s),
                                      .n_keys = bt_grant_count_keys(s),
                                      .complete = grant->complete,
                                      .threshold = grant->group.threshold,
                                      .n_members = grant->group.n_members,
                                      .n_approvals = grant->n_approvals,
                                      .is_signed = grant->is_signed};
    memcpy(info->id, s->id, sizeof(info->id));
    memcpy(info->stream_id, s->streams[0].stream_id, sizeof(info->stream_id));
    /* Should hashing fail, an id stays zero: it only serves to tell keys apart. */
    bool hashed = !bt_key_id(info->holder, s->holder);
    if (grant->is_signed)
        hashed &= !bt_key_id(info->signer, grant->signer);
    for (int i = 0; i < grant->n_approvals; i++)
        hashed &= !bt_key_id(info->approvals[i], grant->group.members[grant->approvals[i] - 1]);
    (void)hashed;
}
