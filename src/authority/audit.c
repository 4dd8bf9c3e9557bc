/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "crypto/random.h"

enum { BUSY_MS = 10000 };

/* The rows, and triggers that keep well-meaning tools from changing them. */
static const char schema[] =
    "CREATE TABLE IF NOT EXISTS log(id BLOB NOT NULL);"
    "CREATE TABLE IF NOT EXISTS rows(sequence INTEGER PRIMARY KEY, utc_ms INTEGER NOT NULL,"
    " who TEXT NOT NULL, key TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,"
    " what TEXT NOT NULL, stream TEXT NOT NULL, why TEXT NOT NULL, case_ TEXT NOT NULL,"
    " grant_ TEXT NOT NULL, approved TEXT NOT NULL, hash BLOB NOT NULL);"
    "CREATE TRIGGER IF NOT EXISTS no_update BEFORE UPDATE ON rows"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;"
    "CREATE TRIGGER IF NOT EXISTS no_delete BEFORE DELETE ON rows"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;";

const char bt_audit_select[] = "SELECT sequence, utc_ms, who, key, action, outcome, what, stream,"
                               " why, case_, grant_, approved, hash FROM rows ORDER BY sequence";

static bool run(struct bauta_audit *audit, const char *text)
{
    return sqlite3_exec(audit->database, text, NULL, NULL, NULL) == SQLITE_OK;
}

/* Every folder on the way to `path`. */
static void make_folders(const char *path)
{
    char folder[4096];
    size_t size = strlen(path);
    if (size >= sizeof(folder))
        return;
    memcpy(folder, path, size + 1);
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0700); /* a failure shows when the file is opened */
        *slash = '/';
    }
}

/* Whether `path` names one file of the file system: SQLite takes "" and ":memory:" for a log that
 * is forgotten at the end, and "file:..." for an address. */
static enum bauta_status check_path(const char *path, const struct bauta_log *log)
{
    struct stat about;
    if (!*path || *path == ':' || strncmp(path, "file:", 5) == 0)
        return bt_log_fail(log, BAUTA_ERR_ARGUMENT,
                           "'%s' names no file that an audit log could be kept in", path);
    if (lstat(path, &about) != 0 && errno != ENOENT)
        return bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", path, strerror(errno));
    if (lstat(path, &about) == 0 && !S_ISREG(about.st_mode))
        return bt_log_fail(log, BAUTA_ERR_IO,
                           "%s: is no regular file (a link, a folder or a device): an audit log is "
                           "kept in a file of its own",
                           path);
    return BAUTA_OK;
}

/* A new log is its owner's alone; what SQLite makes beside it follows its rights. */
static enum bauta_status make_file(const char *path, const struct bauta_log *log)
{
    int file = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return bt_log_fail(log, BAUTA_ERR_IO, "%s: %s", path, strerror(errno));
    close(file);
    return BAUTA_OK;
}

static enum bauta_status read_id(struct bauta_audit *audit)
{
    sqlite3_stmt *statement = NULL;
    enum bauta_status status = BAUTA_ERR_FORMAT;
    if (sqlite3_prepare_v2(audit->database, "SELECT id FROM log", -1, &statement, NULL) ==
            SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW &&
        sqlite3_column_bytes(statement, 0) == BT_AUDIT_ID) {
        memcpy(audit->id, sqlite3_column_blob(statement, 0), BT_AUDIT_ID);
        status = BAUTA_OK;
    }
    sqlite3_finalize(statement);
    return status;
}

static enum bauta_status write_id(struct bauta_audit *audit)
{
    sqlite3_stmt *statement = NULL;
    enum bauta_status status = bt_random(audit->id, sizeof(audit->id));
    if (!status &&
        (sqlite3_prepare_v2(audit->database, "INSERT INTO log SELECT ?1", -1, &statement, NULL) !=
             SQLITE_OK ||
         sqlite3_bind_blob(statement, 1, audit->id, BT_AUDIT_ID, SQLITE_STATIC) != SQLITE_OK ||
         sqlite3_step(statement) != SQLITE_DONE))
        status = bt_audit_fail(audit, "cannot be written");
    sqlite3_finalize(statement);
    return status;
}

/* Tables and id, made by whichever process comes first. */
static enum bauta_status prepare(struct bauta_audit *audit)
{
    if (!run(audit, "BEGIN IMMEDIATE"))
        return bt_audit_fail(audit, "cannot be locked");
    enum bauta_status status =
        run(audit, schema) ? BAUTA_OK : bt_audit_fail(audit, "cannot be set up");
    if (!status && read_id(audit))
        status = write_id(audit);
    if (!status && !run(audit, "COMMIT"))
        status = bt_audit_fail(audit, "cannot be written");
    if (status)
        run(audit, "ROLLBACK");
    return status;
}

static enum bauta_status open_at(struct bauta_audit **audit, const char *path, int flags,
                                 const struct bauta_log *log)
{
    *audit = calloc(1, sizeof(**audit));
    if (!*audit)
        return BAUTA_ERR_MEMORY;
    (*audit)->log = log;
    (*audit)->path = strdup(path);
    if (!(*audit)->path)
        return BAUTA_ERR_MEMORY;
    int result = sqlite3_open_v2(path, &(*audit)->database, flags, NULL);
    if (result != SQLITE_OK)
        return bt_audit_fail(*audit, "cannot be opened");
    sqlite3_busy_timeout((*audit)->database, BUSY_MS);
    if (!run(*audit, "PRAGMA synchronous=EXTRA"))
        return bt_audit_fail(*audit, "cannot be opened");
    return BAUTA_OK;
}

