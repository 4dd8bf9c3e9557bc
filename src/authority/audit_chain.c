/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <string.h>

#include "authority/audit.h"
#include "base/buffer.h"
#include "base/log.h"
#include "base/reader.h"
#include "crypto/key.h"
#include "crypto/key_file.h"
#include "crypto/pem_file.h"
#include "crypto/sign.h"

static const char purpose[] = "bauta v1 audit", head_label[] = "BAUTA AUDIT HEAD";

enum { HEAD_VERSION = 1, HEAD_SIZE = 1 + BT_AUDIT_ID + 8 + BT_HASH_SIZE + 8 };

void bt_audit_texts(const char *texts[BT_AUDIT_TEXTS], const struct bauta_audit_row *row)
{
    const char *const all[BT_AUDIT_TEXTS] = {row->who,   row->key,     row->action, row->outcome,
                                             row->what,  row->stream,  row->why,    row->case_,
                                             row->grant, row->approved};
    for (int i = 0; i < BT_AUDIT_TEXTS; i++)
        texts[i] = all[i] ? all[i] : "";
}

enum bauta_status bt_audit_first_hash(uint8_t out[BT_HASH_SIZE], const struct bauta_audit *audit)
{
    struct bt_hash sum;
    bt_hash_init(&sum);
    bt_hash_add(&sum, (struct bauta_bytes){(const uint8_t *)purpose, strlen(purpose)});
    bt_hash_add(&sum, (struct bauta_bytes){audit->id, BT_AUDIT_ID});
    return bt_hash_finish(&sum, out);
}

enum bauta_status bt_audit_hash(uint8_t out[BT_HASH_SIZE], const struct bauta_audit_row *row,
                                const uint8_t before[BT_HASH_SIZE])
{
    const char *texts[BT_AUDIT_TEXTS];
    struct bt_buffer bytes = {0};
    bt_audit_texts(texts, row);
    bt_buffer_put_u64(&bytes, row->sequence);
    bt_buffer_put_u64(&bytes, row->utc_ms);
    for (int i = 0; i < BT_AUDIT_TEXTS; i++) {
        size_t size = strlen(texts[i]);
        bt_buffer_put_u32(&bytes, (uint32_t)size);
        bt_buffer_append(&bytes, (struct bauta_bytes){(const uint8_t *)texts[i], size});
    }
    bt_buffer_append(&bytes, (struct bauta_bytes){before, BT_HASH_SIZE});
    enum bauta_status status = bt_buffer_status(&bytes);
    if (!status)
        status = bt_hash_bytes(out, bt_buffer_view(&bytes));
    bt_buffer_clear(&bytes);
    return status;
}

enum bauta_status bt_audit_take(struct bauta_audit_row *row, sqlite3_stmt *s)
{
    const char *texts[BT_AUDIT_TEXTS];
    for (int i = 0; i < BT_AUDIT_TEXTS; i++) {
        texts[i] = (const char *)sqlite3_column_text(s, 2 + i);
        if (!texts[i] || (size_t)sqlite3_column_bytes(s, 2 + i) != strlen(texts[i]))
            return BAUTA_ERR_TAMPERED;
    }
    if (sqlite3_column_bytes(s, 2 + BT_AUDIT_TEXTS) != BT_HASH_SIZE)
        return BAUTA_ERR_TAMPERED;
    *row = (struct bauta_audit_row){(uint64_t)sqlite3_column_int64(s, 0),
                                    (uint64_t)sqlite3_column_int64(s, 1),
                                    texts[0],
                                    texts[1],
                                    texts[2],
                                    texts[3],
                                    texts[4],
                                    texts[5],
                                    texts[6],
                                    texts[7],
                                    texts[8],
                                    texts[9],
                                    {0}};
    memcpy(row->hash, sqlite3_column_blob(s, 2 + BT_AUDIT_TEXTS), BT_HASH_SIZE);
    return BAUTA_OK;
}

