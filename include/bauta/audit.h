/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BAUTA_AUDIT_H
#define BAUTA_AUDIT_H

#include <bauta/key.h>

/*
 * A log of who made, asked for, granted, approved, saw and erased what: rows in an SQLite database,
 * each with a hash over itself and the row before, so that a row that is changed, removed or moved
 * breaks the chain. Rows taken off the end break it too, for whoever kept a head, the signed hash
 * of the last row at some time. Several processes may write at once; a row is on disk when
 * bauta_audit_append() has returned, or it is not there at all.
 */
struct bauta_audit;

/* One row. Texts are UTF-8, at most 4096 bytes each; NULL is "". */
struct bauta_audit_row {
    uint64_t sequence; /* from 1; set when read */
    uint64_t utc_ms;
    const char *who;     /* a person, as far as the system knows */
    const char *key;     /* key id of the key that was used */
    const char *action;  /* "recover", "grant" ... */
    const char *outcome; /* "begun", "done", "partial", "denied", "failed" */
    const char *what;    /* file, people, classes, time */
    const char *stream;  /* stream id */
    const char *why, *case_;
    const char *grant;             /* its id */
    const char *approved;          /* key ids of who approved */
    uint8_t hash[BAUTA_HASH_SIZE]; /* set when read */
};

/* Opens the log at `path`, and makes it, with its folder, readable for its owner alone, if it is
 * not there. It is a regular file: BAUTA_ERR_ARGUMENT for "", ":memory:" and "file:...",
 * BAUTA_ERR_IO for a link or a device; BAUTA_ERR_FORMAT: not a log; having said why. `log` is
 * borrowed until bauta_audit_free(). */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_audit_open(struct bauta_audit **audit, const char *path, const struct bauta_log *log);
/* The same, to read only; BAUTA_ERR_NOT_FOUND if it is not there. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_audit_open_existing(struct bauta_audit **audit,
                                                                       const char *path,
                                                                       const struct bauta_log *log);
BAUTA_API void bauta_audit_free(struct bauta_audit **audit);
/* Waits up to ten seconds for other writers. BAUTA_ERR_IO: nothing was written (a full disk, a lock
 * that stays); BAUTA_ERR_TAMPERED: the last row was altered. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_audit_append(struct bauta_audit *audit,
                                                                const struct bauta_audit_row *row);
/* The sequence number of the row that was last appended by way of `audit`; 0: none was. */
BAUTA_API uint64_t bauta_audit_last(const struct bauta_audit *audit);
/* Who runs this program, by the system: "alice@desk", or "alice as root@desk" if sudo tells. */
BAUTA_API void bauta_audit_who(char who[512]);

/* Calls `row` for every row in order, until it fails; checks nothing. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_audit_read(struct bauta_audit *audit,
                 enum bauta_status (*row)(void *user, const struct bauta_audit_row *row),
                 void *user);
/*
 * Follows the whole chain, and if `head` (the contents of a head's file) is given, past it, signed
 * by `signer`. BAUTA_ERR_TAMPERED, having said which row; BAUTA_ERR_FORMAT: not a head.
 * `*n_rows` counts those that are good.
 */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status bauta_audit_verify(struct bauta_audit *audit,
                                                                uint64_t *n_rows,
                                                                const char *head_path,
                                                                const struct bauta_signer *signer);
/* Signs the last row's hash into a new file, to be kept elsewhere. BAUTA_ERR_NOT_FOUND: no rows. */
BAUTA_API BAUTA_MUST_CHECK enum bauta_status
bauta_audit_sign_head(struct bauta_audit *audit, const char *path,
                      const struct bauta_signing_key *key, uint64_t utc_ms);

#endif
