/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BT_AUDIT_H
#define BT_AUDIT_H

#include <stdbool.h>

#include <bauta/audit.h>

#include <sqlite3.h>

#include "crypto/hash.h"

enum { BT_AUDIT_ID = 16, BT_MAX_AUDIT_TEXT = 4096, BT_AUDIT_TEXTS = 10 };

struct bauta_audit {
    sqlite3 *database;
    char *path;
    uint8_t id[BT_AUDIT_ID]; /* random, so that one log cannot stand in for another */
    uint64_t last;           /* sequence of the row that was last appended */
    const struct bauta_log *log;
};

/* What a row's hash is over: sequence u64 · utc u64 · each text as size u32 and bytes, in the
 * order of the struct · the hash before; of the first, SHA-256 of "bauta v1 audit" and the id. */
BAUTA_MUST_CHECK enum bauta_status bt_audit_hash(uint8_t out[BT_HASH_SIZE],
                                                 const struct bauta_audit_row *row,
                                                 const uint8_t before[BT_HASH_SIZE]);
BAUTA_MUST_CHECK enum bauta_status bt_audit_first_hash(uint8_t out[BT_HASH_SIZE],
                                                       const struct bauta_audit *audit);
/* The texts of a row in the order of its columns. */
void bt_audit_texts(const char *texts[BT_AUDIT_TEXTS], const struct bauta_audit_row *row);
/* Says what SQLite says; gives BAUTA_ERR_IO. */
enum bauta_status bt_audit_fail(const struct bauta_audit *audit, const char *what);
/* Reads the row that a statement of bt_audit_select stands at; its texts are SQLite's memory, good
 * until the next step. BAUTA_ERR_TAMPERED: a column is not what it should be. */
BAUTA_MUST_CHECK enum bauta_status bt_audit_take(struct bauta_audit_row *row,
                                                 sqlite3_stmt *statement);
extern const char bt_audit_select[];

#endif