enum bauta_status bauta_audit_open(struct bauta_audit **audit, const char *path,
                                   const struct bauta_log *log)
{
    if (!audit || !path)
        return BAUTA_ERR_ARGUMENT;
    *audit = NULL;
    enum bauta_status status = check_path(path, log);
    if (status)
        return status;
    make_folders(path);
    status = make_file(path, log);
    if (!status)
        status = open_at(audit, path, SQLITE_OPEN_READWRITE, log);
    if (!status)
        status = prepare(*audit);
    if (status)
        bauta_audit_free(audit);
    return status;
}

enum bauta_status bauta_audit_open_existing(struct bauta_audit **audit, const char *path,
                                            const struct bauta_log *log)
{
    struct stat file;
    if (!audit || !path)
        return BAUTA_ERR_ARGUMENT;
    *audit = NULL;
    if (stat(path, &file) != 0)
        return bt_log_fail(log, errno == ENOENT ? BAUTA_ERR_NOT_FOUND : BAUTA_ERR_IO, "%s: %s",
                           path, strerror(errno));
    enum bauta_status status = check_path(path, log);
    /* Not read-only: a writer that was killed may have left something to roll back. */
    if (!status)
        status = open_at(audit, path, SQLITE_OPEN_READWRITE, log);
    if (!status && read_id(*audit))
        status = bt_log_fail(log, BAUTA_ERR_FORMAT, "%s: not an audit log, or a damaged one", path);
    if (status)
        bauta_audit_free(audit);
    return status;
}

void bauta_audit_free(struct bauta_audit **audit)
{
    if (!audit || !*audit)
        return;
    sqlite3_close((*audit)->database);
    free((*audit)->path);
    free(*audit);
    *audit = NULL;
}

/* The last row's number and hash, or what comes before the first. */
static enum bauta_status read_last(struct bauta_audit *audit, uint64_t *sequence,
                                   uint8_t hash[BT_HASH_SIZE])
{
    sqlite3_stmt *statement = NULL;
    enum bauta_status status = BAUTA_OK;
    *sequence = 0;
    int result = sqlite3_prepare_v2(
        audit->database, "SELECT sequence, hash FROM rows ORDER BY sequence DESC LIMIT 1", -1,
        &statement, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(statement);
    if (result == SQLITE_DONE) {
        status = bt_audit_first_hash(hash, audit);
    } else if (result != SQLITE_ROW) {
        status = bt_audit_fail(audit, "cannot be read");
    } else if (sqlite3_column_bytes(statement, 1) != BT_HASH_SIZE) {
        status = bt_log_fail(audit->log, BAUTA_ERR_TAMPERED, "%s: its last row was altered",
                             audit->path);
    } else {
        *sequence = (uint64_t)sqlite3_column_int64(statement, 0);
        memcpy(hash, sqlite3_column_blob(statement, 1), BT_HASH_SIZE);
    }
    sqlite3_finalize(statement);
    return status;
}

static enum bauta_status insert(struct bauta_audit *audit, const struct bauta_audit_row *row)
{
    static const char text[] =
        "INSERT INTO rows VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13)";
    const char *texts[BT_AUDIT_TEXTS];
    sqlite3_stmt *s = NULL;
    bt_audit_texts(texts, row);
    bool done = sqlite3_prepare_v2(audit->database, text, -1, &s, NULL) == SQLITE_OK &&
                sqlite3_bind_int64(s, 1, (sqlite3_int64)row->sequence) == SQLITE_OK &&
                sqlite3_bind_int64(s, 2, (sqlite3_int64)row->utc_ms) == SQLITE_OK;
    for (int i = 0; i < BT_AUDIT_TEXTS && done; i++)
        done = sqlite3_bind_text(s, 3 + i, texts[i], -1, SQLITE_STATIC) == SQLITE_OK;
    done = done &&
           sqlite3_bind_blob(s, 3 + BT_AUDIT_TEXTS, row->hash, BT_HASH_SIZE, SQLITE_STATIC) ==
               SQLITE_OK &&
           sqlite3_step(s) == SQLITE_DONE;
    enum bauta_status status = done ? BAUTA_OK : bt_audit_fail(audit, "cannot be written");
    sqlite3_finalize(s);
    return status;
}

static bool is_sound(const struct bauta_audit_row *row)
{
    const char *texts[BT_AUDIT_TEXTS];
    bt_audit_texts(texts, row);
    for (int i = 0; i < BT_AUDIT_TEXTS; i++)
        if (strlen(texts[i]) > BT_MAX_AUDIT_TEXT)
            return false;
    return *texts[2] && *texts[3]; /* action and outcome */
}

enum bauta_status bauta_audit_append(struct bauta_audit *audit, const struct bauta_audit_row *row)
{
    if (!audit || !row || !is_sound(row))
        return BAUTA_ERR_ARGUMENT;
    if (!run(audit, "BEGIN IMMEDIATE"))
        return bt_audit_fail(audit, "cannot be locked");
    struct bauta_audit_row next = *row;
    uint8_t before[BT_HASH_SIZE];
    enum bauta_status status = read_last(audit, &next.sequence, before);
    next.sequence++;
    if (!status)
        status = bt_audit_hash(next.hash, &next, before);
    if (!status)
        status = insert(audit, &next);
    if (!status && !run(audit, "COMMIT"))
        status = bt_audit_fail(audit, "cannot be written");
    if (status)
        run(audit, "ROLLBACK");
    else
        audit->last = next.sequence;
    return status;
}

uint64_t bauta_audit_last(const struct bauta_audit *audit)
{
    return audit->last;
}