/* Calls `visit` for each row, also one that cannot be taken (NULL). */
static enum bauta_status
walk(struct bauta_audit *audit,
     enum bauta_status (*visit)(void *user, const struct bauta_audit_row *row), void *user)
{
    sqlite3_stmt *s = NULL;
    enum bauta_status status = BAUTA_OK;
    int result = sqlite3_prepare_v2(audit->database, bt_audit_select, -1, &s, NULL);
    while (result == SQLITE_OK && !status) {
        int step = sqlite3_step(s);
        if (step == SQLITE_DONE)
            break;
        result = step == SQLITE_ROW ? SQLITE_OK : step;
        struct bauta_audit_row row;
        if (result == SQLITE_OK)
            status = visit(user, bt_audit_take(&row, s) ? NULL : &row);
    }
    if (result != SQLITE_OK)
        status = bt_audit_fail(audit, "cannot be read");
    sqlite3_finalize(s);
    return status;
}

struct reading {
    enum bauta_status (*row)(void *user, const struct bauta_audit_row *row);
    void *user;
};

static enum bauta_status read_row(void *user, const struct bauta_audit_row *row)
{
    const struct reading *reading = user;
    return row ? reading->row(reading->user, row) : BAUTA_ERR_TAMPERED;
}

enum bauta_status bauta_audit_read(struct bauta_audit *audit,
                                   enum bauta_status (*row)(void *user,
                                                            const struct bauta_audit_row *row),
                                   void *user)
{
    if (!audit || !row)
        return BAUTA_ERR_ARGUMENT;
    struct reading reading = {row, user};
    enum bauta_status status = walk(audit, read_row, &reading);
    if (status == BAUTA_ERR_TAMPERED)
        return bt_log_fail(audit->log, status, "%s: a row is damaged", audit->path);
    return status;
}

/* A row that was the last one at some time. */
struct head {
    uint8_t id[BT_AUDIT_ID];
    uint64_t sequence;
    uint8_t hash[BT_HASH_SIZE];
};

struct following {
    const struct bauta_audit *audit;
    uint64_t sequence;
    uint8_t hash[BT_HASH_SIZE];
    const struct head *head;
    bool met_head;
};

static enum bauta_status follow(void *user, const struct bauta_audit_row *row)
{
    struct following *f = user;
    const struct bauta_audit *audit = f->audit;
    uint64_t next = f->sequence + 1;
    uint8_t hash[BT_HASH_SIZE];
    if (!row)
        return bt_log_fail(audit->log, BAUTA_ERR_TAMPERED, "%s: row %" PRIu64 " was altered",
                           audit->path, next);
    if (row->sequence != next)
        return bt_log_fail(audit->log, BAUTA_ERR_TAMPERED,
                           "%s: row %" PRIu64 " is missing or was moved", audit->path, next);
    enum bauta_status status = bt_audit_hash(hash, row, f->hash);
    if (status)
        return status;
    if (memcmp(hash, row->hash, sizeof(hash)) != 0)
        return bt_log_fail(audit->log, BAUTA_ERR_TAMPERED,
                           "%s: row %" PRIu64 ", or one before it, was altered, removed or moved",
                           audit->path, next);
    f->sequence = next;
    memcpy(f->hash, hash, sizeof(hash));
    if (f->head && f->head->sequence == next)
        f->met_head = memcmp(hash, f->head->hash, sizeof(hash)) == 0;
    return BAUTA_OK;
}

static enum bauta_status parse_head(struct head *head, struct bauta_bytes bytes,
                                    const struct bauta_signer *signer)
{
    struct bt_reader r;
    bt_reader_init(&r, bytes);
    unsigned version = bt_reader_u8(&r);
    struct bauta_bytes id = bt_reader_take(&r, BT_AUDIT_ID);
    head->sequence = bt_reader_u64(&r);
    struct bauta_bytes hash = bt_reader_take(&r, BT_HASH_SIZE);
    bt_reader_u64(&r); /* when it was signed */
    struct bauta_bytes signature = bt_reader_take(&r, BAUTA_SIGNATURE_SIZE);
    if (version != HEAD_VERSION || r.overrun || bt_reader_left(&r))
        return BAUTA_ERR_FORMAT;
    memcpy(head->id, id.data, BT_AUDIT_ID);
    memcpy(head->hash, hash.data, BT_HASH_SIZE);
    return bt_sign_verify(signature.data, signer, purpose,
                          (struct bauta_bytes){bytes.data, HEAD_SIZE});
}

static enum bauta_status read_head(struct head *head, const struct bauta_audit *audit,
                                   const char *path, const struct bauta_signer *signer)
{
    struct bt_buffer text = {0}, bytes = {0};
    enum bauta_status status = bt_key_file_read(&text, path, NULL, audit->log);
    if (!status)
        status = bt_pem_read(&bytes, head_label, bt_buffer_view(&text), path, audit->log);
    if (!status) {
        status = parse_head(head, bt_buffer_view(&bytes), signer);
        if (status == BAUTA_ERR_FORMAT)
            status = bt_log_fail(audit->log, status, "%s: a damaged head", path);
        else if (status == BAUTA_ERR_TAMPERED)
            status = bt_log_fail(audit->log, status,
                                 "%s: is not signed by whom it should be, or was altered", path);
    }
    if (!status && memcmp(head->id, audit->id, BT_AUDIT_ID) != 0)
        status = bt_log_fail(audit->log, BAUTA_ERR_TAMPERED,
                             "%s: is the head of another log than %s", path, audit->path);
    bt_buffer_clear(&text);
    bt_buffer_clear(&bytes);
    return status;
}

enum bauta_status bauta_audit_verify(struct bauta_audit *audit, uint64_t *n_rows,
                                     const char *head_path, const struct bauta_signer *signer)
{
    if (!audit || !n_rows || (head_path && !signer))
        return BAUTA_ERR_ARGUMENT;
    struct head head;
    struct following f = {.audit = audit, .head = head_path ? &head : NULL};
    *n_rows = 0;
    enum bauta_status status = head_path ? read_head(&head, audit, head_path, signer) : BAUTA_OK;
    if (!status)
        status = bt_audit_first_hash(f.hash, audit);
    if (!status)
        status = walk(audit, follow, &f);
    *n_rows = f.sequence;
    if (!status && head_path && f.sequence < head.sequence)
        status = bt_log_fail(audit->log, BAUTA_ERR_TAMPERED,
                             "%s: ends after row %" PRIu64 ", but had %" PRIu64 " once: rows were "
                             "taken off its end",
                             audit->path, f.sequence, head.sequence);
    else if (!status && head_path && !f.met_head)
        status = bt_log_fail(audit->log, BAUTA_ERR_TAMPERED,
                             "%s: row %" PRIu64 " is not the one that was signed: the log was "
                             "written anew",
                             audit->path, head.sequence);
    return status;
}

enum bauta_status bauta_audit_sign_head(struct bauta_audit *audit, const char *path,
                                        const struct bauta_signing_key *key, uint64_t utc_ms)
{
    if (!audit || !path || !key)
        return BAUTA_ERR_ARGUMENT;
    struct following f = {.audit = audit};
    struct bt_buffer bytes = {0}, text = {0};
    enum bauta_status status = bt_audit_first_hash(f.hash, audit);
    if (!status)
        status = walk(audit, follow, &f); /* what is broken is not signed */
    if (!status && f.sequence == 0)
        status = bt_log_fail(audit->log, BAUTA_ERR_NOT_FOUND, "%s: has no rows", audit->path);
    bt_buffer_put_u8(&bytes, HEAD_VERSION);
    bt_buffer_append(&bytes, (struct bauta_bytes){audit->id, BT_AUDIT_ID});
    bt_buffer_put_u64(&bytes, f.sequence);
    bt_buffer_append(&bytes, (struct bauta_bytes){f.hash, BT_HASH_SIZE});
    bt_buffer_put_u64(&bytes, utc_ms);
    if (!status)
        status = bt_sign_append(&bytes, 0, key, purpose);
    if (!status) {
        bt_pem_write(&text, head_label, bt_buffer_view(&bytes));
        status = bt_buffer_status(&text);
    }
    if (!status)
        status = bt_key_file_write(path, BAUTA_MODE_DEFAULT, bt_buffer_view(&text), audit->log);
    bt_buffer_clear(&bytes);
    bt_buffer_clear(&text);
    return status;
}
